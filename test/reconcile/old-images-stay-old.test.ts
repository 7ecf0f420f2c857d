import { expect, test } from "vitest";
import { digestOf } from "../../src/sandbox/blob-store.ts";
import type { Request } from "../../src/sandbox/exchange.ts";
import { imageOf } from "../../src/sandbox/image.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { Scene, tagsOf } from "../support/scene.ts";

const REPOSITORY = "library/app";
const PROFILES = ["2.7", "2.12", "2.14"] as const;

/** Two masters that are brought in step by us alone; three images followed each other under one tag, the last one only on `a`. */
async function releases(profile: ProfileName, tag: string, separateAccounts: boolean): Promise<Scene> {
  const scene = await Scene.create({
    registries: { a: profile, b: profile },
    heal: { remedy: "scoped" },
    front: "memory",
    topology: { trigger: { kind: "manual" } },
    separateAccounts,
  });
  await scene.pass();
  for (const seed of ["first", "second", "third"]) {
    await scene.pass();
    scene.sandbox("a").push(REPOSITORY, tag, { seed });
    await scene.rest();
  }
  return scene;
}

/** Whether this request starts a copy. */
function isStart({ method, path }: Request): boolean {
  return method === "POST" && path.endsWith("/replication/executions");
}

async function passes(scene: Scene, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await scene.pass();
    await scene.rest();
  }
}

test.each(PROFILES)("CI pushes the same image to both sides while we copy it (%s)", async (profile) => {
  await using scene = await releases(profile, "t", true);
  const name = `${REPOSITORY}:t`;
  const third = tagsOf(scene.sandbox("a"))[name];
  let [started, done] = [false, false];
  scene.sandbox("a").onRequest((request) => {
    started ||= isStart(request);
    if (done || !started || tagsOf(scene.sandbox("b"))[name] !== third) return;
    done = true;
    expect(scene.sandbox("b").push(REPOSITORY, "t", { seed: "third" })).toBe(third);
  });
  await passes(scene, 4);
  expect(done).toBe(true);
  expect(["a", "b"].map((side) => tagsOf(scene.sandbox(side))[name])).toEqual([third, third]);
});

test.each(PROFILES)("a release comes as 1.4 and latest while latest is copied (%s)", async (profile) => {
  await using scene = await releases(profile, "latest", false);
  const oldest = digestOf(imageOf({}, "first").manifest);
  let done = false;
  scene.sandbox("a").onRequest((request) => {
    if (done || !isStart(request)) return;
    done = true;
    scene.sandbox("b").push(REPOSITORY, "1.4", { seed: "1.4" });
    scene.sandbox("b").push(REPOSITORY, "latest", { seed: "1.4" });
  });
  await passes(scene, 3);
  expect(done).toBe(true);
  expect(Object.values(tagsOf(scene.sandbox("a")))).not.toContain(oldest);
  expect(tagsOf(scene.sandbox("b"))[`${REPOSITORY}:latest`]).not.toBe(oldest);
});
