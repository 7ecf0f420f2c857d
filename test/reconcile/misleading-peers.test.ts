import { describe, expect, test } from "vitest";
import { findingsOf } from "../../src/reconcile/report.ts";
import { findings, Scene, tagsOf } from "../support/scene.ts";

/** Two masters in step on two projects, known to the store. */
async function inStep(kind: "dual-master" | "master-slave" = "dual-master"): Promise<Scene> {
  const scene = await Scene.create({ kind, registries: { a: "2.9", b: "2.12" } });
  await scene.pass();
  scene.sandbox("a").createProject("private", { public: false });
  for (const tag of ["v1", "v2"]) {
    scene.sandbox("a").push("library/app", tag);
    scene.sandbox("a").push("private/app", tag);
  }
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  return scene;
}

const content = (scene: Scene): unknown => [tagsOf(scene.sandbox("a")), tagsOf(scene.sandbox("b"))];

describe("a peer that misleads causes no copy and no deletion", () => {
  test.each(["a", "b"])("%s answers everybody as anonymous", async (name) => {
    await using scene = await inStep();
    scene.sandbox(name).faults.anonymous();
    const before = content(scene);
    const report = await scene.pass();
    expect(report.verdict).toBe("not-in-step");
    expect(report.unreachable.map(({ registry, error }) => [registry, error.code])).toEqual([
      [name, "HARBOR_UNAUTHORIZED"],
    ]);
    expect(findingsOf(report.content)).toEqual([]);
    expect(content(scene)).toEqual(before);
  });

  test.each(["a", "b"])("%s forgets our account in the middle of a pass", async (name) => {
    await using scene = await inStep();
    const sandbox = scene.sandbox(name);
    const before = content(scene);
    sandbox.onRequest(({ path }) => {
      if (path.endsWith("/artifacts") || path.endsWith("/repositories")) sandbox.faults.anonymous();
    });
    const report = await scene.pass();
    expect(report.verdict).toBe("not-in-step");
    expect(findingsOf(report.content)).toEqual([]);
    expect(content(scene)).toEqual(before);
  });

  test.each(["a", "b"])("%s says nonsense of its executions: it is the one that is unread", async (name) => {
    await using scene = await inStep();
    scene.sandbox(name).faults.nonsense({ path: /\/replication\/executions/ });
    const report = await scene.pass();
    expect(report.content?.pairs.flatMap(({ unread }) => unread.map(({ registry }) => registry))).toEqual([
      name,
    ]);
  });

  test.each(["a", "b"])("%s lists nothing", async (name) => {
    await using scene = await inStep();
    scene.sandbox(name).faults.emptyListing();
    const before = content(scene);
    const report = await scene.pass();
    expect(findingsOf(report.content).filter(({ from }) => from !== undefined)).toEqual([]);
    expect(report.remedies).toEqual([]);
    expect(content(scene)).toEqual(before);
  });

  test.each(["a", "b"])("%s hides a project", async (name) => {
    await using scene = await inStep();
    scene.sandbox(name).faults.hideProject("private");
    const before = content(scene);
    const report = await scene.pass();
    expect(report.remedies).toEqual([]);
    expect(content(scene)).toEqual(before);
  });

  test.each(["a", "b"])(
    "%s comes back empty: everything is reported as deleted there, nothing is done",
    async (name) => {
      await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
      const fresh = scene.sandbox(name).faults.backup();
      await scene.pass();
      scene.sandbox("a").push("library/app", "v1");
      await scene.rest();
      expect((await scene.pass()).verdict).toBe("in-step");
      scene.sandbox(name).faults.restore(fresh);
      const other = name === "a" ? "b" : "a";
      const before = tagsOf(scene.sandbox(other));
      const report = await scene.pass({ configure: false });
      expect(findings(report)).toEqual(["deleted library/app:v1"]);
      expect(tagsOf(scene.sandbox(other))).toEqual(before);
      expect(tagsOf(scene.sandbox(name))).toEqual({});
    },
  );

  test("a comes back from an old backup: its older tag overwrites nothing", async () => {
    await using scene = await inStep();
    const old = scene.sandbox("a").faults.backup();
    scene.clock.advance(60_000);
    const newer = scene.sandbox("a").push("library/app", "v1");
    await scene.rest();
    expect((await scene.pass()).verdict).toBe("in-step");
    scene.sandbox("a").faults.restore(old);
    const report = await scene.pass();
    expect(findings(report)).toContain("rewound library/app:v1");
    expect(report.verdict).toBe("not-in-step");
    expect(tagsOf(scene.sandbox("b"))["library/app:v1"]).toBe(newer);
  });

  test.each(["a", "b"])("%s answers nonsense in the middle", async (name) => {
    await using scene = await inStep();
    scene.sandbox("a").push("library/app", "v3");
    await scene.rest();
    for (const fault of ["nonsense", "truncate"] as const) {
      scene.sandbox(name).faults[fault]({ path: "artifacts", from: "client" });
      const before = content(scene);
      const report = await scene.pass();
      expect(report.verdict).toBe("not-in-step");
      expect(report.content?.pairs.flatMap(({ unread }) => unread.map(({ error }) => error.code))).toContain(
        "HARBOR_NONSENSE",
      );
      expect(content(scene)).toEqual(before);
      scene.sandbox(name).faults.clear();
    }
  });
});

describe("isolation", () => {
  test("one project that can't be read does not keep the others from being healed", async () => {
    await using scene = await inStep();
    await scene.down("a");
    scene.sandbox("b").push("library/app", "new");
    scene.sandbox("b").push("private/app", "new");
    scene.clock.advance(1000);
    scene.world.catchUp();
    await scene.up("a");
    scene.sandbox("a").faults.fail(500, { path: /projects\/private\//, from: "client" });
    const report = await scene.pass();
    expect(report.verdict).toBe("not-in-step");
    expect(tagsOf(scene.sandbox("a"))["library/app:new"]).toBeDefined();
    expect(tagsOf(scene.sandbox("a"))["private/app:new"]).toBeUndefined();
    scene.sandbox("a").faults.clear();
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(tagsOf(scene.sandbox("a"))).toEqual(tagsOf(scene.sandbox("b")));
  });

  test("one repository that Harbor can't copy does not keep the others from being healed", async () => {
    await using scene = await inStep();
    await scene.down("a");
    const b = scene.sandbox("b");
    b.push("library/bad", "v1");
    b.push("library/good", "v1");
    scene.clock.advance(1000);
    scene.world.catchUp();
    await scene.up("a");
    scene.sandbox("a").faults.fail(500, { path: /\/v2\/library\/bad\//, from: "replication" });
    const report = await scene.pass();
    expect(findings(report)).toEqual(["missing library/bad:v1 b>a"]);
    expect(report.remedies.map(({ result }) => result).toSorted()).toEqual(["arrived", "incomplete"]);
    expect(tagsOf(scene.sandbox("a"))["library/good:v1"]).toBeDefined();
  });
});
