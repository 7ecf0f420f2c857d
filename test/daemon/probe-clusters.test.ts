import { expect, test } from "vitest";
import { createProbeRunner, probeClusters, type ProbeForm } from "../../src/daemon/probe-clusters.ts";
import { AppError } from "../../src/errors.ts";
import { collectingLog } from "../support/collecting-log.ts";
import { declaredCluster } from "../support/declared-cluster.ts";

/** Probes that end when they are told to. */
function byHand() {
  const begun: ProbeForm[] = [];
  const ends: { readonly ok: () => void; readonly fail: (error: Error) => void }[] = [];
  let atOnce = 0;
  let most = 0;
  const probe = async (form: ProbeForm, signal: AbortSignal): Promise<void> => {
    begun.push(form);
    most = Math.max(most, (atOnce += 1));
    try {
      await new Promise<void>((ok, fail) => {
        ends.push({ ok, fail });
        signal.addEventListener("abort", () => fail(new AppError("CANCELLED", "stopped")));
      });
    } finally {
      atOnce -= 1;
    }
  };
  return {
    begun,
    probe,
    most: () => most,
    end: () => ends.shift()?.ok(),
    fail: (e: Error) => ends.shift()?.fail(e),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("never two probes of a cluster at once, and of what is wished meanwhile the full form wins", async () => {
  const hand = byHand();
  const runner = createProbeRunner(hand.probe, collectingLog().log);
  runner.wish("small");
  runner.wish("small");
  runner.wish("full");
  runner.wish("small");
  expect(hand.begun).toEqual(["small"]);
  hand.end();
  await turn();
  expect(hand.begun).toEqual(["small", "full"]);
  hand.end();
  await runner.idle();
  expect([hand.begun, hand.most()]).toEqual([["small", "full"], 1]);
});

test("what a full probe proves anyway is not proven again after it", async () => {
  const hand = byHand();
  const runner = createProbeRunner(hand.probe, collectingLog().log);
  runner.wish("full");
  runner.wish("small");
  runner.wish("full");
  hand.end();
  await runner.idle();
  expect(hand.begun).toEqual(["full"]);
});

test("a probe that fails is told and stops nothing; one that another Tidelock makes is no failure", async () => {
  const hand = byHand();
  const { log, lines } = collectingLog();
  const runner = createProbeRunner(hand.probe, log);
  runner.wish("small");
  hand.fail(new AppError("HARBOR_FORBIDDEN", "not allowed"));
  await runner.idle();
  runner.wish("full");
  hand.fail(new AppError("ALREADY_RUNNING", "somebody"));
  await runner.idle();
  runner.wish("small");
  hand.end();
  await runner.idle();
  expect(hand.begun).toEqual(["small", "full", "small"]);
  expect(lines.map((line) => line["msg"])).toEqual(["probe failed", "not probed: somebody else is at it"]);
});

test("each cluster has crons of its own, is looked at when the daemon starts, and is let go when it stops", async () => {
  const hand = byHand();
  const crons = new Map<string, () => void>();
  const cluster = declaredCluster({ small: "0 * * * * *", full: "30 0 * * * *" });
  const stop = probeClusters({
    clusters: [cluster],
    probe: (_, form, signal) => hand.probe(form, signal),
    log: collectingLog().log,
    schedule: (expression, tick) => {
      crons.set(expression, tick);
      return () => Promise.resolve(void crons.delete(expression));
    },
  });
  expect([...crons.keys()].toSorted()).toEqual(["0 * * * * *", "30 0 * * * *"]);
  expect(hand.begun).toEqual(["small"]);
  crons.get("30 0 * * * *")?.();
  hand.end();
  await turn();
  expect(hand.begun).toEqual(["small", "full"]);
  await stop();
  expect(crons.size).toBe(0);
});
