import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import type { Tidelock } from "./tidelock.ts";

const PROJECT = "tidelock-live-cures";
const TOPOLOGY = "live-cures";
const APP = `${PROJECT}/app`;

describeLive("the cures by hand, and the same as remedies", (rig) => {
  const { a, b } = rig;
  let tidelock: Tidelock;

  const toggle = async (): Promise<void> => {
    const [policy] = await b.policies(TOPOLOGY);
    await b.port.updateReplicationPolicy({ ...policy!, enabled: false });
    await b.port.updateReplicationPolicy(policy!);
  };

  test("a gap stays when the replication policy is switched off and on", async () => {
    await a.createProject(PROJECT);
    tidelock = await rig.declare({
      topology: `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }
    heal: { settle: 1s }`,
    });
    expect((await tidelock.run("reconcile")).code).toBe(0);
    for (const tag of ["moved", "deleted", "kept"]) await a.push(APP, tag, `${tag} of a`);
    await rig.untilEqual(PROJECT);
    await rig.untilQuiet(TOPOLOGY);
    expect((await tidelock.run("reconcile")).code).toBe(0);
    await rig.outageOfA(TOPOLOGY, 1, async () => {
      await b.push(APP, "toggled", "toggled");
    });
    const before = (await b.executions(TOPOLOGY)).map(({ id }) => id);
    await toggle();
    // An event after the switching, copied: whatever the switching might have started came before it.
    await b.push(`${PROJECT}/marker`, "1", "marker");
    await expect
      .poll(async () => (await a.tags(PROJECT)).has(`${PROJECT}/marker:1`), { timeout: 60_000 })
      .toBe(true);
    const since = (await b.executions(TOPOLOGY)).filter(({ id }) => !before.includes(id));
    expect(since.map(({ trigger, total }) => [trigger, total])).toEqual([["event_based", 1]]);
    expect((await a.tags(PROJECT)).has(`${APP}:toggled`)).toBe(false);
  });

  test.each(["toggle", "retrigger"])("--remedy %s heals by a whole run", async (remedy) => {
    if (remedy === "retrigger") {
      await rig.outageOfA(TOPOLOGY, 1, async () => {
        await b.push(APP, "retriggered", "retriggered");
      });
    }
    const ran = await tidelock.json("reconcile", "--remedy", remedy);
    expect(
      ran.topology.remedies.map(({ kind, result }) => [kind, result]),
      ran.err,
    ).toEqual([[remedy, "arrived"]]);
    expect([ran.code, ran.topology.proven, ran.topology.healed], ran.out + ran.err).toEqual([0, true, 1]);
    for (const side of [a, b]) {
      expect(
        (await side.policies(TOPOLOGY)).map(({ enabled, description }) => [enabled, description]),
      ).toEqual([[true, expect.not.stringContaining("switched off")]]);
    }
  });

  test("a whole run by hand in the wrong direction loses the moved tag and brings back the deleted one", async () => {
    const survivor = { moved: "" };
    await rig.outageOfA(TOPOLOGY, 1, async () => {
      survivor.moved = await b.push(APP, "moved", "moved on b");
      await b.deleteTag(APP, "deleted");
    });
    const [policy] = await a.policies(TOPOLOGY);
    const old = (await a.tags(PROJECT)).get(`${APP}:moved`);
    await a.port.startExecution(policy!.id);
    await expect.poll(async () => (await b.tags(PROJECT)).get(`${APP}:moved`), { timeout: 60_000 }).toBe(old);
    expect((await b.tags(PROJECT)).has(`${APP}:deleted`)).toBe(true);
    expect(old).not.toBe(survivor.moved);
  });
});
