import { describe, expect, test } from "vitest";
import { createSlots } from "../../src/heal/slots.ts";
import { runPass } from "../../src/reconcile/pass.ts";
import { parseDailyWindow } from "../../src/topology/daily-window.ts";
import { findings, Scene, tagsOf } from "../support/scene.ts";

const HEALING = {
  configure: true,
  compare: true,
  heal: true,
  dryRun: false,
  prune: false,
} as const;
const MIDNIGHT = Date.UTC(2026, 0, 1);

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

  test("that closes while healing is at work: what has begun is finished, and nothing more is begun", async () => {
    await using scene = await withGap("00:00-00:21");
    const a = scene.sandbox("a");
    for (let i = 0; i < 12; i += 1) a.push(`library/more${i}`, "v1");
    await scene.rest();
    const begun: number[] = [];
    a.onRequest(({ method, path }) => {
      if (method === "POST" && path.endsWith("/replication/executions")) {
        begun.push(scene.clock.now());
        scene.clock.advance(30_000);
      }
    });
    const deps = { ...scene.deps(), slots: createSlots(1) };
    const report = await runPass(scene.topology, deps, HEALING, new AbortController().signal);
    expect(report.verdict).toBe("not-in-step");
    const left = report.remedies.filter(({ result }) => result === "withheld");
    expect(left.length).toBeGreaterThan(0);
    expect(begun.length).toBeGreaterThan(0);
    expect(begun.length + left.length).toBe(13);
    expect(Math.max(...begun)).toBeLessThan(MIDNIGHT + 21 * 60_000);
    for (const { reason } of left) expect(reason).toContain("healing may begin 00:00-00:21 UTC only");
  });
});
