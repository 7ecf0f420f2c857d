import { describe, expect, test } from "vitest";
import { findings, Scene, tagsOf } from "../support/scene.ts";

const APP = "library/app";
const TAG = `${APP}:latest`;
/** Less than the five minutes for which a push is young. */
const BETWEEN_MS = 180_000;

async function inStep(): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, front: "memory" });
  await scene.pass();
  scene.sandbox("a").push(APP, "latest");
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  return scene;
}

function pushAgain(scene: Scene, tag: string, isHeard: boolean): void {
  if (!isHeard) scene.sandbox("a").faults.loseNextEvents(1);
  scene.sandbox("a").push(APP, tag);
  scene.clock.advance(BETWEEN_MS);
  scene.world.catchUp();
}

describe("a tag that is pushed again before it is old enough to judge", () => {
  test.each(["latest", "new"])("is healed all the same where Harbor brings none of it (%s)", async (tag) => {
    await using scene = await inStep();
    const kinds: string[][] = [];
    for (let i = 0; i < 4; i += 1) {
      pushAgain(scene, tag, false);
      kinds.push(findings(await scene.look()));
    }
    expect(kinds[0]).toEqual([`in-flight ${APP}:${tag}`]);
    expect(kinds.at(-1)).toEqual([`${tag === "latest" ? "stale" : "missing"} ${APP}:${tag} a>b`]);
    expect((await scene.pass()).remedies.map(({ result }) => result)).toEqual(["arrived"]);
    expect(tagsOf(scene.sandbox("b"))[`${APP}:${tag}`]).toBe(tagsOf(scene.sandbox("a"))[`${APP}:${tag}`]);
    pushAgain(scene, tag, false);
    expect(findings(await scene.look())).toEqual([`in-flight ${APP}:${tag}`]);
  });

  test("is in flight for as long as Harbor brings one after the other", async () => {
    await using scene = await inStep();
    for (let i = 0; i < 5; i += 1) {
      pushAgain(scene, "latest", true);
      // One that came is followed by one that is still under way.
      scene.sandbox("a").faults.loseNextEvents(1);
      scene.sandbox("a").push(APP, "latest");
      expect(findings(await scene.look())).toEqual([`in-flight ${TAG}`]);
    }
  });
});
