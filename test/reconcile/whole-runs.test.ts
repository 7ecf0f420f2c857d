import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/parity/model.ts";
import { judgeAccessories } from "../../src/parity/judge-accessories.ts";
import type { ContentReport } from "../../src/reconcile/report.ts";
import { whyNotWhole } from "../../src/reconcile/whole-runs.ts";
import { digestOf } from "../support/digests.ts";
import { Scene, tagsOf } from "../support/scene.ts";

const APP = "library/app";
const FLOW = { from: "b", to: "a" } as Parameters<typeof whyNotWhole>[0];

/** Two masters in step on a tag; then the push of one to it is lost by Harbor, and the other pushes while the first is down. */
async function overtaken(): Promise<{
  readonly scene: Scene;
  readonly lost: string;
  readonly newer: string;
}> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  await scene.pass();
  scene.sandbox("a").push(APP, "t");
  await scene.rest();
  await scene.pass();
  scene.sandbox("a").faults.loseNextEvents(1);
  const lost = scene.sandbox("a").push(APP, "t");
  await scene.rest();
  await scene.down("a");
  const newer = scene.sandbox("b").push(APP, "t");
  await scene.rest();
  await scene.up("a");
  return { scene, lost, newer };
}

describe("a whole run", () => {
  test.each(["retrigger", "toggle"] as const)(
    "%s keeps what it overwrites, where that may be missed",
    async (remedy) => {
      const { scene, lost, newer } = await overtaken();
      await using _ = scene;
      const report = await scene.pass({ remedy });
      expect(report.remedies.map(({ result }) => result)).toEqual(["arrived"]);
      const onA = tagsOf(scene.sandbox("a"));
      expect(onA[`${APP}:t`]).toBe(newer);
      expect(Object.values(onA)).toContain(lost);
      expect((await scene.store.rescues.of(scene.topology.name)).map(({ digest }) => digest)).toEqual([lost]);
    },
  );

  test("reads back what it came over, and keeps it", async () => {
    const { scene } = await overtaken();
    await using _ = scene;
    let during: string | undefined;
    const off = scene.sandbox("b").onRequest(({ method, path }) => {
      if (method !== "POST" || !path.endsWith("/replication/executions")) return;
      off();
      scene.sandbox("a").faults.loseNextEvents(1);
      during = scene.sandbox("a").push(APP, "t");
    });
    const report = await scene.pass({ remedy: "retrigger" });
    expect(during).toBeDefined();
    const standing = ["a", "b"].flatMap((name) => Object.values(tagsOf(scene.sandbox(name))));
    expect(standing).toContain(during);
    expect(report.remedies.flatMap(({ displaced }) => displaced ?? []).map(({ digest }) => digest)).toContain(
      during,
    );
  });

  test("is not begun where what it rests on changed meanwhile", async () => {
    const { scene } = await overtaken();
    await using _ = scene;
    let pushed: string | undefined;
    let listings = 0;
    const off = scene.sandbox("a").onRequest(({ path }) => {
      if (!path.endsWith("/repositories/app/artifacts")) return;
      listings += 1;
      // The first one is the comparison, the second one the look right before the run.
      if (listings < 2) return;
      off();
      pushed = scene.sandbox("a").push(APP, "t");
    });
    const report = await scene.pass({ remedy: "retrigger" });
    expect(report.remedies[0]?.result).toBe("outdated");
    expect(tagsOf(scene.sandbox("a"))[`${APP}:t`]).toBe(pushed);
    expect(await scene.store.overwrites.of(scene.topology.name)).toEqual([]);
  });

  test("is withheld where it would bring what the operator wants only reported", async () => {
    await using scene = await Scene.create({
      registries: { a: "2.9", b: "2.9" },
      heal: { firstContact: "report" },
    });
    scene.sandbox("b").push(APP, "old");
    await scene.rest();
    await scene.pass();
    await scene.down("a");
    scene.sandbox("b").push(APP, "fresh");
    await scene.rest();
    await scene.up("a");
    const report = await scene.pass({ remedy: "retrigger" });
    expect(report.remedies.map(({ result, reason }) => [result, reason])).toEqual([
      ["withheld", expect.stringContaining(`${APP}:old (unproven)`)],
    ]);
    expect(tagsOf(scene.sandbox("a"))).toEqual({});
  });
});

function content(found: readonly Finding[], { unread = [] }: { unread?: [] } = {}): ContentReport {
  const pair = {
    left: "a",
    right: "b",
    findings: found,
    unread,
    tags: 1,
    inStep: 1,
    readAt: 0,
    requests: { left: 0, right: 0 },
  };
  return { pairs: [pair], rewound: [], warnings: [], zombies: [] };
}

function stale(tag: string): Finding {
  const [left, right] = [digestOf("old"), digestOf(tag)];
  return {
    kind: "stale",
    repository: APP,
    tag,
    left,
    right,
    from: "b",
    to: "a",
    replaces: left,
    reason: "",
    notice: false,
  };
}

describe("why not a whole run", () => {
  test("because of what was withheld, and not because of what may be copied", () => {
    const [one, other] = [stale("one"), stale("other")];
    expect(whyNotWhole(FLOW, content([one, other]), [one, other])).toBeUndefined();
    expect(whyNotWhole(FLOW, content([one, other]), [one])).toContain(`${APP}:other (stale)`);
  });

  test("because of signatures on both sides, of which it would put one over the other", () => {
    const torn = judgeAccessories({
      repository: APP,
      tag: "t",
      subject: digestOf("x"),
      from: "a",
      to: "b",
      lacking: [{ digest: digestOf("s"), type: "signature.cosign", attachedAt: 1, inFlight: "no" }],
      torn: [{ tag: "sha256-x.sig", digest: digestOf("s"), isAhead: false }],
    });
    expect(torn).toHaveLength(1);
    expect(whyNotWhole(FLOW, content(torn), [])).toContain(`${APP}:t (accessory)`);
  });

  test("not because of what only the target has", () => {
    const extra: Finding = {
      kind: "unproven",
      repository: APP,
      tag: "mine",
      left: digestOf("x"),
      reason: "",
      notice: false,
    };
    expect(whyNotWhole(FLOW, content([extra]), [])).toBeUndefined();
    const back: Finding = {
      kind: "unproven",
      repository: APP,
      tag: "theirs",
      right: digestOf("x"),
      reason: "",
      notice: false,
    };
    expect(whyNotWhole(FLOW, content([back]), [])).toContain(`${APP}:theirs (unproven)`);
  });
});
