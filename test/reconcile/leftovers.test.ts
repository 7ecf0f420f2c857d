import { describe, expect, test } from "vitest";
import { markOf } from "../../src/topology/mark.ts";
import { switchOff } from "../../src/heal/switched-off.ts";
import { Scene, tagsOf } from "../support/scene.ts";

const NEVER = new AbortController().signal;

async function gap(profile: "2.7" | "2.9" | "2.16" = "2.9"): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: profile, b: profile } });
  await scene.pass();
  scene.sandbox("a").push("library/app", "v1");
  await scene.rest();
  await scene.pass();
  await scene.down("a");
  scene.sandbox("b").push("library/app", "v2");
  scene.clock.advance(1000);
  scene.world.catchUp();
  await scene.up("a");
  return scene;
}

async function policyNames(scene: Scene, name: string): Promise<string[]> {
  return (await scene.port(name).replicationPolicies()).map((policy) => policy.name);
}

describe("what a killed pass left behind", () => {
  test("a policy that we switched off is switched on again, with its old description", async () => {
    await using scene = await gap();
    const [policy] = await scene.port("b").replicationPolicies();
    if (policy === undefined) throw new Error("there is a policy");
    await switchOff(scene.port("b"), policy, NEVER);
    expect(await scene.port("b").replicationPolicy(policy.id)).toMatchObject({ enabled: false });
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(await scene.port("b").replicationPolicy(policy.id)).toEqual(policy);
  });

  test("one that can't be switched on at once is switched on all the same, and what failed is told", async () => {
    await using scene = await gap();
    const b = scene.sandbox("b");
    const [policy] = await scene.port("b").replicationPolicies();
    if (policy === undefined) throw new Error("there is a policy");
    await switchOff(scene.port("b"), policy, NEVER);
    b.faults.fail(500, { method: "PUT", path: /replication\/policies\//, from: "client", times: 1 });
    const report = await scene.pass();
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(await scene.port("b").replicationPolicy(policy.id)).toEqual(policy);
    expect(report.warnings.join()).toContain(`${policy.name} could not be switched on again`);
    expect(report.configuration?.plan.findings).toEqual([]);
  });

  test("one that can't be switched on does not keep the others", async () => {
    await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9", c: "2.9" }, front: "memory" });
    await scene.pass();
    const b = scene.port("b");
    const policies = await b.replicationPolicies();
    for (const policy of policies) await switchOff(b, policy, NEVER);
    const states = async (): Promise<boolean[]> =>
      (await b.replicationPolicies()).map(({ enabled }) => enabled);
    expect(await states()).toEqual([false, false]);
    const first = new RegExp(`replication/policies/${policies[0]?.id ?? ""}$`);
    scene.sandbox("b").faults.fail(500, { method: "PUT", path: first, from: "client", times: 1 });
    await scene.pass({ configure: false });
    expect(await states()).toEqual([false, true]);
    await scene.pass({ configure: false });
    expect(await b.replicationPolicies()).toEqual(policies);
  });

  test("one that somebody else switched off stays off, and is told", async () => {
    await using scene = await gap();
    const [policy] = await scene.port("b").replicationPolicies();
    if (policy === undefined) throw new Error("there is a policy");
    await scene.port("b").updateReplicationPolicy({ ...policy, enabled: false });
    const report = await scene.pass();
    expect(report.verdict).toBe("not-in-step");
    expect(report.configuration?.plan.findings.map(({ kind }) => kind)).toEqual(["disabled"]);
    expect(await scene.port("b").replicationPolicy(policy.id)).toMatchObject({ enabled: false });
    expect(tagsOf(scene.sandbox("a"))).toEqual(tagsOf(scene.sandbox("b")));
  });

  test("a temporary policy is removed, also without the gap that it was for", async () => {
    await using scene = await gap();
    const [policy] = await scene.port("b").replicationPolicies();
    if (policy === undefined) throw new Error("there is a policy");
    const temporary = { ...policy, name: `${policy.name}.heal-0123456789ab`, description: markOf("test") };
    await scene.port("b").createReplicationPolicy({ ...temporary, trigger: { kind: "manual", cron: "" } });
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(await policyNames(scene, "b")).toEqual([policy.name]);
  });

  test("one that can't be removed is told, and does not keep the others", async () => {
    await using scene = await gap();
    const [policy] = await scene.port("b").replicationPolicies();
    if (policy === undefined) throw new Error("there is a policy");
    const ids: number[] = [];
    for (const hash of ["0123456789ab", "123456789abc"]) {
      const trigger = { kind: "manual", cron: "" } as const;
      ids.push(
        await scene
          .port("b")
          .createReplicationPolicy({ ...policy, name: `${policy.name}.heal-${hash}`, trigger }),
      );
    }
    scene
      .sandbox("b")
      .faults.fail(500, { method: "DELETE", path: new RegExp(`policies/${ids[0] ?? ""}$`), from: "client" });
    const report = await scene.pass();
    expect(await policyNames(scene, "b")).toEqual([policy.name, `${policy.name}.heal-0123456789ab`]);
    expect(report.warnings.join()).toContain(`${policy.name}.heal-0123456789ab could not be removed`);
  });

  test("one of another installation is not touched", async () => {
    await using scene = await gap();
    const [policy] = await scene.port("b").replicationPolicies();
    if (policy === undefined) throw new Error("there is a policy");
    const name = `${policy.name}.heal-0123456789ab`;
    const foreign = {
      ...policy,
      name,
      description: markOf("other"),
      trigger: { kind: "manual", cron: "" } as const,
    };
    await scene.port("b").createReplicationPolicy(foreign);
    await scene.pass();
    expect(await policyNames(scene, "b")).toContain(name);
  });
});

describe("an execution that Harbor counts as running for ever", () => {
  test.each(["2.9", "2.16"] as const)(
    "its policy is disarmed, told, and removed once Harbor allows it (%s)",
    async (profile) => {
      await using scene = await gap(profile);
      const b = scene.sandbox("b");
      let restarted = false;
      const off = b.onRequest(({ method, path }) => {
        if (restarted || method !== "DELETE" || !path.includes("/replication/policies/")) return;
        restarted = true;
        b.restart({ loseQueue: true });
      });
      const report = await scene.pass();
      off();
      expect(restarted).toBe(true);
      expect(report).toMatchObject({ verdict: "in-step", proven: true });
      expect(tagsOf(scene.sandbox("a"))).toEqual(tagsOf(b));
      const [, left] = await scene.port("b").replicationPolicies();
      expect(report.warnings.join()).toContain(left?.name ?? "a temporary policy");
      expect(left).toMatchObject({ enabled: false, filters: [{ kind: "name", value: "TIDELOCK/NOTHING" }] });
      const writes = scene.writes();
      await scene.pass();
      expect(scene.writes() - writes).toBeLessThanOrEqual(1);
      scene.clock.advance(9 * 24 * 3_600_000);
      scene.world.catchUp();
      await scene.pass();
      expect(await policyNames(scene, "b")).toEqual(["tidelock.east.b-to-a"]);
    },
  );
});
