import { describe, expect, test } from "vitest";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { PassReport } from "../../src/reconcile/report.ts";
import { findings, Scene, tagsOf, type SceneOptions } from "../support/scene.ts";

async function inStep(
  profile: ProfileName,
  options: Partial<SceneOptions> = {},
  projects: readonly string[] = ["team"],
): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: profile, b: profile }, ...options });
  await scene.pass();
  for (const project of projects) scene.sandbox("a").push(`${project}/app`, "old");
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  return scene;
}

function rewindWarnings({ content }: PassReport): string[] {
  return (content?.warnings ?? []).filter((sentence) => sentence.includes("accept-rewind"));
}

async function held(scene: Scene): Promise<unknown> {
  await scene.settled();
  return [tagsOf(scene.sandbox("a")), tagsOf(scene.sandbox("b"))];
}

describe.each<ProfileName>(["2.1", "2.9", "2.14"])(
  "a registry that came back from a backup, on %s",
  (profile) => {
    test("is told, and nothing is done there until it is accepted; then it is healed", async () => {
      await using scene = await inStep(profile);
      const a = scene.sandbox("a");
      const backup = a.faults.backup();
      for (const tag of ["v1", "v2", "v3"]) a.push("team/app", tag);
      await scene.rest();
      expect((await scene.pass()).verdict).toBe("in-step");
      const wanted = tagsOf(scene.sandbox("b"));
      a.faults.restore(backup);
      scene.clock.advance(60_000);
      const before = await held(scene);

      for (let i = 0; i < 2; i += 1) {
        const report = await scene.pass();
        expect(report).toMatchObject({ verdict: "not-in-step", remedies: [] });
        expect(rewindWarnings(report)).toEqual([
          expect.stringMatching(
            /^a came back older than it was seen: .* tidelock resolve east a accept-rewind$/,
          ),
        ]);
        expect(new Set(findings(report).map((line) => line.split(" ")[0]))).toEqual(new Set(["rewound"]));
        await scene.rest();
      }
      expect(await held(scene)).toEqual(before);

      await scene.store.memory.accept("a");
      expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
      expect(tagsOf(a)).toEqual(wanted);
      expect(tagsOf(scene.sandbox("b"))).toEqual(wanted);
      expect(rewindWarnings(await scene.look())).toEqual([]);
    });
  },
);

describe("without an audit log that can be relied on", () => {
  async function purged(scene: Scene): Promise<void> {
    scene.clock.advance(60_000);
    for (const name of ["a", "b"]) scene.sandbox(name).purgeAudit(0);
    await scene.pass();
  }

  test("two of the newest artifacts that are gone make a project rewound, and only that one", async () => {
    await using scene = await inStep("2.9", {}, ["team", "other"]);
    const a = scene.sandbox("a");
    for (const tag of ["v1", "v2"]) a.push("team/app", tag);
    await scene.rest();
    await scene.pass();
    for (const tag of ["v1", "v2"]) a.deleteArtifact("team/app", tag);
    a.deleteTag("other/app", "old");
    await purged(scene);
    const report = await scene.look();
    expect(rewindWarnings(report)).toEqual([
      expect.stringMatching(
        /^a: the project team came back older than it was seen: its 2 newest artifacts are gone: deleted, or /,
      ),
    ]);
    expect(findings(report)).toEqual(["deleted other/app:old", "rewound team/app:v1", "rewound team/app:v2"]);
  });

  test("one that is gone does not", async () => {
    await using scene = await inStep("2.9");
    scene.sandbox("a").push("team/app", "v1");
    await scene.rest();
    await scene.pass();
    scene.sandbox("a").deleteArtifact("team/app", "v1");
    await purged(scene);
    const report = await scene.look();
    expect(rewindWarnings(report)).toEqual([]);
    expect(findings(report)).toEqual(["deleted team/app:v1"]);
  });
});

test("with an audit log, artifacts that people deleted are deletions", async () => {
  await using scene = await inStep("2.9");
  const a = scene.sandbox("a");
  for (const tag of ["v1", "v2", "v3"]) a.push("team/app", tag);
  await scene.rest();
  await scene.pass();
  for (const tag of ["v1", "v2", "v3"]) a.deleteArtifact("team/app", tag);
  await scene.rest();
  const report = await scene.pass();
  expect(rewindWarnings(report)).toEqual([]);
  expect(findings(report)).toEqual(["deleted team/app:v1", "deleted team/app:v2", "deleted team/app:v3"]);
});

async function remove(scene: Scene, name: string, ...paths: readonly string[]): Promise<void> {
  const { url, adminPassword } = scene.sandbox(name);
  const headers = { Authorization: `Basic ${btoa(`admin:${adminPassword}`)}` };
  for (const path of paths) {
    const answer = await fetch(`${url}/api/v2.0/projects/${path}`, { method: "DELETE", headers });
    expect(answer.status).toBe(200);
  }
}

test("a project that was deleted and made anew is rewound only where no log shows it", async () => {
  await using scene = await inStep("2.9");
  await remove(scene, "a", "team/repositories/app", "team");
  scene.clock.advance(60_000);
  scene.sandbox("a").createProject("team");
  await scene.rest();
  const report = await scene.pass();
  expect(rewindWarnings(report)).toEqual([]);
  expect(findings(report)).toEqual(["deleted team/app:old"]);

  await remove(scene, "a", "team");
  scene.clock.advance(60_000);
  scene.sandbox("a").createProject("team");
  scene.clock.advance(60_000);
  scene.sandbox("a").purgeAudit(0);
  expect(rewindWarnings(await scene.look())).toEqual([
    expect.stringContaining("the project team came back older than it was seen: it is another project"),
  ]);
});

test("a registry that was installed anew is not taken for one where everything was deleted", async () => {
  const fresh = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  const empty = fresh.sandbox("a").faults.backup();
  await fresh[Symbol.asyncDispose]();
  await using scene = await inStep("2.9", { kind: "master-slave" });
  scene.sandbox("a").faults.restore(empty);
  scene.clock.advance(60_000);
  const before = await held(scene);
  const report = await scene.pass();
  expect(report.verdict).toBe("not-in-step");
  expect(rewindWarnings(report)).toEqual([
    expect.stringContaining("a came back older than it was seen: nothing is left of what it held"),
  ]);
  expect(await held(scene)).toEqual(before);
  await scene.store.memory.accept("a");
  await scene.pass();
  expect(tagsOf(scene.sandbox("b"))).toHaveProperty(["team/app:old"]);
});

test("a registry that is new is not rewound", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.14" } });
  scene.sandbox("a").push("team/app", "v1");
  expect(rewindWarnings(await scene.pass())).toEqual([]);
  expect((await scene.pass()).verdict).toBe("in-step");
});
