import { expect, test } from "vitest";
import { findings, Scene, tagsOf } from "../support/scene.ts";

/** Two masters in step on one project, with what they were before it. */
async function inStep(): Promise<{ scene: Scene; withoutProject: () => void }> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.12" } });
  await scene.pass();
  const before = ["a", "b"].map((name) => scene.sandbox(name).faults.backup());
  scene.sandbox("a").push("team/app", "v1", { seed: "same" });
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  return {
    scene,
    withoutProject: () => {
      ["a", "b"].forEach((name, i) => scene.sandbox(name).faults.restore(before[i]!));
    },
  };
}

test("a project that was deleted on both sides is forgotten: what comes under its name later is new", async () => {
  const { scene, withoutProject } = await inStep();
  await using _ = scene;
  withoutProject();
  scene.clock.advance(60_000);
  expect(await scene.pass()).toMatchObject({ verdict: "in-step", remedies: [] });
  scene.sandbox("a").faults.loseNextEvents(1);
  scene.sandbox("a").push("team/app", "v1", { seed: "same" });
  await scene.rest();
  expect(findings(await scene.look())).toEqual(["missing team/app:v1 a>b"]);
  expect((await scene.pass()).verdict).toBe("in-step");
  expect(tagsOf(scene.sandbox("b"))).toEqual(tagsOf(scene.sandbox("a")));
});

test("a project that both sides hide from us is unread, not in step", async () => {
  const { scene } = await inStep();
  await using _ = scene;
  for (const name of ["a", "b"]) {
    scene.sandbox(name).addUser("weak", "Weak12345");
    scene.login(name, { username: "weak", password: "Weak12345" });
  }
  const report = await scene.look();
  expect(report.verdict).toBe("not-in-step");
  expect(report.content?.pairs[0]?.unread.map(({ subject }) => subject)).toContain("team/**");
});
