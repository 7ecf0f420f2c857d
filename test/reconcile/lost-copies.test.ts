import { describe, expect, test } from "vitest";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { askedBeforeHealing, keepPass, listedIn } from "../support/first-listings.ts";
import { findings, Scene, tagsOf, type SceneOptions } from "../support/scene.ts";

/** Two masters in step on so many tags that a look at a few repositories is worth it, and the pass that said so. */
async function inStep(profile: ProfileName, options: Partial<SceneOptions> = {}): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: profile, b: profile }, front: "memory", ...options });
  for (const name of Object.keys(options.registries ?? { a: profile, b: profile })) {
    scene
      .sandbox(name)
      .fill({ projects: 2, repositories: 4, tags: 200, tagsPerArtifact: 20, prefix: "fill", seed: 3 });
  }
  await scene.pass();
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  await keepPass(scene);
  return scene;
}

/** Copies to b fail in their tasks, which gives up after three runs; nobody notices that b was away. */
async function whileTasksFail(scene: Scene, work: () => void): Promise<void> {
  const b = scene.sandbox("b");
  b.faults.fail(500, { path: /^\/v2\/.+\/(blobs|manifests)\//, from: "replication" });
  work();
  await scene.rest();
  b.faults.clear();
}

/** Copies to b fail before they have tasks. */
async function whileFlowsDie(scene: Scene, work: () => void): Promise<void> {
  const b = scene.sandbox("b");
  b.faults.fail(500, { from: "replication" });
  work();
  await scene.rest();
  b.faults.clear();
}

function forgetRequests(scene: Scene): void {
  for (const name of ["a", "b"]) scene.sandbox(name).requests.clear();
}

describe.each(["2.9", "2.12"] as const)("after copies that failed, on %s", (profile) => {
  test("healing begins with the repositories that failed tasks name, and the proof lists everything", async () => {
    await using scene = await inStep(profile);
    const a = scene.sandbox("a");
    await whileTasksFail(scene, () => {
      a.push("fill0/repo1", "fresh");
      a.push("fill1/repo2", "v7");
      a.push("fill1/new", "v1");
    });
    const lost = await scene.port("a").executions({ policyId: 1, limit: 50 });
    expect(lost.map(({ total, failed }) => [total, failed])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    forgetRequests(scene);
    const report = await scene.pass();
    expect(report).toMatchObject({ verdict: "in-step", proven: true });
    expect(listedIn(askedBeforeHealing(scene, "a"))).toEqual(["fill0/repo1", "fill1/new", "fill1/repo2"]);
    expect(
      report.before?.pairs
        .flatMap((pair) => pair.findings)
        .map(({ tag }) => tag)
        .toSorted(),
    ).toEqual(["fresh", "v1", "v7"]);
    expect(report.remedies.map(({ result }) => result)).toEqual(["arrived", "arrived", "arrived"]);
    expect(tagsOf(scene.sandbox("b"))).toEqual(tagsOf(a));
    const everything = listedIn(
      scene
        .sandbox("b")
        .requests.all()
        .map(({ target }) => target),
    );
    expect(everything).toEqual(expect.arrayContaining(profile === "2.12" ? ["fill0"] : ["fill0/repo3"]));
  });

  test("where executions died before they had tasks, the audit log says what they were about", async () => {
    await using scene = await inStep(profile);
    await whileFlowsDie(scene, () => {
      scene.sandbox("a").push("fill0/repo1", "fresh");
    });
    const [died] = await scene.port("a").executions({ policyId: 1, limit: 1 });
    expect(died).toMatchObject({ state: "failed", total: 0 });
    forgetRequests(scene);
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
    expect(listedIn(askedBeforeHealing(scene, "a"))).toEqual(["fill0/repo1"]);
  });
});

/** What a pass finds and asks before it heals, where one copy to fill0/repo1 has failed. */
async function afterOneFailed(
  spoil: (scene: Scene) => Promise<unknown> = () => Promise.resolve(),
): Promise<string[]> {
  await using scene = await inStep("2.9");
  await whileTasksFail(scene, () => scene.sandbox("a").push("fill0/repo1", "fresh"));
  await spoil(scene);
  forgetRequests(scene);
  expect((await scene.pass()).verdict).toBe("in-step");
  return listedIn(askedBeforeHealing(scene, "a"));
}

describe("everything is listed first", () => {
  test("not where all is well", async () => {
    expect(await afterOneFailed()).toEqual(["fill0/repo1"]);
  });

  test.each([
    ["the audit log of the source has a gap", (scene: Scene) => scene.store.audit.restart("a")],
    ["the audit log of the target has a gap", (scene: Scene) => scene.store.audit.restart("b")],
    [
      "the tasks can't be read",
      (scene: Scene): Promise<void> => {
        scene.sandbox("a").faults.fail(500, { path: "/tasks", times: 2 });
        return Promise.resolve();
      },
    ],
    [
      "it failed before the last pass began",
      async (scene: Scene) => {
        await scene.rest();
        await keepPass(scene);
      },
    ],
  ])("where %s", async (_, spoil) => {
    expect(await afterOneFailed(spoil)).toHaveLength(8);
  });

  test("where a project is older than it was: nothing is copied from it", async () => {
    await using scene = await inStep("2.9");
    await whileTasksFail(scene, () => scene.sandbox("a").push("fill0/repo1", "fresh"));
    await scene.store.memory.rewound({ registry: "a", project: "fill0", since: 0, reason: "restored" });
    forgetRequests(scene);
    const report = await scene.pass();
    expect(report.remedies).toEqual([]);
    expect(listedIn(askedBeforeHealing(scene, "a"))).toHaveLength(8);
    expect(
      scene
        .sandbox("b")
        .requests.all()
        .filter(({ target }) => /fill0\/.*repo1\/artifacts\?/.test(target)),
    ).toHaveLength(1);
  });

  test("where a project is another one of the same name than it was", async () => {
    await using scene = await inStep("2.9");
    await whileTasksFail(scene, () => scene.sandbox("a").push("fill0/repo1", "fresh"));
    const known = await scene.store.memory.project("a", "fill0");
    if (known === undefined) throw new Error("the project is not known");
    await scene.store.memory.keepProject("a", "fill0", { ...known, createdAt: known.createdAt - 1e6 });
    forgetRequests(scene);
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(listedIn(askedBeforeHealing(scene, "a"))).toHaveLength(8);
  });

  test("where so much failed that listing everything is as quick", async () => {
    await using scene = await inStep("2.9");
    await whileTasksFail(scene, () => {
      for (let i = 0; i < 6; i += 1) scene.sandbox("a").push(`fill${i % 2}/repo${i % 3}`, "fresh");
    });
    forgetRequests(scene);
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(listedIn(askedBeforeHealing(scene, "a"))).toHaveLength(8);
  });

  test("where nothing is known of the last pass", async () => {
    await using scene = await inStep("2.9");
    await scene.forget();
    await scene.pass();
    await whileTasksFail(scene, () => scene.sandbox("a").push("fill0/repo1", "fresh"));
    forgetRequests(scene);
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(listedIn(askedBeforeHealing(scene, "a"))).toHaveLength(8);
  });
});

test("where nothing failed the same is asked in the same order as without any evidence", async () => {
  const asked = async (kept: boolean): Promise<string[][]> => {
    await using scene = await inStep("2.9");
    if (!kept) {
      await scene.forget();
      await scene.pass();
      await scene.pass();
    }
    scene.sandbox("a").push("fill0/repo1", "fresh");
    await scene.rest();
    forgetRequests(scene);
    expect((await scene.pass()).verdict).toBe("in-step");
    return ["a", "b"].map((name) =>
      scene
        .sandbox(name)
        .requests.all()
        .map(({ method, target }) => `${method} ${target}`),
    );
  };
  expect(await asked(true)).toEqual(await asked(false));
});

test("what Harbor may still bring in a further run of its task is not looked at first", async () => {
  await using scene = await inStep("2.9");
  const b = scene.sandbox("b");
  b.faults.fail(500, { path: /^\/v2\/.+\/(blobs|manifests)\//, from: "replication" });
  scene.sandbox("a").push("fill0/repo1", "fresh");
  scene.clock.advance(5_000);
  scene.world.catchUp();
  b.faults.clear();
  expect(await scene.port("a").executions({ policyId: 1, limit: 1 })).toMatchObject([{ failed: 1 }]);
  forgetRequests(scene);
  expect(findings(await scene.pass())).toEqual(["in-flight fill0/repo1:fresh"]);
  const listings = b.requests.all().filter(({ target }) => /fill0\/.*repo1\/artifacts\?/.test(target));
  expect(listings).toHaveLength(1);
});

test("what the last pass left to a further run of its task is news to the next", async () => {
  await using scene = await inStep("2.9");
  await whileTasksFail(scene, () => scene.sandbox("a").push("fill0/repo1", "fresh"));
  const [failed] = await scene.port("a").executions({ policyId: 1, limit: 1 });
  const at = (failed?.endedAt ?? 0) + 120_000;
  const report = { startedAt: new Date(at).toISOString() };
  await scene.store.passes.save({ topology: "east", at: at + 1_000, report });
  forgetRequests(scene);
  expect((await scene.pass()).verdict).toBe("in-step");
  expect(listedIn(askedBeforeHealing(scene, "a"))).toEqual(["fill0/repo1"]);
});

test("of an execution with many tasks those that failed are looked at, and no other", async () => {
  await using scene = await inStep("2.9");
  const a = scene.sandbox("a");
  a.faults.loseNextEvents(1);
  a.push("fill0/repo1", "fresh");
  const b = scene.sandbox("b");
  b.faults.fail(500, { path: "/v2/fill0/repo1/manifests/fresh", from: "replication" });
  await scene.port("a").startExecution(1);
  await scene.rest();
  b.faults.clear();
  const [whole] = await scene.port("a").executions({ policyId: 1, limit: 1 });
  expect(whole).toMatchObject({ failed: 1 });
  expect(whole?.total).toBeGreaterThan(7);
  forgetRequests(scene);
  expect((await scene.pass()).verdict).toBe("in-step");
  expect(listedIn(askedBeforeHealing(scene, "a"))).toEqual(["fill0/repo1"]);
});

test("what is lost while healing begins is judged by what is known after it", async () => {
  await using scene = await inStep("2.9");
  const [a, b] = [scene.sandbox("a"), scene.sandbox("b")];
  await whileTasksFail(scene, () => a.push("fill0/repo1", "fresh"));
  const off = a.onRequest(({ method, path }) => {
    if (method !== "PUT" || !path.startsWith("/v2/")) return;
    off();
    b.faults.fail(500, { from: "replication" });
    a.push("fill1/repo0", "meanwhile");
    scene.clock.advance(2_000);
    scene.world.catchUp();
    b.faults.clear();
  });
  const report = await scene.pass();
  expect(findings(report)).toEqual([]);
  expect(tagsOf(b)).toEqual(tagsOf(a));
});

test("after an outage both kinds of evidence are followed together", async () => {
  await using scene = await inStep("2.12");
  await whileTasksFail(scene, () => scene.sandbox("a").push("fill0/repo1", "fresh"));
  scene.clock.advance(3_600_000);
  await scene.down("a");
  await scene.store.outages.saveReach("a", { up: false, contrary: 0 }, { from: scene.clock.now() });
  scene.sandbox("b").push("fill1/repo2", "fresh");
  await scene.rest();
  await scene.up("a");
  forgetRequests(scene);
  expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
  expect(listedIn(askedBeforeHealing(scene, "a"))).toEqual(["fill0/repo1", "fill1/repo2"]);
});

test("what failed again and again is asked about once a pass, and a stopped execution counts as failed", async () => {
  await using scene = await inStep("2.9");
  const a = scene.sandbox("a");
  scene.sandbox("b").faults.pauseReplication();
  a.faults.pauseReplication();
  a.push("fill0/repo1", "fresh");
  scene.clock.advance(1_000);
  scene.world.catchUp();
  const [running] = await scene.port("a").executions({ policyId: 1, limit: 1 });
  await scene.port("a").stopExecution(running?.id ?? 0);
  a.faults.resumeReplication();
  scene.sandbox("b").faults.resumeReplication();
  await scene.rest();
  expect(await scene.port("a").execution(running?.id ?? 0)).toMatchObject({ state: "stopped", stopped: 1 });
  forgetRequests(scene);
  const report = await scene.pass();
  expect(report.verdict).toBe("in-step");
  expect(findings(report)).toEqual([]);
  expect(listedIn(askedBeforeHealing(scene, "a"))).toEqual(["fill0/repo1"]);
  const tasks = a.requests
    .all()
    .filter(({ target }) => target.includes(`/executions/${running?.id ?? 0}/tasks`));
  expect(tasks).toHaveLength(1);
});

test("of three registries, each pair begins with what failed along its flows", async () => {
  await using scene = await inStep("2.9", { registries: { a: "2.9", b: "2.9", c: "2.9" } });
  await whileTasksFail(scene, () => scene.sandbox("a").push("fill0/repo1", "fresh"));
  scene.sandbox("a").requests.clear();
  const report = await scene.pass();
  expect(report).toMatchObject({ verdict: "in-step", proven: true });
  expect(new Set(report.remedies.map(({ remedy, result }) => `${remedy.to} ${result}`))).toEqual(
    new Set(["b arrived"]),
  );
  expect(listedIn(askedBeforeHealing(scene, "a"))).toEqual(["fill0/repo1"]);
  expect(tagsOf(scene.sandbox("b"))).toEqual(tagsOf(scene.sandbox("c")));
});

test("where the log of a third registry has a gap no pair does so: that one may be older than it was", async () => {
  await using scene = await inStep("2.9", { registries: { a: "2.9", b: "2.9", c: "2.9" } });
  await whileTasksFail(scene, () => scene.sandbox("a").push("fill0/repo1", "fresh"));
  await scene.store.audit.restart("c");
  scene.sandbox("a").requests.clear();
  expect((await scene.pass()).verdict).toBe("in-step");
  expect(listedIn(askedBeforeHealing(scene, "a"))).toHaveLength(8);
});

test("an outage that ended while the last pass was at work is looked at by the next", async () => {
  await using scene = await inStep("2.12");
  await scene.down("a");
  const from = scene.clock.now();
  await scene.store.outages.saveReach("a", { up: false, contrary: 0 }, { from });
  scene.sandbox("b").push("fill1/repo2", "fresh");
  await scene.rest();
  const startedAt = new Date(scene.clock.now()).toISOString();
  scene.clock.advance(60_000);
  await scene.up("a");
  const to = scene.clock.now();
  await scene.store.outages.saveReach("a", { up: true, contrary: 0, lastGood: to }, { from, to });
  scene.clock.advance(60_000);
  await scene.store.passes.save({ topology: "east", at: scene.clock.now(), report: { startedAt } });
  // What died in that time is known by now, and not looked at again: the log of b alone tells.
  forgetRequests(scene);
  expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
  expect(listedIn(askedBeforeHealing(scene, "b"))).toEqual(["fill1/repo2"]);
});
