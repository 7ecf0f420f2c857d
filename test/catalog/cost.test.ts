import { describe, expect, test } from "vitest";
import { Scene } from "../support/scene.ts";

async function filled(
  profile: "2.9" | "2.12",
  projects: number,
  repositories: number,
  tags: number,
): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: profile, b: profile }, front: "memory" });
  for (const name of ["a", "b"]) {
    scene.sandbox(name).fill({ projects, repositories, tags, prefix: "fill", seed: 7 });
  }
  await scene.rest();
  await scene.pass({ configure: false });
  return scene;
}

async function requests(scene: Scene): Promise<{ left: number; right: number }> {
  const report = await scene.look();
  expect(report.verdict).toBe("in-step");
  const [pair] = report.content?.pairs ?? [];
  if (pair === undefined) throw new Error("there is one pair");
  return pair.requests;
}

describe("the cost of knowing that nothing changed", () => {
  test("on 2.12 and later: a request for each hundred artifacts of a project, and a handful", async () => {
    await using scene = await filled("2.12", 3, 5, 50);
    const { left, right } = await requests(scene);
    // Three projects of 250 artifacts, one empty one, the projects, and five to know who and where we are.
    const bound = 3 * 3 + 1 + 1 + 5;
    expect(left).toBeLessThanOrEqual(bound);
    expect(right).toBeLessThanOrEqual(bound);
  });

  test("before: a request for each hundred artifacts of a repository, one for each hundred repositories", async () => {
    await using scene = await filled("2.9", 2, 10, 20);
    const { left } = await requests(scene);
    expect(left).toBeLessThanOrEqual(2 * 10 + 3 + 1 + 5);
  });

  test("a difference costs a few single reads, not another listing", async () => {
    await using scene = await filled("2.12", 1, 4, 50);
    const before = await requests(scene);
    scene.sandbox("a").push("fill-0/extra", "v1");
    await scene.rest();
    const [pair] = (await scene.look()).content?.pairs ?? [];
    expect(pair?.findings).toHaveLength(1);
    // Who we are, the tag twice, whether the registry has it, and what is set about the audit log.
    expect((pair?.requests.left ?? 99) - before.left).toBeLessThanOrEqual(5);
  });
});
