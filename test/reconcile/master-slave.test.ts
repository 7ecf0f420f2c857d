import { describe, expect, test } from "vitest";
import { findings, Scene, tagsOf } from "../support/scene.ts";

async function master(
  slaves: Record<string, "2.1" | "2.9" | "2.16"> = { s1: "2.9", s2: "2.16" },
): Promise<Scene> {
  const scene = await Scene.create({ kind: "master-slave", registries: { m: "2.12", ...slaves } });
  const m = scene.sandbox("m");
  for (let i = 0; i < 12; i += 1) m.push(`library/app${i % 4}`, `v${i}`);
  m.createProject("team", { public: false });
  m.push("team/deep/tool", "v1");
  await scene.rest();
  return scene;
}

describe("master-slave", () => {
  test("bare, empty slaves are filled, projects and all, and a second pass writes nothing", async () => {
    await using scene = await master();
    const report = await scene.pass();
    expect(report).toMatchObject({ verdict: "in-step", proven: true });
    for (const slave of ["s1", "s2"])
      expect(tagsOf(scene.sandbox(slave))).toEqual(tagsOf(scene.sandbox("m")));
    await scene.rest();
    const writes = scene.writes();
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(scene.writes()).toBe(writes);
  });

  test("a lost slave is told, the other one is served, and it is healed when it returns", async () => {
    await using scene = await master();
    await scene.pass();
    await scene.down("s1");
    scene.sandbox("m").push("library/app0", "later");
    const during = await scene.pass();
    expect(during.verdict).toBe("not-in-step");
    expect(during.unreachable.map(({ registry }) => registry)).toEqual(["s1"]);
    await scene.rest();
    expect(tagsOf(scene.sandbox("s2"))).toEqual(tagsOf(scene.sandbox("m")));
    await scene.up("s1");
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(tagsOf(scene.sandbox("s1"))).toEqual(tagsOf(scene.sandbox("m")));
  });

  test("what happens on a slave never comes to the master", async () => {
    await using scene = await master({ s1: "2.9" });
    await scene.pass();
    const before = tagsOf(scene.sandbox("m"));
    const s1 = scene.sandbox("s1");
    s1.push("library/own", "v1");
    s1.push("library/app1", "v1");
    s1.deleteTag("library/app0", "v0");
    await scene.rest();
    const report = await scene.pass();
    expect(findings(report)).toEqual(["conflict library/app1:v1", "extra library/own:v1"]);
    expect(tagsOf(scene.sandbox("m"))).toEqual(before);
    expect(tagsOf(s1)["library/app0:v0"]).toBe(before["library/app0:v0"]);
  });

  test("a deletion on a slave is respected where that is declared", async () => {
    await using scene = await Scene.create({
      kind: "master-slave",
      registries: { m: "2.9", s: "2.9" },
      heal: { slaveDeletions: "respect" },
    });
    scene.sandbox("m").push("library/app", "v1");
    await scene.rest();
    await scene.pass();
    scene.sandbox("s").deleteTag("library/app", "v1");
    await scene.rest();
    const report = await scene.pass();
    expect(report.verdict).toBe("in-step");
    expect(findings(report)).toEqual(["deleted library/app:v1"]);
    expect(tagsOf(scene.sandbox("s"))).toEqual({});
  });
});

describe("selection", () => {
  test("only what is selected is copied, compared and told", async () => {
    await using scene = await Scene.create({
      kind: "master-slave",
      registries: { m: "2.9", s: "2.9" },
      topology: {
        content: { projects: ["team-*"], repositories: ["app/**"], tags: "v*", excludeTags: ["*-tmp"] },
      },
    });
    const m = scene.sandbox("m");
    for (const repository of ["team-a/app/x", "team-a/other", "else/app/x"]) {
      for (const tag of ["v1", "v1-tmp", "latest"]) m.push(repository, tag);
    }
    await scene.rest();
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(Object.keys(tagsOf(scene.sandbox("s")))).toEqual(["team-a/app/x:v1"]);
    m.push("team-a/app/x", "v2");
    m.push("team-a/app/x", "v2-tmp");
    await scene.rest();
    expect(Object.keys(tagsOf(scene.sandbox("s")))).toEqual(["team-a/app/x:v1", "team-a/app/x:v2"]);
    expect((await scene.pass()).verdict).toBe("in-step");
  });
});
