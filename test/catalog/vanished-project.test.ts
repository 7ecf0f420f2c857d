import { expect, test } from "vitest";
import { findings, Scene, tagsOf } from "../support/scene.ts";

/** Two masters in step on one project, which a person can delete on both. */
async function inStep(): Promise<{ scene: Scene; deleteProject: () => Promise<void> }> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.12" } });
  await scene.pass();
  scene.sandbox("a").push("team/app", "v1", { seed: "same" });
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  return {
    scene,
    deleteProject: async () => {
      for (const name of ["a", "b"]) {
        const { url, adminPassword } = scene.sandbox(name);
        const headers = { Authorization: `Basic ${btoa(`admin:${adminPassword}`)}` };
        for (const path of ["projects/team/repositories/app", "projects/team"]) {
          const answer = await fetch(`${url}/api/v2.0/${path}`, { method: "DELETE", headers });
          expect(answer.status).toBe(200);
        }
      }
    },
  };
}

test("a project that was deleted on both sides is forgotten: what comes under its name later is new", async () => {
  const { scene, deleteProject } = await inStep();
  await using _ = scene;
  await deleteProject();
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

/** From each of so many listings of projects on, so many requests to a registry are answered as to a stranger. */
function strangeFromListing(scene: Scene, name: string, listings: number, requests: number): void {
  const { faults, ...sandbox } = scene.sandbox(name);
  let left = 0;
  sandbox.onRequest(({ method, path }) => {
    if (method === "GET" && path === "/api/v2.0/projects" && (listings -= 1) >= 0) left = requests;
    if (left > 0) faults.anonymous();
    else faults.clear();
    left -= 1;
  });
}

async function withHidden(): Promise<Scene> {
  const { scene } = await inStep();
  scene.sandbox("a").faults.loseNextEvents(1);
  scene.sandbox("a").push("hidden/app", "v1");
  await scene.rest();
  return scene;
}

test("a listing of projects that was a stranger's proves nothing, though we are known again right after it", async () => {
  await using scene = await withHidden();
  strangeFromListing(scene, "a", 2, 2);
  const report = await scene.look();
  expect(report).toMatchObject({ verdict: "not-in-step", proven: false });
  expect(report.content?.pairs[0]).toMatchObject({
    findings: [],
    unread: [{ registry: "a", subject: "**", error: { code: "HARBOR_UNAUTHORIZED" } }],
  });
});

test("who was a stranger for a moment lists the projects again", async () => {
  await using scene = await withHidden();
  strangeFromListing(scene, "a", 1, 2);
  const report = await scene.look();
  expect(findings(report)).toEqual(["missing hidden/app:v1 a>b"]);
  expect(report.content?.pairs[0]?.unread).toEqual([]);
});
