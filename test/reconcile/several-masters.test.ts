import { expect, test } from "vitest";
import { findings, Scene, tagsOf } from "../support/scene.ts";

/** Three masters in step on one tag. */
async function inStep(): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.9", c: "2.9" } });
  await scene.pass();
  scene.sandbox("a").push("library/app", "t");
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  return scene;
}

function pushUnheard(scene: Scene, name: string, tag: string): string {
  scene.sandbox(name).faults.loseNextEvents(1);
  return scene.sandbox(name).push("library/app", tag);
}

test("what two of three masters moved apart is not decided by the echo of a copy to the third", async () => {
  await using scene = await inStep();
  const onA = pushUnheard(scene, "a", "t");
  const onC = pushUnheard(scene, "c", "t");
  const fresh = pushUnheard(scene, "a", "fresh");
  await scene.rest();
  const report = await scene.pass();
  await scene.rest();
  expect(findings(report)).toEqual([
    "conflict library/app:t",
    "stale library/app:t a>b",
    "stale library/app:t c>b",
  ]);
  expect(report.warnings.join()).toContain("2 copies were withheld");
  const standing = ["a", "c"].map((name) => tagsOf(scene.sandbox(name))["library/app:t"]);
  expect(standing).toEqual([onA, onC]);
  for (const name of ["b", "c"]) expect(tagsOf(scene.sandbox(name))["library/app:fresh"]).toBe(fresh);
});

test("a whole run is withheld for the same reason", async () => {
  await using scene = await inStep();
  const onA = pushUnheard(scene, "a", "t");
  const onC = pushUnheard(scene, "c", "t");
  pushUnheard(scene, "a", "fresh");
  await scene.rest();
  const report = await scene.pass({ remedy: "retrigger" });
  await scene.rest();
  expect(report.remedies.map(({ result }) => result)).toEqual(["withheld", "withheld"]);
  const standing = ["a", "c"].map((name) => tagsOf(scene.sandbox(name))["library/app:t"]);
  expect(standing).toEqual([onA, onC]);
});

test("what one of them moved goes to both others", async () => {
  await using scene = await inStep();
  const moved = pushUnheard(scene, "b", "t");
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  for (const name of ["a", "c"]) expect(tagsOf(scene.sandbox(name))["library/app:t"]).toBe(moved);
});
