import { expect, test } from "vitest";
import { Scene } from "../support/scene.ts";

test("a guard that was asked for withholds, tells it, and changes nothing", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  expect((await scene.pass({ guard: "create-only" })).verdict).toBe("in-step");
  const [policy] = await scene.port("a").replicationPolicies();
  if (policy === undefined) throw new Error("there is a policy");
  await scene.port("a").updateReplicationPolicy({ ...policy, override: false });
  const guarded = await scene.pass({ guard: "create-only" });
  expect(guarded.verdict).toBe("not-in-step");
  expect(guarded.configuration?.withheld.map(({ action }) => action.kind)).toEqual(["update-policy"]);
  expect(await scene.port("a").replicationPolicy(policy.id)).toMatchObject({ override: false });
  expect((await scene.pass({ guard: "no-delete" })).verdict).toBe("in-step");
  expect(await scene.port("a").replicationPolicy(policy.id)).toMatchObject({ override: true });
});
