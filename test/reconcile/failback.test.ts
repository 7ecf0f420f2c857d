import { describe, expect, test } from "vitest";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { findings, LOOK, Scene, tagsOf } from "../support/scene.ts";

const PROFILES: readonly ProfileName[] = ["2.1", "2.7", "2.9", "2.12", "2.14", "2.16"];

/** Two masters in step on three tags; then a is away while b gets a new, a moved and a deleted one. */
async function afterOutage(profile: ProfileName, known = true): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: profile, b: profile } });
  await scene.pass();
  const a = scene.sandbox("a");
  for (const tag of ["keep", "moved", "gone"]) a.push("library/team/app", tag);
  await scene.rest();
  if (known) expect((await scene.pass()).verdict).toBe("in-step");
  await scene.down("a");
  const b = scene.sandbox("b");
  b.push("library/team/app", "fresh");
  b.push("library/team/app", "moved");
  b.deleteTag("library/team/app", "gone");
  scene.clock.advance(60_000);
  scene.world.catchUp();
  await scene.up("a");
  return scene;
}

describe.each(PROFILES)("the failback gap on %s", (profile) => {
  test("is found, healed in the direction of the survivor, and proven; the deletion is a notice", async () => {
    await using scene = await afterOutage(profile);
    const survivor = tagsOf(scene.sandbox("b"));
    const gap = await scene.look();
    expect(findings(gap)).toEqual([
      "deleted library/team/app:gone",
      "missing library/team/app:fresh b>a",
      "stale library/team/app:moved b>a",
    ]);
    const healed = await scene.pass();
    expect(healed).toMatchObject({ verdict: "in-step", proven: true });
    expect(findings(healed)).toEqual(["deleted library/team/app:gone"]);
    expect(tagsOf(scene.sandbox("b"))).toEqual(survivor);
    const { "library/team/app:gone": gone, ...rest } = tagsOf(scene.sandbox("a"));
    expect(rest).toEqual(survivor);
    expect(gone).toBeDefined();
  });

  test("a second pass writes nothing, and nothing of the healing is left", async () => {
    await using scene = await afterOutage(profile);
    await scene.pass();
    await scene.rest();
    const content = (): unknown[] => [tagsOf(scene.sandbox("a")), tagsOf(scene.sandbox("b"))];
    const before = content();
    const writes = scene.writes();
    const again = await scene.pass();
    expect(again).toMatchObject({ verdict: "in-step", proven: true, remedies: [] });
    expect(scene.writes()).toBe(writes);
    expect(content()).toEqual(before);
    for (const name of ["a", "b"]) {
      const policies = await scene.port(name).replicationPolicies();
      expect(policies.map((policy) => [policy.name, policy.enabled])).toEqual([
        [`tidelock.east.${name}-to-${name === "a" ? "b" : "a"}`, true],
      ]);
    }
  });

  test("without any store the moved tag is known by the executions that died, and the deleted one by the audit log", async () => {
    await using scene = await afterOutage(profile, false);
    await scene.forget();
    scene.clock.advance(300_000);
    const survivor = tagsOf(scene.sandbox("b"));
    expect(findings(await scene.look())).toEqual([
      "deleted library/team/app:gone",
      "stale library/team/app:moved b>a",
      "unproven library/team/app:fresh b>a",
    ]);
    const healed = await scene.pass();
    expect(healed.verdict).toBe("in-step");
    expect(tagsOf(scene.sandbox("b"))).toEqual(survivor);
    expect(tagsOf(scene.sandbox("a"))).toMatchObject(survivor);
  });

  test("without any store and any audit log the deleted one comes back", async () => {
    await using scene = await afterOutage(profile, false);
    await scene.forget();
    for (const name of ["a", "b"]) scene.sandbox(name).purgeAudit(0);
    scene.clock.advance(300_000);
    expect(findings(await scene.look())).toContain("unproven library/team/app:gone a>b");
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(tagsOf(scene.sandbox("a"))).toEqual(tagsOf(scene.sandbox("b")));
  });

  test("without any store, and with executions swept away, only the audit log of 2.13 and later tells who moved a tag", async () => {
    await using scene = await afterOutage(profile, false);
    await scene.forget();
    for (let i = 0; i < 60; i += 1) scene.sandbox("b").push("library/other", "busy");
    await scene.rest();
    scene.sandbox("b").sweep();
    await scene.rest();
    const before = { a: tagsOf(scene.sandbox("a")), b: tagsOf(scene.sandbox("b")) };
    const report = await scene.pass();
    const moved = "library/team/app:moved";
    const namesDigests = profile === "2.14" || profile === "2.16";
    if (profile !== "2.1") {
      const conflict = namesDigests ? [] : [`conflict ${moved}`];
      expect(findings(report)).toEqual([...conflict, "deleted library/team/app:gone"]);
      expect(tagsOf(scene.sandbox("a"))[moved]).toBe(namesDigests ? before.b[moved] : before.a[moved]);
    }
    expect(tagsOf(scene.sandbox("b"))[moved]).toBe(before.b[moved]);
  });

  test("looking changes nothing", async () => {
    await using scene = await afterOutage(profile);
    const state = (): unknown[] => [scene.sandbox("a").snapshot(), scene.sandbox("b").snapshot()];
    const before = state();
    await scene.pass(LOOK);
    await scene.pass({ ...LOOK, configure: true });
    expect(state()).toEqual(before);
  });
});

describe("mixed versions", () => {
  test.each([
    ["2.1", "2.16"],
    ["2.14", "2.7"],
  ] as const)("%s and %s", async (left, right) => {
    await using scene = await Scene.create({ registries: { a: left, b: right } });
    await scene.pass();
    scene.sandbox("a").push("library/app", "v1");
    await scene.rest();
    await scene.pass();
    await scene.down("a");
    scene.sandbox("b").push("library/app", "v2");
    scene.clock.advance(1000);
    scene.world.catchUp();
    await scene.up("a");
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
    expect(tagsOf(scene.sandbox("a"))).toEqual(tagsOf(scene.sandbox("b")));
  });
});

describe("what was acknowledged after an outage", () => {
  test("is not overwritten by what was pushed during it", async () => {
    await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
    await scene.pass();
    scene.sandbox("a").push("library/app", "t");
    await scene.rest();
    await scene.pass();
    await scene.down("b");
    const during = scene.sandbox("a").push("library/app", "t");
    scene.clock.advance(1000);
    scene.world.catchUp();
    await scene.up("b");
    scene.clock.advance(3_600_000);
    scene.sandbox("b").faults.loseNextEvents(1);
    const after = scene.sandbox("b").push("library/app", "t");
    await scene.rest();
    expect(findings(await scene.pass())).toEqual(["conflict library/app:t"]);
    expect(tagsOf(scene.sandbox("a"))["library/app:t"]).toBe(during);
    expect(tagsOf(scene.sandbox("b"))["library/app:t"]).toBe(after);
  });
});
