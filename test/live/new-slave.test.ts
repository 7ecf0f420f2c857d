import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import type { Tidelock } from "./tidelock.ts";

const PROJECT = "tidelock-live-slave";
const TOPOLOGY = "live-slave";
const APP = `${PROJECT}/app`;

describeLive("a master and its slave", (rig) => {
  const { a, b } = rig;
  let tidelock: Tidelock;

  test("a bare slave is filled, and its project is made", async () => {
    await a.createProject(PROJECT);
    for (const tag of ["1", "2", "3"]) await a.push(APP, tag, `app ${tag}`);
    await a.push(`${PROJECT}/db`, "1", "db");
    tidelock = await rig.declare({
      topology: `name: ${TOPOLOGY}
    kind: master-slave
    master: a
    slaves: [b]
    content: { projects: [${PROJECT}] }
    heal: { settle: 1s }`,
    });
    await tidelock.judged();
    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.proven, ran.topology.healed], ran.out + ran.err).toEqual([0, true, 4]);
    expect([...(await b.tags(PROJECT))].toSorted()).toEqual([...(await a.tags(PROJECT))].toSorted());
    expect(await b.policies(TOPOLOGY)).toEqual([]);
  });

  test("what the slave lost is restored, what it has of its own is a notice, what it changed is a conflict", async () => {
    await rig.untilQuiet(TOPOLOGY);
    await b.deleteTag(APP, "1");
    await b.push(APP, "own", "of the slave");
    const changed = await b.push(APP, "2", "changed on the slave");
    await tidelock.judged();
    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.content.counts], ran.out + ran.err).toEqual([
      2,
      { conflict: 1, extra: 1 },
    ]);
    const tags = await b.tags(PROJECT);
    expect(tags.get(`${APP}:1`)).toBe((await a.tags(PROJECT)).get(`${APP}:1`));
    expect(tags.get(`${APP}:2`)).toBe(changed);
    expect((await a.tags(PROJECT)).has(`${APP}:own`)).toBe(false);
  });
});
