import { describe, expect, test } from "vitest";
import { findings, Scene, tagsOf } from "../support/scene.ts";

async function gap(options: { moved: boolean; deletedOnA?: boolean }): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  await scene.pass();
  for (const tag of ["keep", "moved", "gone"]) scene.sandbox("a").push("library/app", tag);
  await scene.rest();
  await scene.pass();
  if (options.deletedOnA === true) scene.sandbox("a").deleteTag("library/app", "gone");
  await scene.down("a");
  scene.sandbox("b").push("library/app", "fresh");
  scene.clock.advance(10);
  if (options.moved) scene.sandbox("b").push("library/app", "moved");
  scene.clock.advance(1000);
  scene.world.catchUp();
  await scene.up("a");
  return scene;
}

describe("whole runs, when they are asked for", () => {
  test.each(["retrigger", "toggle"] as const)(
    "%s heals, and leaves the policy enabled and its description clean",
    async (remedy) => {
      await using scene = await gap({ moved: true });
      const before = await scene.port("b").replicationPolicies();
      const report = await scene.pass({ remedy });
      expect(report).toMatchObject({ verdict: "in-step", proven: true });
      expect(report.remedies.map(({ remedy: { kind }, result }) => [kind, result])).toEqual([
        [remedy, "arrived"],
      ]);
      expect(tagsOf(scene.sandbox("a"))).toEqual(tagsOf(scene.sandbox("b")));
      expect(await scene.port("b").replicationPolicies()).toEqual(before);
    },
  );

  test("are withheld where they would bring back what was deleted", async () => {
    await using scene = await gap({ moved: false, deletedOnA: true });
    const report = await scene.pass({ remedy: "retrigger" });
    expect(report.remedies.map(({ result }) => result)).toEqual(["withheld"]);
    expect(report.remedies[0]?.reason).toContain("library/app:gone (deleted)");
    expect(tagsOf(scene.sandbox("a"))["library/app:gone"]).toBeUndefined();
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(tagsOf(scene.sandbox("a"))["library/app:gone"]).toBeUndefined();
  });

  test("a toggle whose first half failed leaves the policy enabled, for Harbor may have done it", async () => {
    await using scene = await gap({ moved: false });
    const before = await scene.port("b").replicationPolicies();
    let failed = false;
    const off = scene.sandbox("b").onRequest(({ method, path }) => {
      if (method !== "PUT" || !path.includes("/replication/policies/")) return;
      off();
      failed = true;
      scene.sandbox("b").faults.fail(400, { method: "PUT", path: "policies", times: 1, applied: true });
    });
    const report = await scene.pass({ remedy: "toggle" });
    expect(failed).toBe(true);
    expect(report.remedies.map(({ result }) => result)).toEqual(["failed"]);
    expect(await scene.port("b").replicationPolicies()).toEqual(before);
  });

  test("are withheld where a part could not be read", async () => {
    await using scene = await gap({ moved: false });
    scene.sandbox("b").push("library/other", "v1");
    await scene.rest();
    scene.sandbox("a").faults.loseNextEvents(1);
    const newer = scene.sandbox("a").push("library/other", "v1");
    await scene.rest();
    scene.sandbox("a").faults.fail(500, { path: /repositories\/other\//, from: "client" });
    const report = await scene.pass({ remedy: "retrigger" });
    expect(report.remedies.map(({ result, reason }) => [result, reason])).toEqual([
      ["withheld", "a whole run to a might overwrite what could not be read"],
    ]);
    expect(tagsOf(scene.sandbox("a"))["library/other:v1"]).toBe(newer);
  });

  test("are withheld where they would overwrite what is newer on the target", async () => {
    await using scene = await gap({ moved: true });
    await scene.down("b");
    const newer = scene.sandbox("a").push("library/app", "keep");
    scene.clock.advance(1000);
    scene.world.catchUp();
    await scene.up("b");
    const report = await scene.pass({ remedy: "toggle" });
    expect(report.remedies.map(({ result }) => result)).toEqual(["withheld", "withheld"]);
    expect(tagsOf(scene.sandbox("a"))["library/app:keep"]).toBe(newer);
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(tagsOf(scene.sandbox("b"))["library/app:keep"]).toBe(newer);
  });
});

describe("budget and modes", () => {
  test("no more remedies an hour than are allowed; the rest comes later", async () => {
    await using scene = await Scene.create({
      kind: "master-slave",
      registries: { m: "2.9", s: "2.9" },
      heal: { remediesPerHour: 2 },
    });
    for (let i = 0; i < 4; i += 1) scene.sandbox("m").push(`library/app${i}`, "v1");
    await scene.rest();
    const first = await scene.pass();
    expect(first.remedies.map(({ result }) => result).toSorted()).toEqual([
      "arrived",
      "arrived",
      "withheld",
      "withheld",
    ]);
    expect(Object.keys(tagsOf(scene.sandbox("s")))).toHaveLength(2);
    scene.clock.advance(3_600_000);
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(tagsOf(scene.sandbox("s"))).toEqual(tagsOf(scene.sandbox("m")));
  });

  test("the oldest push of a repository comes first, missing tags and moved ones apart", async () => {
    await using scene = await gap({ moved: true });
    const report = await scene.pass();
    const order = report.remedies.map(({ remedy }) =>
      remedy.kind === "scoped" ? [remedy.override, remedy.tags[0]?.tag] : [],
    );
    expect(order).toEqual([
      [false, "fresh"],
      [true, "moved"],
    ]);
  });

  test("mode observe plans and reports, and writes nothing", async () => {
    await using scene = await gap({ moved: true });
    const writes = scene.writes();
    const report = await scene.pass({}, { ...scene.topology, mode: "observe" });
    expect(report.verdict).toBe("not-in-step");
    expect(findings(report)).toHaveLength(2);
    expect(scene.writes()).toBe(writes);
  });

  test("once told to stop, no further remedy is begun", async () => {
    await using scene = await gap({ moved: true });
    scene.stopping = true;
    const report = await scene.pass();
    expect(report.remedies).toEqual([]);
    expect(report.verdict).toBe("not-in-step");
  });
});

describe("what Harbor itself is doing", () => {
  test("echoes that do not end leave the healing unproven", async () => {
    await using scene = await gap({ moved: true });
    scene.sandbox("a").faults.pauseReplication();
    const report = await scene.pass();
    expect(report.remedies.map(({ result }) => result)).toEqual(["arrived", "arrived"]);
    expect(report).toMatchObject({ verdict: "not-in-step", proven: false });
    expect(report.warnings.join()).toContain("proves nothing yet");
    scene.sandbox("a").faults.resumeReplication();
    await scene.rest();
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true, remedies: [] });
  });

  test("an execution that is swept while it is looked at is no failure", async () => {
    await using scene = await Scene.create({ registries: { a: "2.7", b: "2.7" } });
    await scene.pass();
    const a = scene.sandbox("a");
    scene.sandbox("b").faults.fail(500, { path: /\/v2\/library\/bad\//, from: "replication" });
    a.push("library/bad", "v1");
    scene.clock.advance(5_000);
    scene.world.catchUp();
    let swept = false;
    const off = a.onRequest(({ path }) => {
      if (!path.includes("/tasks")) return;
      off();
      swept = true;
      for (let i = 0; i < 60; i += 1) a.push("library/busy", "v1", { seed: "same" });
      scene.clock.advance(5_000);
      scene.world.catchUp();
    });
    const report = await scene.look();
    expect(swept).toBe(true);
    expect(report.content?.pairs.flatMap(({ unread }) => unread)).toEqual([]);
  });

  test("is waited for, and what it brings is not brought again", async () => {
    await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
    await scene.pass();
    scene.sandbox("b").faults.stopJobservice();
    scene.sandbox("a").push("library/app", "v1");
    scene.clock.advance(300_000);
    scene.world.catchUp();
    const report = await scene.pass();
    expect(findings(report)).not.toContain("missing library/app:v1 b>a");
    scene.sandbox("b").faults.startJobservice();
    await scene.rest();
    expect((await scene.pass()).verdict).toBe("in-step");
  });

  test("what was pushed before Harbor was told to copy is brought by the very first pass", async () => {
    await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
    scene.sandbox("a").push("library/app", "v1");
    scene.clock.advance(1000);
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
    expect(tagsOf(scene.sandbox("b"))).toEqual(tagsOf(scene.sandbox("a")));
  });

  test("a lost event is a gap once it settled", async () => {
    await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
    await scene.pass();
    scene.sandbox("a").faults.loseNextEvents(1);
    scene.sandbox("a").push("library/app", "v1");
    expect(findings(await scene.look())).toEqual(["in-flight library/app:v1"]);
    await scene.rest();
    expect(findings(await scene.look())).toEqual(["missing library/app:v1 a>b"]);
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(tagsOf(scene.sandbox("b"))).toEqual(tagsOf(scene.sandbox("a")));
  });
});
