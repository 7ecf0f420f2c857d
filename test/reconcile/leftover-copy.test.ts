import { expect, test } from "vitest";
import { markOf } from "../../src/topology/mark.ts";
import { Scene, tagsOf } from "../support/scene.ts";

/** Enough for a copy that lasts. */
const TAGS = 400;

test("a copy that a killed pass began, and that ends while the next pass looks, leaves no temporary policy", async () => {
  await using scene = await Scene.create({ registries: { a: "2.7", b: "2.7" } });
  await scene.pass();
  scene.sandbox("a").push("library/app", "v1");
  await scene.rest();
  await scene.pass();
  await scene.down("a");
  const seed = "the same content";
  for (let i = 0; i < TAGS; i += 1) scene.sandbox("b").push("library/app", `v2.${i}`, { seed });
  await scene.rest();
  await scene.up("a");
  const [policy] = await scene.port("b").replicationPolicies();
  if (policy === undefined) throw new Error("there is a policy");
  const temporary = await scene.port("b").createReplicationPolicy({
    ...policy,
    name: `${policy.name}.heal-0123456789ab`,
    description: markOf("test"),
    trigger: { kind: "manual", cron: "" },
  });
  await scene.port("b").startExecution(temporary);
  // Its task runs by now, and for some seconds.
  scene.clock.advance(300);
  scene.world.catchUp();

  expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
  expect(tagsOf(scene.sandbox("a"))).toEqual(tagsOf(scene.sandbox("b")));
  expect((await scene.port("b").replicationPolicies()).map(({ name }) => name)).toEqual([policy.name]);
});
