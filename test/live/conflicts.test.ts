import { expect, test } from "vitest";
import { describeLive, type LiveRig } from "./describe-live.ts";
import { separateAccounts } from "./people.ts";
import type { Tidelock } from "./tidelock.ts";
import { passed } from "./until.ts";

const PROJECT = "tidelock-live-conflicts";
const APP = `${PROJECT}/app`;
const TOPOLOGY = "live-conflicts";

function declaration(conflicts: string): string {
  return `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }
    trigger: manual
    heal: { conflicts: ${conflicts}, settle: 1s }`;
}

/** Harbor copies nothing by itself here, so that both sides can move a tag without each other. */
async function bothMove({ a, b }: LiveRig, tag: string): Promise<{ older: string; newer: string }> {
  const older = await a.push(APP, tag, `${tag} again, of a`);
  await passed(4);
  const newer = await b.push(APP, tag, `${tag} again, of b`);
  return { older, newer };
}

describeLive("conflicts", (rig) => {
  const { a, b } = rig;
  const tidelocks = new Map<string, Tidelock>();

  test("both in step first", async () => {
    const accounts = await separateAccounts(rig);
    for (const choice of ["report", "newest", "{ prefer: a }"]) {
      tidelocks.set(choice, await rig.declare({ ...accounts, topology: declaration(choice) }));
    }
    await a.createProject(PROJECT);
    for (const tag of ["report", "newest", "prefer", "kept"]) await a.push(APP, tag, `${tag} of a`);
    // Each has a store of its own, and each must have seen them agree.
    for (const tidelock of tidelocks.values()) {
      await passed(1.5);
      const ran = await tidelock.json("reconcile");
      expect([ran.code, ran.topology.proven], ran.out + ran.err).toEqual([0, true]);
    }
  });

  test("report: nothing is overwritten, health is critical", async () => {
    await bothMove(rig, "report");
    await passed(1.5);
    const tidelock = tidelocks.get("report")!;
    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.content.counts], ran.out + ran.err).toEqual([2, { conflict: 1 }]);
    expect((await tidelock.run("health")).out).toMatch(/^CRITICAL .*need a decision/);
  });

  test("resolve keep-right: b's goes over a's, which is kept under a rescue tag and can be removed", async () => {
    const tidelock = tidelocks.get("report")!;
    const before = await a.tags(PROJECT);
    const decided = await tidelock.run("resolve", TOPOLOGY, `${APP}:report`, "keep-right");
    expect(decided.code, decided.out + decided.err).toBe(0);
    const ran = await tidelock.json("heal");
    expect([ran.code, ran.topology.proven], ran.out + ran.err).toEqual([0, true]);
    const [left, right] = await Promise.all([a.tags(PROJECT), b.tags(PROJECT)]);
    expect(left.get(`${APP}:report`)).toBe(right.get(`${APP}:report`));
    const lost = before.get(`${APP}:report`)!;
    const rescued = [...left].find(([name, digest]) => name.includes(":tidelock-rescue-") && digest === lost);
    expect(rescued, [...left.keys()].join(" ")).toBeDefined();
    expect((await tidelock.run("rescues")).out).toContain(lost.slice(7, 19));
    const removed = await tidelock.run("rescues", "--remove", lost);
    expect(removed.code, removed.out + removed.err).toBe(0);
    expect([...(await a.tags(PROJECT)).keys()].filter((name) => name.includes("tidelock-rescue"))).toEqual(
      [],
    );
  });

  test("newest: what a person wrote last wins", async () => {
    const { newer } = await bothMove(rig, "newest");
    await passed(1.5);
    const ran = await tidelocks.get("newest")!.json("heal");
    expect([ran.code, ran.topology.proven], ran.out + ran.err).toEqual([0, true]);
    for (const side of [a, b]) expect((await side.tags(PROJECT)).get(`${APP}:newest`)).toBe(newer);
  });

  test("prefer: the named registry wins, though the other one wrote later", async () => {
    const { older, newer } = await bothMove(rig, "prefer");
    await passed(1.5);
    const ran = await tidelocks.get("{ prefer: a }")!.json("heal");
    const tags = await Promise.all([a.tags(PROJECT), b.tags(PROJECT)]);
    expect(
      tags.map((side) => side.get(`${APP}:prefer`)),
      ran.out + ran.err,
    ).toEqual([older, older]);
    expect([...tags[1]].some(([name, digest]) => name.includes("rescue") && digest === newer)).toBe(true);
  });
});
