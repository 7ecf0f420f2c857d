import { describe, expect, test } from "vitest";
import { openStore } from "../../src/store/embedded/open.ts";
import type { Rescue } from "../../src/store/store.ts";
import { lastJson } from "../support/run-cli.ts";
import { cliStage, DUAL_MASTER, type Stage } from "../support/run-cli-stage.ts";

const RESCUE_TAG = "tidelock-rescue-0123456789ab-1.0";

/** `b` keeps an image under a rescue tag, which the store knows; so does `a`, unless said otherwise. */
async function withRescue(onBoth = true): Promise<{ stage: Stage; digest: string }> {
  const stage = await cliStage();
  await stage.cli("reconcile");
  const digest = stage.b.push("library/app", RESCUE_TAG, { seed: "loser" });
  if (onBoth) stage.a.push("library/app", RESCUE_TAG, { seed: "loser" });
  await stage.quiet();
  const rescue: Rescue = {
    topology: "east",
    registry: "b",
    repository: "library/app",
    tag: "1.0",
    digest,
    rescueTag: RESCUE_TAG,
    at: Date.now() - 120_000,
    reason: "a person decided",
  };
  const store = await openStore({ path: stage.store, isAlive: () => true, warn: () => undefined });
  await store.rescues.add(rescue);
  await store.close();
  return { stage, digest };
}

const has = (stage: Stage, side: "a" | "b"): boolean =>
  stage[side].tags().get("library/app")?.has(RESCUE_TAG) === true;

describe("images under a rescue tag", () => {
  test("are listed, also by status, with the command that removes them", async () => {
    const { stage, digest } = await withRescue();
    await using _ = stage;
    const lines = [
      `east: b library/app:${RESCUE_TAG}: was 1.0, kept 2m ago: a person decided`,
      `  to remove it: tidelock rescues east --remove ${digest}`,
    ];
    expect((await stage.cli("rescues")).out).toEqual(lines);
    expect((await stage.cli("rescues", "east")).out).toEqual(lines);
    expect((await stage.cli("status")).out).toEqual(expect.arrayContaining(lines));
    expect(lastJson(await stage.cli("rescues", "--output", "json"))).toMatchObject({
      rescues: [{ registry: "b", repository: "library/app", tag: "1.0", digest, rescueTag: RESCUE_TAG }],
    });
    const before = stage.a.requests.total() + stage.b.requests.total();
    await stage.cli("rescues");
    expect(stage.a.requests.total() + stage.b.requests.total()).toBe(before);
  });

  test("lose that tag on every registry when a person says so, and nothing else", async () => {
    const { stage, digest } = await withRescue();
    await using _ = stage;
    stage.b.push("library/app", "other", { seed: "loser" });
    await stage.quiet();
    expect([has(stage, "a"), has(stage, "b")]).toEqual([true, true]);
    const ran = await stage.cli("rescues", "east", "--remove", digest);
    expect([ran.code, ran.out]).toEqual([
      0,
      [`removed: a library/app:${RESCUE_TAG}`, `removed: b library/app:${RESCUE_TAG}`],
    ]);
    expect([has(stage, "a"), has(stage, "b")]).toEqual([false, false]);
    expect(stage.b.tags().get("library/app")?.get("other")).toBe(digest);
    expect((await stage.cli("rescues")).out).toEqual(["no image is kept under a rescue tag"]);
  });

  test("where a registry has none, that is no failure", async () => {
    const { stage, digest } = await withRescue(false);
    await using _ = stage;
    const ran = await stage.cli("rescues", "--remove", digest, "--output", "json");
    expect(ran.code).toBe(0);
    expect(lastJson(ran)).toMatchObject({
      removals: [
        { registry: "a", outcome: "was not there" },
        { registry: "b", outcome: "removed" },
      ],
    });
  });

  test("a rescue tag that somebody moved is left alone", async () => {
    const { stage, digest } = await withRescue(false);
    await using _ = stage;
    const moved = stage.b.push("library/app", RESCUE_TAG, { seed: "something else" });
    const ran = await stage.cli("rescues", "--remove", digest);
    expect([ran.code, ran.out.at(-1)]).toEqual([0, `was not there: b library/app:${RESCUE_TAG}`]);
    expect(stage.b.tags().get("library/app")?.get(RESCUE_TAG)).toBe(moved);
  });

  test("what could not be removed everywhere stays listed, and the command ends with 1", async () => {
    const { stage, digest } = await withRescue();
    await using _ = stage;
    stage.a.faults.down();
    await stage.settled();
    const ran = await stage.cli("rescues", "--remove", digest);
    expect([ran.code, ran.out.length]).toEqual([1, 2]);
    expect(ran.out[0]).toMatch(/^failed: a library\/app:\S+: .*connection/);
    expect(ran.out[1]).toBe(`removed: b library/app:${RESCUE_TAG}`);
    stage.a.faults.up();
    await stage.settled();
    expect((await stage.cli("rescues", "--remove", digest)).code).toBe(0);
    expect([has(stage, "a"), has(stage, "b")]).toEqual([false, false]);
  });

  test("are not removed where a topology only observes, nor beside a pass at work", async () => {
    const { stage, digest } = await withRescue();
    await using _ = stage;
    const store = await openStore({ path: stage.store, isAlive: () => true, warn: () => undefined });
    await store.leases.take("east", "elsewhere:1", Date.now(), 60_000);
    const busy = await stage.cli("rescues", "--remove", digest);
    expect([busy.code, busy.text]).toEqual([1, expect.stringContaining("[ALREADY_RUNNING]")]);
    await store.leases.release("east", "elsewhere:1");
    await store.close();
    await stage.declare(`${DUAL_MASTER}    mode: observe\n`);
    const observed = await stage.cli("rescues", "--remove", digest);
    expect([observed.code, observed.text]).toEqual([
      1,
      expect.stringContaining("east only observes [READ_ONLY]"),
    ]);
    expect([has(stage, "a"), has(stage, "b")]).toEqual([true, true]);
  });

  test.each([
    [["--remove", "0123456789ab"], '"0123456789ab" is no digest'],
    [
      ["--remove", `sha256:${"0".repeat(64)}`],
      `no image sha256:${"0".repeat(64)} is kept under a rescue tag`,
    ],
    [["west"], "no replicated topology is called west"],
  ])("rescues %j is a usage error", async (argv, message) => {
    await using stage = await cliStage();
    const ran = await stage.cli("rescues", ...argv);
    expect([ran.code, ran.out]).toEqual([64, []]);
    expect(ran.text).toContain(`error: ${message}`);
  });
});
