import { describe, expect, test } from "vitest";
import { parseDailyWindow } from "../../src/topology/daily-window.ts";
import { findings, Scene, tagsOf } from "../support/scene.ts";

/** It is midnight UTC when a scene begins; resting takes ten minutes. */
async function withGap(text: string): Promise<Scene> {
  const window = parseDailyWindow(text);
  if (window === undefined) throw new Error(`${text} is no window`);
  const scene = await Scene.create({
    registries: { a: "2.12", b: "2.12" },
    front: "memory",
    heal: { window },
  });
  scene.sandbox("a").push("library/app", "v1");
  await scene.rest();
  return scene;
}

describe("a window for healing", () => {
  test("that is closed: the gap is found and told, nothing is copied, and it is said why", async () => {
    await using scene = await withGap("03:00-05:00");
    const report = await scene.pass();
    expect(report.verdict).toBe("not-in-step");
    expect(findings(report)).toEqual(["unproven library/app:v1 a>b"]);
    expect(report.remedies).toEqual([]);
    expect(report.warnings.join()).toContain("healing may begin 03:00-05:00 UTC only");
    expect(tagsOf(scene.sandbox("b"))).toEqual({});
  });

  test("once it opens, the next pass heals", async () => {
    await using scene = await withGap("03:00-05:00");
    await scene.pass();
    scene.clock.advance(3 * 3_600_000);
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
  });

  test("does not bind who names a remedy", async () => {
    await using scene = await withGap("03:00-05:00");
    expect(await scene.pass({ remedy: "scoped" })).toMatchObject({ verdict: "in-step", proven: true });
  });
});
