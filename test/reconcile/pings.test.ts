import { expect, test } from "vitest";
import { LOOK, Scene } from "../support/scene.ts";

test("only who configures lets Harbors ping each other: a peer that is away would hold up everybody else", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  await scene.pass();
  const pings = (): number =>
    ["a", "b"]
      .flatMap((name) => scene.sandbox(name).requests.all())
      .filter(({ target }) => target.endsWith("/registries/ping")).length;
  const before = pings();
  await scene.pass(LOOK);
  expect(pings()).toBe(before);
  await scene.pass({ ...LOOK, configure: true });
  expect(pings()).toBe(before + 2);
});
