import { expect, test } from "vitest";
import { ACCOUNTS, findings, Scene, tagsOf } from "../support/scene.ts";

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

test.each([
  ["does not list the repository", (scene: Scene) => hide(scene, /repositories\/app\//)],
  ["does not accept us", (scene: Scene) => hide(scene, /./, 401)],
])("nothing is sent on to a third master that %s, and may hold something else", async (_, make) => {
  await using scene = await inStep();
  pushUnheard(scene, "a", "t");
  const onC = pushUnheard(scene, "c", "t");
  const untouched = standing(scene)[1];
  await scene.rest();
  make(scene);
  const report = await scene.pass();
  await scene.rest();
  expect(report.warnings.join()).toContain("1 copy was withheld");
  expect(standing(scene).slice(1)).toEqual([untouched, onC]);
});

test("one that is away keeps the others from nothing", async () => {
  await using scene = await inStep();
  const moved = pushUnheard(scene, "a", "t");
  await scene.rest();
  await scene.down("c");
  await scene.pass();
  await scene.rest();
  expect(standing(scene).slice(0, 2)).toEqual([moved, moved]);
});

function hide(scene: Scene, path: RegExp, status = 500): void {
  scene.sandbox("c").faults.fail(status, { path, from: "client" });
}

test("what one of them moved goes to both others", async () => {
  await using scene = await inStep();
  const moved = pushUnheard(scene, "b", "t");
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  for (const name of ["a", "c"]) expect(tagsOf(scene.sandbox(name))["library/app:t"]).toBe(moved);
});

function standing(scene: Scene): (string | undefined)[] {
  return ["a", "b", "c"].map((name) => tagsOf(scene.sandbox(name))["library/app:t"]);
}

test("what two of three masters moved apart is healed once it is decided, though the third one lacks both", async () => {
  await using scene = await inStep();
  const onA = pushUnheard(scene, "a", "t");
  const onC = pushUnheard(scene, "c", "t");
  await scene.rest();
  const at = scene.clock.now();
  const about = { topology: "east", left: "a", right: "c", repository: "library/app", tag: "t" };
  await scene.store.decisions.put({
    ...about,
    choice: "keep-left",
    at,
    leftDigest: onA,
    rightDigest: onC,
  });
  await scene.pass();
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  expect(standing(scene)).toEqual([onA, onA, onA]);
  expect(await scene.store.rescues.of("east")).toMatchObject([{ registry: "c", digest: onC }]);
});

test("a preferred side wins over two others that differ from each other too", async () => {
  await using scene = await Scene.create({
    registries: { a: "2.9", b: "2.9", c: "2.9" },
    heal: { conflicts: { prefer: "a" } },
  });
  await scene.pass();
  const [onA = "", ...others] = ["a", "b", "c"].map((name) => pushUnheard(scene, name, "t"));
  await scene.rest();
  await scene.pass();
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  expect(standing(scene)).toEqual([onA, onA, onA]);
  expect((await scene.store.rescues.of("east")).map(({ digest }) => digest).toSorted()).toEqual(
    others.toSorted(),
  );
});

test("a deletion that reached one of two others is replayed on the one that was away", async () => {
  await using scene = await Scene.create({
    registries: { a: "2.9", b: "2.9", c: "2.9" },
    heal: { deletions: "replay" },
    separateAccounts: true,
  });
  await scene.pass();
  for (const tag of ["t", "other"]) scene.sandbox("a").push("library/app", tag);
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  await scene.down("c");
  scene.sandbox("b").deleteTag("library/app", "t", ACCOUNTS.person);
  await scene.rest();
  await scene.pass();
  await scene.up("c");
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  expect(standing(scene)).toEqual([undefined, undefined, undefined]);
});
