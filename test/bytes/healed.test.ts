import { afterEach, expect, test } from "vitest";
import type { FlowContext } from "../../src/heal/context.ts";
import type { RemedyOutcome } from "../../src/heal/outcome.ts";
import { verifyHealed } from "../../src/heal/verify-healed.ts";
import { withHealedBytes } from "../../src/reconcile/bytes-depth.ts";
import { Scene } from "../support/scene.ts";
import { named, never, REPOSITORY } from "./world.ts";

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene[Symbol.asyncDispose]();
});

/** `b` lost a layer and promises it all the same; then `v2`, which has the same layers, is brought there. */
async function healedUpon(lost: boolean): Promise<{ scene: Scene; outcomes: RemedyOutcome[] }> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.14" }, front: "memory" });
  scenes.push(scene);
  const content = { seed: "x", layers: 2 };
  scene.sandbox("a").push(REPOSITORY, "v1", content);
  scene.sandbox("b").push(REPOSITORY, "v1", content);
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  if (lost) scene.sandbox("b").loseBlob(named("x", { layers: 2 }).layers[0] ?? "");
  await scene.down("b");
  scene.sandbox("a").push(REPOSITORY, "v2", content);
  await scene.rest();
  await scene.up("b");
  await scene.rest();
  const report = await scene.pass();
  return { scene, outcomes: [...report.remedies] };
}

function flowOf(scene: Scene, from: string, to: string): FlowContext {
  return {
    flow: { topology: scene.topology, from, to },
    source: scene.port(from),
    target: scene.port(to),
    distribution: { source: scene.distribution(from), target: scene.distribution(to) },
    endpointId: undefined,
    policies: [],
    eventPolicies: [],
    rescues: scene.store.rescues,
    overwrites: scene.store.overwrites,
    installation: "test",
    clock: scene.clock,
    beforeWrite: () => Promise.reject(new Error("reading writes nothing")),
    tell: () => undefined,
  };
}

test("a tag that arrived upon a lost layer is told, with the copy that repairs it", async () => {
  const { scene } = await healedUpon(true);
  const digest = scene.sandbox("b").tags().get(REPOSITORY)?.get("v2") ?? "";
  scene.sandbox("b").loseBlob(named("x", { layers: 2 }).layers[0] ?? "");
  const remedy = {
    kind: "copy",
    from: "a",
    to: "b",
    repository: REPOSITORY,
    tags: [{ tag: "v2", digest }],
  } as const;
  const outcomes: RemedyOutcome[] = [{ remedy, result: "arrived", arrived: 1 }];
  const verified = await verifyHealed((from, to) => flowOf(scene, from, to), outcomes, never);
  expect(verified).toMatchObject([{ from: "a", to: "b", tags: 1, images: 1, unread: [] }]);
  expect(verified[0]?.findings).toMatchObject([
    {
      kind: "unservable",
      repository: REPOSITORY,
      tag: "v2",
      from: "a",
      to: "b",
      remedy: "copy",
      notice: false,
    },
  ]);
  const { content } = await scene.look();
  if (content === undefined) throw new Error("nothing was compared");
  const [pair] = withHealedBytes(content, verified).pairs;
  expect(pair?.findings.map(({ tag }) => tag)).toEqual(["v2"]);
  expect(pair?.inStep).toBe((content.pairs[0]?.inStep ?? 0) - 1);
  const [again] = withHealedBytes(withHealedBytes(content, verified), verified).pairs;
  expect(again?.findings).toHaveLength(1);
});

test("what arrived whole is said to be; what did not arrive is not looked for", async () => {
  const { scene, outcomes } = await healedUpon(false);
  const digest = scene.sandbox("b").tags().get(REPOSITORY)?.get("v2") ?? "";
  expect(digest).not.toBe("");
  const remedy = {
    kind: "copy",
    from: "a",
    to: "b",
    repository: REPOSITORY,
    tags: [{ tag: "v2", digest }],
  } as const;
  const verified = await verifyHealed(
    (from, to) => flowOf(scene, from, to),
    [
      { remedy, result: "arrived", arrived: 1 },
      { remedy: { ...remedy, tags: [{ tag: "never", digest }] }, result: "incomplete", arrived: 0 },
      {
        remedy: { ...remedy, kind: "delete", tags: [{ tag: "gone", digest }] },
        result: "arrived",
        arrived: 1,
      },
    ],
    never,
  );
  expect(verified).toMatchObject([{ findings: [], unread: [], tags: 1, images: 1 }]);
  expect(outcomes.every(({ result }) => result === "arrived")).toBe(true);
});
