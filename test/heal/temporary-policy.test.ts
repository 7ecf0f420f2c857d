import { expect, test } from "vitest";
import { adoptOrCreate } from "../../src/heal/temporary-policy.ts";
import type { FlowContext } from "../../src/heal/context.ts";
import { scopedRemedy } from "../../src/failback/remedies.ts";
import { digestOf } from "../support/digests.ts";
import { Scene } from "../support/scene.ts";

const REMEDY = scopedRemedy({ from: "a", to: "b", repository: "library/app", override: false, oldest: 0 }, [
  { tag: "t", digest: digestOf("x") },
]);

async function contextOf(scene: Scene, installation: string): Promise<FlowContext> {
  const [endpoint] = await scene.port("a").endpoints();
  return {
    flow: { topology: scene.topology, from: "a", to: "b" },
    source: scene.port("a"),
    target: scene.port("b"),
    distribution: { source: scene.distribution("a"), target: scene.distribution("b") },
    endpointId: endpoint?.id,
    policies: [],
    eventPolicies: [],
    rescues: scene.store.rescues,
    overwrites: scene.store.overwrites,
    installation,
    clock: scene.clock,
    beforeWrite: () => Promise.resolve(),
    tell: () => undefined,
  };
}

test("a temporary policy of another installation, which is at the same work, is left as it is", async () => {
  await using scene = await Scene.create({ registries: { a: "2.14", b: "2.14" } });
  await scene.pass();
  const { signal } = new AbortController();
  const theirs = await adoptOrCreate(await contextOf(scene, "theirs"), REMEDY, signal);
  const all = await scene.port("a").replicationPolicies();
  const writes = scene.writes();
  await expect(adoptOrCreate(await contextOf(scene, "test"), REMEDY, signal)).rejects.toMatchObject({
    code: "HARBOR_CONFLICT",
    message: expect.stringContaining("not ours") as string,
  });
  expect(scene.writes()).toBe(writes);
  expect(await scene.port("a").replicationPolicies()).toEqual(all);
  expect((await adoptOrCreate(await contextOf(scene, "theirs"), REMEDY, signal)).id).toBe(theirs.id);
});
