import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import type { Tidelock } from "./tidelock.ts";

const PROJECT = "tidelock-live-first";
const CLASH = "tidelock-live-clash";
const TOPOLOGY = "live-first";
const APP = `${PROJECT}/app`;

describeLive("first contact after an outage, with no store", (rig) => {
  const { a, b } = rig;
  let tidelock: Tidelock;

  test("a tag that differs where nothing is known is a conflict, and left alone", async () => {
    await Promise.all([a.createProject(CLASH), b.createProject(CLASH)]);
    const left = await a.push(`${CLASH}/app`, "1", "a's own");
    const right = await b.push(`${CLASH}/app`, "1", "b's own");
    await a.createProject(PROJECT);
    tidelock = await rig.declare({
      topology: `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}, ${CLASH}] }
    heal: { settle: 1s }`,
    });
    await tidelock.judged();
    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.content.counts], ran.out + ran.err).toEqual([2, { conflict: 1 }]);
    expect((await a.tags(CLASH)).get(`${CLASH}/app:1`)).toBe(left);
    expect((await b.tags(CLASH)).get(`${CLASH}/app:1`)).toBe(right);
  });

  test("what the survivor got is told by executions that died, what was deleted there by its log", async () => {
    for (const tag of ["kept", "moved", "deleted"]) await a.push(APP, tag, `${tag} of a`);
    await rig.untilEqual(PROJECT);
    await rig.untilQuiet(TOPOLOGY);
    const survivor = { moved: "", added: "" };
    await rig.outageOfA(TOPOLOGY, 2, async () => {
      survivor.moved = await b.push(APP, "moved", "moved on b");
      survivor.added = await b.push(APP, "added", "added on b");
      await b.deleteTag(APP, "deleted");
    });
    await tidelock.forget();

    const diff = await tidelock.json("diff");
    expect(
      diff.topology.findings
        .map(({ kind, repository, tag, from, to }) => `${kind} ${repository}:${tag} ${from} ${to}`)
        .toSorted(),
    ).toEqual([
      `conflict ${CLASH}/app:1 null null`,
      `deleted ${APP}:deleted null null`,
      `stale ${APP}:moved b a`,
      `unproven ${APP}:added b a`,
    ]);
    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.content.counts], ran.out + ran.err).toEqual([
      2,
      { conflict: 1, deleted: 1 },
    ]);
    expect(ran.topology.healed).toBe(2);
    const [left, right] = await Promise.all([a.tags(PROJECT), b.tags(PROJECT)]);
    expect(left.delete(`${APP}:deleted`)).toBe(true);
    expect([...left].toSorted()).toEqual([...right].toSorted());
    expect(left.get(`${APP}:moved`)).toBe(survivor.moved);
    expect(left.get(`${APP}:added`)).toBe(survivor.added);
    expect(left.size).toBe(3);
  });

  test("the conflict is still as it was, and nothing is left to heal", async () => {
    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.healed, ran.topology.content.counts], ran.err).toEqual([
      2,
      0,
      { conflict: 1, deleted: 1 },
    ]);
    const [left, right] = await Promise.all([a.tags(CLASH), b.tags(CLASH)]);
    expect(left).not.toEqual(right);
  });
});
