import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../src/store/embedded/open.ts";
import { policiesOf } from "../support/killable-story.ts";
import { lastJson, symbols, type Given } from "../support/run-cli.ts";
import { cliStage, DUAL_MASTER, type Stage } from "../support/run-cli-stage.ts";

const READ_ONLY: Given = { environment: { TIDELOCK_READ_ONLY: "1" } };
const writes = ({ a, b }: Stage): number => a.requests.writes() + b.requests.writes();

async function withGap(): Promise<Stage> {
  const stage = await cliStage();
  await stage.cli("reconcile");
  await stage.outage(() => stage.b.push("library/app", "1.0"));
  return stage;
}

describe("while nothing may be written", () => {
  let shared: Stage;
  beforeAll(async () => (shared = await withGap()));
  afterAll(() => shared[Symbol.asyncDispose]());

  test.each([
    [["reconcile"]],
    [["reconcile", "--prune", "--remedy", "toggle"]],
    [["heal"]],
    [["heal", "--remedy", "retrigger"]],
  ])("%j is a dry run, and says so", async (argv) => {
    const before = writes(shared);
    const dry = await shared.cli(...argv, "--dry-run");
    const ran = await shared.cliWith(READ_ONLY, ...argv);
    expect([ran.code, symbols(ran.out)]).toEqual([dry.code, symbols(dry.out)]);
    expect(ran.code).toBe(2);
    expect(ran.out).toContain("east: note: TIDELOCK_READ_ONLY is set: nothing was written to any Harbor");
    expect(writes(shared)).toBe(before);
  });

  test("a first reconcile shows what it would configure, and configures nothing", async () => {
    await using stage = await cliStage();
    const ran = await stage.cliWith(READ_ONLY, "reconcile");
    expect([ran.code, ran.out[0]]).toEqual([2, "east: configuration: 4 to do"]);
    expect(writes(stage)).toBe(0);
  });

  test("what belongs to no topology is shown, and stays", async () => {
    await using stage = await withGap();
    await stage.declare(DUAL_MASTER.replace("east", "west"));
    const before = writes(stage);
    const ran = await stage.cliWith(READ_ONLY, "reconcile", "--prune");
    expect(ran.out.join("\n")).toContain("tidelock.east.");
    expect(writes(stage)).toBe(before);
  });

  test("a daemon looks, keeps what it saw, and writes nothing", async () => {
    await using stage = await withGap();
    const before = writes(stage);
    const ran = await stage.cliWith(READ_ONLY, "daemon");
    expect(ran.code).toBe(0);
    expect(writes(stage)).toBe(before);
    const status = lastJson(await stage.cli("status", "--output", "json"));
    expect(status["topologies"]).toMatchObject([{ report: { verdict: "not-in-step", lag: { tags: 1 } } }]);
  });

  test("a rescue tag is not removed either", async () => {
    await using stage = await withGap();
    const digest = stage.b.push("library/app", "tidelock-rescue-1-1.0");
    const store = await openStore({ path: stage.store, isAlive: () => true, warn: () => undefined });
    await store.rescues.add({
      topology: "east",
      registry: "b",
      repository: "library/app",
      tag: "1.0",
      digest,
      rescueTag: "tidelock-rescue-1-1.0",
      at: 1,
      reason: "it lost",
    });
    await store.close();
    const before = writes(stage);
    const ran = await stage.cliWith(READ_ONLY, "rescues", "--remove", digest);
    expect([ran.code, ran.out]).toEqual([1, []]);
    expect(ran.text).toContain("[READ_ONLY]");
    expect(writes(stage)).toBe(before);
  });

  test("the same without it writes", async () => {
    await using stage = await withGap();
    const before = writes(stage);
    const ran = await stage.cliWith({ environment: { TIDELOCK_READ_ONLY: "0" } }, "heal");
    expect(ran.code).toBe(0);
    expect(writes(stage)).toBeGreaterThan(before);
  });

  test("a value that is neither yes nor no is refused before anything is done", async () => {
    await using stage = await withGap();
    const before = stage.a.requests.total();
    const ran = await stage.cliWith({ environment: { TIDELOCK_READ_ONLY: "maybe" } }, "reconcile");
    expect(ran.code).toBe(64);
    expect(ran.err[0]).toContain('reading TIDELOCK_READ_ONLY failed: "maybe" is neither yes nor no');
    expect(stage.a.requests.total()).toBe(before);
  });
});

describe("a topology that only observes", () => {
  const OBSERVING = `${DUAL_MASTER.replace("east", "west")}    mode: observe\n`;

  test("keeps --prune from deleting in its registries what another topology left", async () => {
    await using stage = await withGap();
    const names = (): string[] => [...policiesOf(stage.a), ...policiesOf(stage.b)].map(({ name }) => name);
    await stage.declare(OBSERVING);
    const before = [writes(stage), names()];
    const ran = await stage.cli("reconcile", "--prune");
    expect(ran.out.join("\n")).toMatch(/withheld: .*tidelock\.east\..* \([ab] is only watched now\)/);
    expect([writes(stage), names()]).toEqual(before);
    await stage.declare(DUAL_MASTER.replace("east", "west"));
    await stage.cli("reconcile", "--prune");
    expect(names()).toEqual(["tidelock.west.a-to-b", "tidelock.west.b-to-a"]);
  });
});
