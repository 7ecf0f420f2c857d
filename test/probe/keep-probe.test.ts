import { expect, test } from "vitest";
import { keepProbe, keepSilence } from "../../src/probe/keep-probe.ts";
import { readKeptProbe } from "../../src/probe/probe-json.ts";
import { openStore } from "../../src/store/embedded/open.ts";
import type { Store } from "../../src/store/store.ts";
import { faultOf, probeReport } from "../support/probe-report.ts";

const MINUTE = 60_000;

/** A store in memory, and probes that end one a minute. */
async function kept() {
  const store: Store = await openStore({ path: ":memory:", isAlive: () => false, warn: () => undefined });
  let at = Date.UTC(2026, 0, 1);
  return {
    store,
    probe: async (...report: Parameters<typeof probeReport>): Promise<number> => {
      at += MINUTE;
      await keepProbe(store, { ...probeReport(...report), finishedAt: at });
      return at;
    },
    open: async () => (await store.incidents.openOf("ha")).map(({ kind, subject }) => `${kind} ${subject}`),
    texts: async (id: number) =>
      (await store.incidents.get(id))?.entries.map(({ kind, text }) => `${kind}: ${text}`) ?? [],
  };
}

test("the last probe is there again, as far as health and status ask for it", async () => {
  const { store, probe } = await kept();
  const at = await probe([faultOf("token-key")], ["secretkey"]);
  const last = await store.passes.latest("ha");
  expect(last?.at).toBe(at);
  expect(readKeptProbe(last?.report)).toEqual({
    form: "small",
    sound: false,
    faults: [{ name: "token-key", nodes: ["n2"] }],
    untested: ["secretkey"],
    p95Ms: 31,
  });
});

test.each([[undefined], [null], [7], [{}], [{ form: "small" }], [{ form: "big", sound: true }], [[]]])(
  "what is no probe is none: %j",
  (value) => {
    expect(readKeptProbe(value)).toBeUndefined();
  },
);

test("a fault opens one incident, which tells nothing twice, and closes when a probe that tests for it finds it gone", async () => {
  const { store, probe, open, texts } = await kept();
  await probe([faultOf("token-key"), faultOf("redis")]);
  await probe([faultOf("token-key"), faultOf("redis", { evidence: ["and another thing"] })]);
  expect(await open()).toEqual(["fault token-key", "fault redis"]);
  expect(await texts(1)).toEqual([
    "opened: token-key differs (certain)",
    "evidence: n1 refuses what n2 made",
    "evidence: look at the file of token-key",
  ]);
  expect(await texts(2)).toContain("evidence: and another thing");
  const at = await probe([], ["redis"]);
  expect(await open()).toEqual(["fault redis"]);
  const closed = await store.incidents.get(1);
  expect(closed?.incident.closedAt).toBe(at);
  expect(closed?.entries.map(({ kind }) => kind).slice(-2)).toEqual(["proof", "closed"]);
  await probe([]);
  expect(await open()).toEqual([]);
  await probe([faultOf("redis")]);
  expect((await store.incidents.list(9)).map(({ id, subject }) => [id, subject])[0]).toEqual([3, "redis"]);
});

test("planned maintenance opens nothing, and what is open goes on", async () => {
  const { store, probe, open, texts } = await kept();
  await probe([faultOf("clock")]);
  await store.pauses.begin({ name: "ha", from: Date.UTC(2026, 0, 1) });
  await probe([faultOf("clock", { evidence: ["30 s apart"] }), faultOf("realm")]);
  expect(await open()).toEqual(["fault clock"]);
  expect(await texts(1)).toContain("evidence: 30 s apart");
  await store.pauses.end("ha");
  await probe([faultOf("realm")]);
  expect(await open()).toEqual(["fault realm"]);
});

test("a fault whose numbers change with each probe does not fill the store", async () => {
  const { probe, open, texts } = await kept();
  for (let i = 0; i < 80; i += 1) await probe([faultOf("clock", { evidence: [`${i} s apart`] })]);
  expect((await texts(1)).length).toBeLessThanOrEqual(51);
  await probe([]);
  expect(await open()).toEqual([]);
});

test("a cluster of which nobody answers has an incident too, which ends when it is probed again", async () => {
  const { store, probe, open, texts } = await kept();
  for (const at of [1, 2]) await keepSilence(store, "ha", "no node answers", Date.UTC(2026, 0, 1, 0, at));
  expect(await open()).toEqual(["fault core-down"]);
  expect(await texts(1)).toEqual(["opened: no node answers"]);
  await probe([]);
  expect(await open()).toEqual([]);
  await store.pauses.begin({ name: "ha", from: 0 });
  await keepSilence(store, "ha", "no node answers", Date.UTC(2026, 0, 2));
  expect(await open()).toEqual([]);
});
