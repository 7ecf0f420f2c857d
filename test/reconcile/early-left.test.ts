import { describe, expect, test } from "vitest";
import type { HarborPort } from "../../src/harbor/port.ts";
import { runPass } from "../../src/reconcile/pass.ts";
import { parseDailyWindow } from "../../src/topology/daily-window.ts";
import { named } from "../bytes/world.ts";
import { askedBeforeHealing, listedIn } from "../support/first-listings.ts";
import { ACCOUNTS, findings, Scene, tagsOf, type SceneOptions } from "../support/scene.ts";

/** Two masters in step on 1 600 tags; then a is away while b works, which only its audit log and ours of the outage know. */
async function afterOutage(
  meanwhile: (scene: Scene) => void,
  { noticedAfter = 0, ...options }: Partial<SceneOptions> & { readonly noticedAfter?: number } = {},
): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.12", b: "2.12" }, front: "memory", ...options });
  for (const name of ["a", "b"]) {
    scene
      .sandbox(name)
      .fill({ projects: 2, repositories: 4, tags: 200, tagsPerArtifact: 20, prefix: "fill", seed: 3 });
  }
  await scene.pass();
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  await scene.down("a");
  if (noticedAfter > 0) meanwhile(scene);
  scene.clock.advance(noticedAfter);
  await scene.store.outages.saveReach("a", { up: false, contrary: 0 }, { from: scene.clock.now() });
  if (noticedAfter === 0) meanwhile(scene);
  await scene.rest();
  await scene.up("a");
  for (const name of ["a", "b"]) scene.sandbox(name).requests.clear();
  return scene;
}

describe("what was healed before everything is listed", () => {
  test("is proven only once its echoes have ended", async () => {
    await using scene = await afterOutage((world) => void world.sandbox("b").push("fill0/repo1", "fresh"));
    const a = scene.sandbox("a");
    a.faults.pauseReplication();
    const report = await scene.pass();
    expect(listedIn(askedBeforeHealing(scene, "b"))).toEqual(["fill0/repo1"]);
    expect(findings(report)).toEqual([]);
    expect(report).toMatchObject({ verdict: "not-in-step", proven: false });
    expect(report.warnings.join()).toContain("Harbor was still copying when both sides were read again");
    a.faults.resumeReplication();
    await scene.rest();
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
  });

  test("is told where its bytes are not served, and not called in step", async () => {
    const content = { seed: "x", layers: 2 };
    const layer = named("x", { layers: 2 }).layers[0] ?? "";
    await using scene = await afterOutage((world) => {
      world.sandbox("b").push("fill0/repo1", "first", content);
    });
    expect((await scene.pass()).verdict).toBe("in-step");
    await scene.down("a");
    await scene.store.outages.saveReach("a", { up: false, contrary: 0 }, { from: scene.clock.now() });
    scene.sandbox("b").push("fill0/repo1", "second", content);
    for (const name of ["a", "b"]) scene.sandbox(name).loseBlob(layer);
    await scene.rest();
    await scene.up("a");
    scene.sandbox("b").requests.clear();
    const report = await scene.pass();
    expect(listedIn(askedBeforeHealing(scene, "b"))).toEqual(["fill0/repo1"]);
    expect(tagsOf(scene.sandbox("a"))).toMatchObject({ "fill0/repo1:second": expect.any(String) as string });
    expect(findings(report).join()).toContain("unservable fill0/repo1:second");
    expect(report.verdict).toBe("not-in-step");
  });

  test("and did not help is not tried once more in the same pass", async () => {
    await using scene = await afterOutage((world) => void world.sandbox("b").push("fill0/repo1", "fresh"));
    scene.sandbox("a").faults.fail(500, { path: /^\/v2\/.+\/manifests\//, from: "replication" });
    const report = await scene.pass();
    expect(report.remedies.map(({ result, remedy }) => `${result} ${remedy.kind}`)).toHaveLength(1);
    expect(report.verdict).toBe("not-in-step");
  });
});

test("what was pushed some minutes before an outage was noticed is looked at first as well", async () => {
  await using scene = await afterOutage((world) => void world.sandbox("b").push("fill0/repo1", "fresh"), {
    noticedAfter: 300_000,
  });
  expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
  expect(listedIn(askedBeforeHealing(scene, "b"))).toEqual(["fill0/repo1"]);
});

test("a log that leaves something out names nothing", async () => {
  await using scene = await afterOutage((world) => {
    world.sandbox("b").push("fill0/repo1", "fresh");
  });
  const settings = {
    auditForwardedTo: "",
    auditNotKept: true,
    auditWithout: [],
    onlyAdministratorsCreateProjects: false,
  };
  const portOf = (name: string): HarborPort => ({
    ...scene.port(name),
    settings: () => Promise.resolve(settings),
  });
  const options = { configure: true, compare: true, heal: true, dryRun: false, prune: false };
  const deps = { ...scene.deps(), portOf };
  const report = await runPass(scene.topology, deps, options, new AbortController().signal);
  expect(report.verdict).toBe("in-step");
  expect(listedIn(askedBeforeHealing(scene, "b"))).toContain("fill1");
});

test("outside the window for healing nothing is looked at first", async () => {
  const window = parseDailyWindow("12:00-13:00");
  if (window === undefined) throw new Error("that is no window");
  await using scene = await afterOutage((world) => void world.sandbox("b").push("fill0/repo1", "fresh"));
  const closed = { ...scene.topology, heal: { ...scene.topology.heal, window } };
  const report = await scene.pass({}, closed);
  expect(report.remedies).toEqual([]);
  const all = scene
    .sandbox("b")
    .requests.all()
    .map(({ target }) => target);
  expect(listedIn(all)).toEqual(["fill0", "fill1", "library"]);
});

test("whether deletions are too many is seen from the whole, so none is taken over before everything is listed", async () => {
  await using scene = await afterOutage(
    (world) => {
      const b = world.sandbox("b");
      b.push("fill0/repo1", "fresh", { as: ACCOUNTS.person });
      for (let i = 0; i < 5; i += 1) b.deleteTag("fill0/repo1", `v${i}`, ACCOUNTS.person);
    },
    { separateAccounts: true, heal: { deletions: "replay" } },
  );
  scene.clock.advance(10 * 60_000);
  const requests = scene.sandbox("a").requests;
  const report = await scene.pass();
  expect(report.verdict).toBe("in-step");
  expect(Object.keys(tagsOf(scene.sandbox("a")))).not.toContain("fill0/repo1:v0");
  const lines = requests.all().map(({ method, target }) => `${method} ${target}`);
  const deleted = lines.findIndex((line) => line.startsWith("DELETE /api/v2.0/projects/fill0/"));
  const whole = lines.findIndex((line) => line.startsWith("GET /api/v2.0/projects/fill1/artifacts?"));
  expect(whole).toBeGreaterThan(-1);
  expect(deleted).toBeGreaterThan(whole);
});
