import { describe, expect, test } from "vitest";
import type { PassReport } from "../../src/reconcile/report.ts";
import { askedBeforeHealing, listedIn } from "../support/first-listings.ts";
import { findings, Scene, tagsOf } from "../support/scene.ts";

const REPOSITORIES = 12;

/** Two masters in step on many repositories; then a is away while b gets a new tag in two of them. */
async function afterOutage(profile: "2.9" | "2.12"): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: profile, b: profile }, front: "memory" });
  for (const name of ["a", "b"]) {
    scene
      .sandbox(name)
      .fill({ projects: 2, repositories: REPOSITORIES / 2, tags: 120, prefix: "fill", seed: 3 });
  }
  await scene.pass();
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  await scene.down("a");
  await scene.store.outages.saveReach("a", { up: false, contrary: 0 }, { from: scene.clock.now() });
  const b = scene.sandbox("b");
  b.push("fill0/repo1", "fresh");
  b.push("fill1/repo2", "fresh");
  b.deleteTag("fill1/repo3", "v1");
  scene.clock.advance(10 * 60_000);
  scene.world.catchUp();
  await scene.up("a");
  return scene;
}

/** What the first copy was preceded by: listings of artifacts on b, since the pass began. */
async function listingsBeforeHealing(scene: Scene): Promise<string[]> {
  const b = scene.sandbox("b");
  b.requests.clear();
  const report = await scene.pass();
  expect(report).toMatchObject({ verdict: "in-step", proven: true });
  const targets = b.requests.all().map(({ method, target }) => ({ method, target }));
  const first = targets.findIndex(({ method, target }) =>
    /^(PUT \/v2\/|POST \/api\/v2.0\/replication\/)/.test(`${method} ${target}`),
  );
  expect(first).toBeGreaterThan(0);
  return targets.slice(0, first).flatMap(({ target }) => (/artifacts\?/.test(target) ? [target] : []));
}

describe.each(["2.9", "2.12"] as const)("after an outage, on %s", (profile) => {
  test("healing begins with what the audit log names, and everything is listed for the proof", async () => {
    await using scene = await afterOutage(profile);
    const listed = await listingsBeforeHealing(scene);
    expect(new Set(listed.map((target) => /repositories\/(repo\d)\//.exec(target)?.[1]))).toEqual(
      new Set(["repo1", "repo2", "repo3"]),
    );
    expect(tagsOf(scene.sandbox("a"))).toMatchObject({ "fill0/repo1:fresh": expect.any(String) as string });
  });

  test("what was found first is told, and so is what was done", async () => {
    await using scene = await afterOutage(profile);
    const report = await scene.pass();
    const before = report.before?.pairs.flatMap((pair) => pair.findings) ?? [];
    expect(before.map(({ kind, repository, tag }) => `${kind} ${repository}:${tag}`).toSorted()).toEqual([
      "deleted fill1/repo3:v1",
      "missing fill0/repo1:fresh",
      "missing fill1/repo2:fresh",
    ]);
    expect(report.remedies.map(({ result }) => result)).toEqual(["arrived", "arrived"]);
    expect(findings(report)).toEqual(["deleted fill1/repo3:v1"]);
  });

  test("what healing so early warns of is told", async () => {
    await using scene = await afterOutage(profile);
    scene.sandbox("b").faults.fail(500, { method: "DELETE", path: /\/replication\/policies\// });
    const report = await scene.pass({ remedy: "scoped" });
    expect(report.remedies.map(({ result }) => result)).toEqual(["arrived", "arrived"]);
    expect(report.warnings.join("\n")).toMatch(/policy/);
  });

  test("without a log that goes on, everything is listed first", async () => {
    await using scene = await afterOutage(profile);
    await scene.store.audit.restart("b");
    const listed = await listingsBeforeHealing(scene);
    expect(listed.length).toBeGreaterThanOrEqual(2);
    const isWhole = (target: string): boolean =>
      profile === "2.12" ? target.includes("/projects/fill0/artifacts?") : target.includes("/repo4/");
    expect(listed.some(isWhole)).toBe(true);
  });
});

/** Everything that a report tells of audit logs, whichever reading of the pass met it. */
function toldOfLogs({ content, before, warnings }: PassReport): string[] {
  const all = [...warnings, ...(content?.warnings ?? []), ...(before?.warnings ?? [])];
  return [...new Set(all)].filter((sentence) => sentence.includes("audit log"));
}

describe.each(["a", "b"])("after an outage, where entries of the log of %s were purged unread", (name) => {
  test.each([false, true])(
    "that is told once, and nothing is looked at first (and younger ones: %s)",
    async (younger) => {
      await using scene = await afterOutage("2.9");
      scene.clock.advance(3 * 3_600_000);
      scene.world.catchUp();
      scene.sandbox(name).purgeAudit(1);
      if (younger) scene.sandbox(name).push("fill0/repo4", "younger");
      await scene.rest();
      scene.sandbox("b").requests.clear();
      const report = await scene.pass();
      expect(report).toMatchObject({ verdict: "in-step", proven: true });
      expect(listedIn(askedBeforeHealing(scene, "b"))).toContain("fill0/repo5");
      expect(toldOfLogs(report)).toEqual([
        `${name}: its audit log has a gap: entries were removed from it before they were read`,
      ]);
      expect(toldOfLogs(await scene.pass())).toEqual([]);
    },
  );
});

test("a gap that comes about while healing has begun is told by the comparison of everything", async () => {
  await using scene = await afterOutage("2.9");
  const b = scene.sandbox("b");
  // Asked for once the logs were read to their ends, and before the first repositories are compared.
  const off = b.onRequest(({ path }) => {
    if (!path.endsWith("/configurations")) return;
    off();
    scene.clock.advance(1_000);
    b.push("fill0/repo4", "unread");
    scene.clock.advance(1_000);
    b.purgeAudit(0);
  });
  b.requests.clear();
  const report = await scene.pass();
  expect(report).toMatchObject({ verdict: "in-step", proven: true });
  expect(listedIn(askedBeforeHealing(scene, "b"))).toEqual(["fill0/repo1", "fill1/repo2", "fill1/repo3"]);
  expect(toldOfLogs(report)).toEqual([
    "b: its audit log has a gap: entries were removed from it before they were read",
  ]);
});

test("without an outage since the last pass nothing is looked at twice", async () => {
  await using scene = await afterOutage("2.12");
  await scene.store.outages.saveReach(
    "a",
    { up: true, contrary: 0, lastGood: scene.clock.now() },
    { from: scene.clock.now() - 600_000, to: scene.clock.now() },
  );
  await scene.store.passes.save({ topology: "east", at: scene.clock.now() + 1, report: {} });
  const listed = await listingsBeforeHealing(scene);
  expect(listed.some((target) => target.includes("/projects/fill0/artifacts?"))).toBe(true);
  expect(listed.some((target) => target.includes("/repositories/repo3/artifacts?"))).toBe(false);
});
