import { describe, expect, test } from "vitest";
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
