import { expect, test } from "vitest";
import { Scene, tagsOf } from "../support/scene.ts";

const REPOSITORY = "library/app";
const TAG = `${REPOSITORY}:t`;

/** A person deleted a tag on b, and that is about to be replayed on a; then the same image is pushed to a again, which leaves its tag as it was. */
async function whenAsked(method: string, matches: RegExp): Promise<{ scene: Scene; again: () => boolean }> {
  const scene = await Scene.create({
    registries: { a: "2.14", b: "2.14" },
    front: "memory",
    heal: { deletions: "replay" },
    topology: { trigger: { kind: "manual" } },
    separateAccounts: true,
  });
  scene.sandbox("a").push(REPOSITORY, "t", { seed: 7 });
  scene.sandbox("a").push(REPOSITORY, "other");
  await scene.rest();
  await scene.pass();
  await scene.rest();
  await scene.pass();
  scene.sandbox("b").deleteTag(REPOSITORY, "t");
  await scene.rest();
  let isAgain = false;
  const off = scene.sandbox("a").onRequest((request) => {
    if (isAgain || request.method !== method || !matches.test(request.path)) return;
    isAgain = true;
    off();
    scene.sandbox("a").push(REPOSITORY, "t", { seed: 7 });
  });
  return { scene, again: () => isAgain };
}

test("the same image pushed again right before it is removed: the tag is put back", async () => {
  const { scene, again } = await whenAsked("DELETE", /\/tags\/t$/);
  await using _ = scene;
  await scene.pass();
  expect(again()).toBe(true);
  expect(tagsOf(scene.sandbox("a"))[TAG]).toBeDefined();
});

test("without that it is removed", async () => {
  const { scene, again } = await whenAsked("NEVER", /x/);
  await using _ = scene;
  await scene.pass();
  expect([again(), tagsOf(scene.sandbox("a"))[TAG]]).toEqual([false, undefined]);
});
