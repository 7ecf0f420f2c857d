import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { withLease } from "../../src/cli/commands/with-lease.ts";
import { compose, leaseOwner, type App } from "../../src/compose.ts";
import { openDatabase } from "../../src/store/embedded/database.ts";
import { openStore } from "../../src/store/embedded/open.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { cliProcess } from "../support/killable-cli.ts";
import { tagsOf } from "../support/killable-story.ts";
import { showsStack } from "../support/run-cli.ts";
import { cliStage, type Stage } from "../support/run-cli-stage.ts";

/** What stands where the store should be; returns a file that must stay as it is. */
type Spoil = (stage: Stage) => Promise<string | undefined>;

const SPOILED: readonly (readonly [string, Spoil, RegExp])[] = [
  [
    "is garbage",
    async (stage) => {
      const path = join(stage.folder, "garbage.db");
      await writeFile(path, "this is no store\n".repeat(500));
      stage.useStore(path);
      return path;
    },
    /not a database/,
  ],
  [
    "was cut off",
    async (stage) => {
      const path = join(stage.folder, "half.db");
      await writeFile(path, (await readFile(stage.store)).subarray(0, 6000));
      stage.useStore(path);
      return path;
    },
    /malformed|corrupt|disk image|I\/O/i,
  ],
  [
    "was written by a newer Tidelock",
    async (stage) => {
      const path = join(stage.folder, "newer.db");
      const database = await openDatabase(path);
      database.exec("PRAGMA user_version = 999");
      database.close();
      stage.useStore(path);
      return path;
    },
    /newer Tidelock/,
  ],
  [
    "is a folder",
    async (stage) => {
      await mkdir(join(stage.folder, "other", "tidelock.db"), { recursive: true });
      stage.useStore(join(stage.folder, "other", "tidelock.db"));
      return undefined;
    },
    /unable to open|directory/i,
  ],
  [
    "lies under a file",
    (stage) => {
      stage.useStore(join(stage.policies, "tidelock.db"));
      return Promise.resolve(undefined);
    },
    /ENOTDIR|EEXIST|not a directory/i,
  ],
  [
    "is a link to itself",
    async (stage) => {
      const path = join(stage.folder, "loop.db");
      await symlink(path, path);
      stage.useStore(path);
      return undefined;
    },
    /unable to open|symbolic|loop/i,
  ],
];

describe("a store that can't be used costs a sentence with a hint, and caution; nothing else", () => {
  test.each(SPOILED)("one that %s", async (_, spoil, says) => {
    await using stage = await cliStage();
    await stage.cli("reconcile");
    const kept = await spoil(stage);
    const before = kept === undefined ? undefined : await readFile(kept);
    stage.b.push("library/app", "1.0");
    await stage.quiet();
    const ran = await stage.cli("reconcile");
    expect(ran.code, ran.text).toBe(0);
    const warning = ran.err.find((line) => line.includes(" the store "));
    expect(warning, ran.text).toMatch(says);
    const { level, hint } = JSON.parse(warning ?? "") as Record<string, unknown>;
    expect([level, hint]).toEqual([40, expect.stringMatching(/\w+ \w+/)]);
    expect(showsStack(ran)).toBe(false);
    expect(tagsOf(stage.a)).toEqual(tagsOf(stage.b));
    if (kept !== undefined) expect(await readFile(kept)).toEqual(before);
  });

  test.each([["health"], ["status"], ["diff"], ["plan"]])("%s goes on without one", async (command) => {
    await using stage = await cliStage();
    await stage.cli("reconcile");
    stage.useStore(join(stage.folder, "garbage.db"));
    await writeFile(stage.store, "this is no store\n".repeat(500));
    const ran = await stage.cli(command);
    expect(ran.err.join("\n")).toContain("not a database");
    expect(ran.code, ran.text).toBe(0);
    expect(showsStack(ran)).toBe(false);
  });

  test("a full disk is met in the middle of a run: it is told, and the content is healed all the same", async () => {
    await using stage = await cliStage();
    await stage.cli("reconcile");
    for (let i = 0; i < 60; i += 1) stage.b.push("library/app", `1.${i}`);
    await stage.quiet();
    const ran = await cliProcess(["reconcile"], {
      environment: stage.environment,
      shell: 'ulimit -f 24; "$@"',
    });
    expect([ran.code, ran.signal], ran.text).toEqual([0, null]);
    expect(ran.text).toMatch(/using the store .+ failed: .*(full|I\/O|too large)/i);
    expect(ran.text).toContain("free some disk");
    expect(showsStack(ran)).toBe(false);
    expect((await stage.cli("reconcile")).code).toBe(0);
  });

  test("a lease that a killed process left keeps nobody out, and health does not take it for healing", async () => {
    await using stage = await cliStage();
    await stage.cli("reconcile");
    const gone = await cliProcess(["version"], { environment: {} });
    await leaseFor(stage, leaseOwner().replace(`:${process.pid}:`, `:${gone.pid}:`));
    expect((await stage.cli("health")).out[0]).toMatch(/^OK - east/);
    expect((await stage.cli("reconcile")).code).toBe(0);
  });

  test.each([
    ["of a process in another container of the same name", ":0a1b2c3d:x.1"],
    ["in the first form, which names no container", ""],
  ])("a lease %s is not taken before its end", async (_, where) => {
    await using stage = await cliStage();
    await stage.cli("reconcile");
    const unknownHere = await cliProcess(["version"], { environment: {} });
    const owner = `${hostname()}:${unknownHere.pid}${where}`;
    await leaseFor(stage, owner);
    const kept = await stage.cli("reconcile");
    expect([kept.code, kept.text]).toEqual([1, expect.stringContaining("[ALREADY_RUNNING]")]);
    await leaseFor(stage, owner, Date.now() - 60_000);
    expect((await stage.cli("reconcile")).code).toBe(0);
  });

  test("its folder is made when there is none, for nobody else to read", async () => {
    await using stage = await cliStage();
    stage.useStore(join(stage.folder, "deep", "er", "tidelock.db"));
    expect((await stage.cli("reconcile")).err.join("\n")).not.toContain(" the store ");
    const { mode } = await stat(dirname(stage.store));
    expect(mode & 0o077).toBe(0);
  });
});

/** As if somebody had taken the lease of the topology at that moment, for a minute. */
async function leaseFor({ store: path }: Stage, owner: string, at = Date.now()): Promise<void> {
  const store = await openStore({ path, isAlive: () => true, warn: () => undefined });
  await store.leases.take("east", owner, at, 60_000);
  await store.close();
}

/** Work that holds the lease of a topology until it is ended. */
async function holding(app: App, topology: string): Promise<() => Promise<void>> {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  let work: Promise<void> = Promise.resolve();
  await new Promise<void>((begun, failed) => {
    work = withLease(app, topology, () => {
      begun();
      return ended;
    });
    work.catch(failed);
  });
  return () => {
    end();
    return work;
  };
}

describe("a lease", () => {
  const open = ({ environment }: Stage): Promise<App> =>
    compose({ environment, flags: {}, err: () => undefined });

  test("has one holder, also where two programs have one host name and one process id", async () => {
    await using stage = await cliStage();
    await using one = await open(stage);
    await using other = await open(stage);
    const end = await holding(one, "east");
    await expect(withLease(other, "east", () => Promise.resolve())).rejects.toMatchObject({
      code: "ALREADY_RUNNING",
      message: `working on east failed: ${hostname()}:${process.pid} is at it`,
    });
    await end();
    await withLease(other, "east", () => Promise.resolve());
  });

  test("keeps nobody from another one: a daemon has its own beside those of its passes, and renews each", async () => {
    await using stage = await cliStage();
    await using app = await open(stage);
    const clock = new AutoClock({ start: Date.now(), turns: 20 });
    const ends = [await holding({ ...app, clock }, "*daemon"), await holding({ ...app, clock }, "east")];
    await clock.sleep(10 * 60_000);
    for (const name of ["*daemon", "east"]) {
      const holder = await app.store.leases.holder(name);
      expect(holder?.until, name).toBeGreaterThan(clock.now());
    }
    for (const end of ends) await end();
    expect(await app.store.leases.holder("east")).toBeUndefined();
  });
});
