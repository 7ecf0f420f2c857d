import { describe, expect, test } from "vitest";
import type { PassReport } from "../../src/reconcile/report.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { findings, Scene, type SceneOptions } from "../support/scene.ts";

async function inStep(profile: ProfileName, heal: SceneOptions["heal"] = {}): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: profile, b: profile }, heal });
  await scene.pass();
  for (const name of ["a", "b"]) scene.sandbox(name).addUser("ann", "Annes1234", true);
  for (const tag of ["v1", "v2"]) scene.sandbox("a").push("team/app", tag, { as: "ann" });
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  return scene;
}

/** What may be replayed, as a pass finds it that only looks. */
async function replayable(scene: Scene): Promise<string[]> {
  const found = (await scene.look()).content?.pairs.flatMap(({ findings: all }) => all) ?? [];
  return found
    .flatMap(({ repository, tag, replay }) => (replay === undefined ? [] : `${repository}:${tag}`))
    .toSorted();
}

function auditWarnings({ content }: PassReport): string[] {
  return (content?.warnings ?? []).filter((sentence) => sentence.includes("audit log"));
}

async function switchOff(sandbox: Sandbox): Promise<void> {
  const headers = {
    Authorization: `Basic ${btoa(`admin:${sandbox.adminPassword}`)}`,
    "Content-Type": "application/json",
  };
  const body = JSON.stringify({ skip_audit_log_database: true });
  await fetch(`${sandbox.url}/api/v2.0/configurations`, { method: "PUT", headers, body });
}

describe.each<ProfileName>(["2.1", "2.9", "2.14"])("a deletion on %s", (profile) => {
  test("by a person may be replayed, of the tag and of the artifact", async () => {
    await using scene = await inStep(profile);
    const b = scene.sandbox("b");
    b.deleteTag("team/app", "v1", "ann");
    b.deleteArtifact("team/app", "v2", "ann");
    await scene.rest();
    expect(await replayable(scene)).toEqual(["team/app:v1", "team/app:v2"]);
  });

  test("by an account that replication shares is nobody's will", async () => {
    await using scene = await inStep(profile);
    scene.sandbox("b").deleteTag("team/app", "v1", "admin");
    await scene.rest();
    expect(findings(await scene.look())).toEqual(["deleted team/app:v1"]);
    expect(await replayable(scene)).toEqual([]);
  });

  test("by retention is told as such", async () => {
    await using scene = await inStep(profile);
    scene.sandbox("b").runRetention("team", 1);
    await scene.rest();
    const [finding] = (await scene.look()).content?.pairs[0]?.findings ?? [];
    expect(finding).toMatchObject({ kind: "deleted", reason: "a retention rule removed it there" });
    expect(await replayable(scene)).toEqual([]);
  });

  test.each(["ann", "tidelock"])("is none after the same image was pushed again by %s", async (who) => {
    await using scene = await inStep(profile);
    for (const name of ["a", "b"]) {
      scene.sandbox(name).addUser("tidelock", "secret", true);
      scene.login(name, { username: "tidelock", password: "secret" });
    }
    scene.sandbox("b").deleteTag("team/app", "v1", "ann");
    scene.clock.advance(60_000);
    const manifest = await scene.distribution("a").manifest("team/app", "v1");
    if (manifest === undefined) throw new Error("it was pushed");
    await scene.down("b");
    scene.sandbox("a").push("team/app", "v1", { as: who, manifest: Buffer.from(manifest.bytes) });
    scene.clock.advance(60_000);
    scene.world.catchUp();
    await scene.up("b");
    await scene.rest();
    expect(findings(await scene.look())).toEqual(["deleted team/app:v1"]);
    expect(await replayable(scene)).toEqual([]);
  });

  test("that a push took back is none", async () => {
    await using scene = await inStep(profile);
    const b = scene.sandbox("b");
    b.deleteTag("team/app", "v1", "ann");
    scene.clock.advance(60_000);
    b.push("team/app", "v1", { as: "ann" });
    await scene.rest();
    expect(await replayable(scene)).toEqual([]);
  });
});

test("with the log switched off nothing is replayed, and one sentence a registry says so where something is open", async () => {
  await using scene = await inStep("2.9");
  const b = scene.sandbox("b");
  b.deleteTag("team/app", "v1", "ann");
  await switchOff(b);
  await scene.rest();
  const quiet = await scene.look();
  expect(findings(quiet)).toEqual(["deleted team/app:v1"]);
  expect(await replayable(scene)).toEqual([]);
  expect(auditWarnings(quiet)).toEqual([]);
  scene.sandbox("b").faults.loseNextEvents(1);
  b.push("team/app", "v3");
  await scene.rest();
  expect(auditWarnings(await scene.look())).toEqual([
    "b: its audit log is switched off (skip_audit_log_database), so who pushed or deleted what is not known there",
  ]);
});

test.each([{ deletions: "replay" }, { conflicts: "newest" }, { regressions: "repair" }] as const)(
  "where %o is declared, a log that can't be read is told even in step",
  async (heal) => {
    await using scene = await inStep("2.9", heal);
    await switchOff(scene.sandbox("a"));
    const report = await scene.look();
    expect(report.verdict).toBe("in-step");
    expect(auditWarnings(report)).toEqual([expect.stringMatching(/^a: its audit log is switched off/)]);
  },
);
