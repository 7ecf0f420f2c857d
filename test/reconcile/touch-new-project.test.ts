import { expect, test } from "vitest";
import { Scene, tagsOf } from "../support/scene.ts";

test.each(["2.1", "2.9", "2.16"] as const)(
  "asked to touch, what goes to a project that the target lacks is brought over nevertheless (%s)",
  async (profile) => {
    await using scene = await Scene.create({
      registries: { a: profile, b: profile },
      heal: { remedy: "touch" },
    });
    await scene.pass();
    scene.sandbox("a").faults.loseNextEvents(1);
    scene.sandbox("a").push("team/app", "v1");
    await scene.rest();
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
    expect(tagsOf(scene.sandbox("b"))).toEqual(tagsOf(scene.sandbox("a")));
  },
);
