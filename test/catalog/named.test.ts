import { expect, test } from "vitest";
import { compareContent } from "../../src/reconcile/compare-content.ts";
import { identifyAll } from "../../src/reconcile/registries.ts";
import { Scene } from "../support/scene.ts";

const PAIR = { topology: "east", left: "a", right: "b" };

test("a look at some repositories proves nothing about their project, and keeps nothing of what is nowhere", async () => {
  await using scene = await Scene.create({ registries: { a: "2.12", b: "2.12" }, front: "memory" });
  for (const name of ["a", "b"]) {
    scene.sandbox(name).fill({ projects: 1, repositories: 3, tags: 2, seed: 3 });
  }
  await scene.rest();
  const { signal } = new AbortController();
  const report = await compareContent(
    {
      topology: scene.topology,
      topologies: [scene.topology],
      registries: await identifyAll(scene.topology.registries, (name) => scene.port(name), signal),
      store: scene.store,
      clock: scene.clock,
      policies: () => [],
      only: new Set(["fill0/repo1", "fill0/nowhere"]),
    },
    signal,
  );
  expect(report.pairs).toMatchObject([{ tags: 2, inStep: 2, findings: [], unread: [] }]);
  const { base, memory } = scene.store;
  expect([...(await base.entries(PAIR, "fill0/repo1")).keys()]).toEqual(["v0", "v1"]);
  expect((await base.settled(PAIR, "fill0/repo1")).print).not.toBe("");
  expect((await base.settled(PAIR, "fill0/nowhere")).print).toBe("");
  expect(await base.isWarm(PAIR, "fill0/repo1")).toBe(false);
  expect(await memory.project("a", "fill0")).toBeUndefined();
});
