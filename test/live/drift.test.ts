import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";

const PROJECT = "tidelock-live-drift";
const TOPOLOGY = "live-drift";

describeLive("configuration that somebody else changed", (rig) => {
  const { a, b } = rig;
  const topology = `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }`;

  test("a policy that was switched off is reported, left off, and switched on only when that is declared", async () => {
    await a.createProject(PROJECT);
    const tidelock = await rig.declare({ topology });
    expect((await tidelock.run("reconcile")).code).toBe(0);
    const [policy] = await b.policies(TOPOLOGY);
    await b.port.updateReplicationPolicy({ ...policy!, enabled: false });

    const ran = await tidelock.json("reconcile");
    expect(ran.code, ran.out).toBe(2);
    expect(ran.topology.configuration.actions).toEqual([]);
    expect(ran.topology.configuration.findings).toEqual([
      expect.objectContaining({ message: expect.stringContaining("tidelock.live-drift.b-to-a") as string }),
    ]);
    expect((await b.policies(TOPOLOGY))[0]?.enabled).toBe(false);

    const enforcing = await rig.declare({ topology: `${topology}\n    enforceEnabled: true` });
    const enforced = await enforcing.json("reconcile");
    expect(enforced.code, enforced.out + enforced.err).toBe(0);
    expect((await b.policies(TOPOLOGY))[0]?.enabled).toBe(true);
  });

  test("a changed policy is put right field by field", async () => {
    const tidelock = await rig.declare({ topology });
    const [policy] = await a.policies(TOPOLOGY);
    await a.port.updateReplicationPolicy({ ...policy!, override: false, filters: [] });
    const plan = await tidelock.json("plan");
    expect(plan.topology.actions.map(({ kind, registry }) => [registry, kind])).toEqual([
      ["a", "update-policy"],
    ]);
    expect((await tidelock.run("reconcile")).code).toBe(0);
    expect((await a.policies(TOPOLOGY))[0]).toEqual(policy);
    expect((await tidelock.run("plan")).code).toBe(0);
  });
});
