import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BaseEntry } from "../../src/parity/model.ts";
import { openDatabase } from "../../src/store/embedded/database.ts";
import { migrate } from "../../src/store/embedded/migrations.ts";
import { openStore } from "../../src/store/embedded/open.ts";
import type { Store } from "../../src/store/store.ts";
import { digestOf } from "../support/digests.ts";

let folder = "";
const told: string[] = [];
const open = (
  path = join(folder, "state", "x.db"),
  alive: (owner: string) => boolean = () => true,
): Promise<Store> => openStore({ path, isAlive: alive, warn: (sentence) => told.push(sentence) });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidelock-store-"));
  told.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pair = { topology: "east", left: "a", right: "b" };
const entry: BaseEntry = {
  digest: digestOf("x"),
  cold: false,
  deletedOn: "right",
  pushedAt: { left: 1, right: 2 },
  seen: { left: [digestOf("y"), digestOf("x")], right: [digestOf("x")] },
};

describe("the base", () => {
  test("is there again after closing", async () => {
    const first = await open();
    await first.base.open(pair, "f");
    await first.base.write(pair, [{ repository: "l/a", tag: "v1", entry }]);
    await first.base.markWarm(pair, ["l"]);
    await first.close();
    const again = await open();
    await again.base.open(pair, "f");
    expect(await again.base.entries(pair, "l/a")).toEqual(new Map([["v1", entry]]));
    expect(await again.base.isWarm(pair, "l/a")).toBe(true);
    expect(await again.base.isWarm(pair, "other/a")).toBe(false);
    await again.close();
    expect(told).toEqual([]);
  });

  test("becomes cold with another fingerprint, and keeps what it saw", async () => {
    const store = await open();
    await store.base.open(pair, "f");
    await store.base.write(pair, [{ repository: "l/a", tag: "v1", entry }]);
    await store.base.markWarm(pair, [""]);
    await store.base.open(pair, "other");
    expect(await store.base.isWarm(pair, "l/a")).toBe(false);
    expect(await store.base.entries(pair, "l/a")).toEqual(new Map([["v1", entry]]));
    await store.close();
  });

  test("lists the repositories of one project only", async () => {
    const store = await open();
    await store.base.open(pair, "f");
    const names = ["l/a", "l/b/c", "l2/a", "l-x/a", "l.x/a"];
    await store.base.write(
      pair,
      names.map((repository) => ({ repository, tag: "v1", entry })),
    );
    expect(await store.base.repositories(pair, "l")).toEqual(["l/a", "l/b/c"]);
    await store.base.write(pair, [{ repository: "l/a", tag: "v1" }]);
    expect(await store.base.repositories(pair, "l")).toEqual(["l/b/c"]);
    await store.close();
  });
});

describe("the projects that have entries", () => {
  test("are found however their names sort", async () => {
    const store = await open();
    await store.base.open(pair, "f");
    await store.base.open({ ...pair, topology: "west" }, "f");
    expect(await store.base.projects(pair)).toEqual([]);
    const names = ["l/a", "l/b/c", "l2/a", "l-x/a", "l-x-y/b", "l.x/a", "a/a", "a/z"];
    await store.base.write(
      pair,
      names.map((repository) => ({ repository, tag: "v1", entry })),
    );
    await store.base.write({ ...pair, topology: "west" }, [{ repository: "w/a", tag: "v1", entry }]);
    const projects = await store.base.projects(pair);
    expect(projects.toSorted()).toEqual(["a", "l", "l-x", "l-x-y", "l.x", "l2"]);
    await store.close();
  });
});

describe("outages", () => {
  test("one that was left open ends at the last answer of a registry that is up", async () => {
    const store = await open();
    const { outages } = store;
    await outages.saveReach("a", { up: false, contrary: 0, lastGood: 10 }, { from: 10 });
    await outages.saveReach("b", { up: false, contrary: 0, lastGood: 20 }, { from: 20 });
    await outages.saveReach("a", { up: true, contrary: 0, lastGood: 50 });
    expect(await outages.outages("a")).toEqual([{ from: 10, to: 50 }]);
    expect(await outages.outages("b")).toEqual([{ from: 20 }]);
    await store.close();
  });
});

describe("a store that fails in the middle", () => {
  async function spoiled(sql: string): Promise<Store> {
    const path = join(folder, "x.db");
    const store = await open(path);
    await store.base.open(pair, "f");
    await store.base.write(pair, [{ repository: "l/known", tag: "v1", entry }]);
    await store.base.markWarm(pair, ["l"]);
    const other = await openDatabase(path);
    other.exec(sql);
    other.close();
    return store;
  }

  test("nothing becomes warm while something could not be written", async () => {
    const store = await spoiled(
      "CREATE TRIGGER full BEFORE INSERT ON base BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
    );
    await store.base.write(pair, [{ repository: "m/a", tag: "v1", entry }]);
    await store.base.markWarm(pair, ["m"]);
    expect(await store.base.isWarm(pair, "m/a")).toBe(false);
    expect(await store.base.isWarm(pair, "l/known")).toBe(true);
    expect(told).toHaveLength(1);
    await store.base.open(pair, "f");
    await store.base.markWarm(pair, ["m"]);
    expect(await store.base.isWarm(pair, "m/a")).toBe(true);
    await store.close();
  });

  test("a repository whose entries could not be read is cold, not empty", async () => {
    const store = await spoiled("ALTER TABLE base RENAME TO elsewhere");
    expect(await store.base.entries(pair, "l/known")).toEqual(new Map());
    expect(await store.base.isWarm(pair, "l/known")).toBe(false);
    expect(await store.base.isWarm(pair, "l/other")).toBe(true);
    await store.close();
  });

  test("a pair that can't be opened anew is cold, whatever it was under its old fingerprint", async () => {
    const store = await spoiled(
      "CREATE TRIGGER full BEFORE UPDATE ON pair BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
    );
    const { turn } = await store.base.settled(pair, "l/known");
    await store.base.write(pair, [], { repository: "l/known", print: "p", turn });
    expect((await store.base.settled(pair, "l/known")).print).toBe("p");

    await store.base.open(pair, "g");
    expect(told).toHaveLength(1);
    expect(await store.base.isWarm(pair, "l/known")).toBe(false);
    expect((await store.base.settled(pair, "l/known")).print).toBe("");
    await store.base.markWarm(pair, ["l"]);
    expect(await store.base.isWarm(pair, "l/known")).toBe(false);
    expect(await store.base.entries(pair, "l/known")).toEqual(new Map([["v1", entry]]));

    const other = await openDatabase(join(folder, "x.db"));
    other.exec("DROP TRIGGER full");
    other.close();
    await store.base.open(pair, "g");
    expect(await store.base.isWarm(pair, "l/known")).toBe(false);
    expect((await store.base.settled(pair, "l/known")).print).toBe("");
    await store.base.markWarm(pair, ["l"]);
    expect(await store.base.isWarm(pair, "l/known")).toBe(true);
    await store.close();
  });

  test("two that begin with the same new store at once both use it", async () => {
    const first = await openDatabase(join(folder, "x.db"));
    const second = await openDatabase(join(folder, "x.db"));
    const late = {
      ...first,
      prepare: (sql: string) => first.prepare(sql),
      exec: (sql: string) => {
        if (sql.startsWith("BEGIN")) migrate(second, "second");
        first.exec(sql);
      },
    };
    expect(() => {
      migrate(late, "first");
    }).not.toThrow();
    first.close();
    second.close();
  });
});

describe("leases", () => {
  test("keep others out until they end, are given back, or their owner died", async () => {
    const store = await open(undefined, (owner) => owner !== "dead");
    const { leases } = store;
    expect(await leases.take("east", "one", 0, 100)).toBe(true);
    expect(await leases.take("east", "two", 50, 100)).toBe(false);
    expect(await leases.take("east", "one", 60, 100)).toBe(true);
    expect(await leases.take("east", "two", 160, 100)).toBe(true);
    await leases.release("east", "two");
    expect(await leases.take("east", "dead", 200, 100)).toBe(true);
    expect(await leases.take("east", "one", 201, 100)).toBe(true);
    await store.close();
  });
});

describe("a store that can't be used", () => {
  test("corrupt: said in a sentence, left as it is, and an empty one takes its place", async () => {
    const path = join(folder, "x.db");
    await writeFile(path, "this is no database, and long enough to be taken for one".repeat(50));
    const before = await readFile(path);
    const store = await open(path);
    expect(store.impaired).toMatch(/using the store .* failed/);
    expect(told).toHaveLength(1);
    await store.base.open(pair, "f");
    expect(await store.base.isWarm(pair, "l/a")).toBe(false);
    await store.base.write(pair, [{ repository: "l/a", tag: "v1", entry }]);
    await store.close();
    expect(await readFile(path)).toEqual(before);
  });

  test("newer: said in a sentence, and not written to", async () => {
    const path = join(folder, "x.db");
    const database = await openDatabase(path);
    database.exec("PRAGMA user_version = 999");
    database.close();
    const before = await readFile(path);
    const store = await open(path);
    expect(store.impaired).toMatch(/newer Tidelock/);
    await store.close();
    expect((await readFile(path)).subarray(0, 16)).toEqual(before.subarray(0, 16));
    const later = await openDatabase(path);
    expect(later.prepare("PRAGMA user_version").get()).toEqual({ user_version: 999 });
    later.close();
  });

  test("in a place that is a file: memory takes its place", async () => {
    const path = join(folder, "file", "x.db");
    await writeFile(join(folder, "file"), "");
    await chmod(join(folder, "file"), 0o600);
    const store = await open(path);
    expect(store.impaired).toBeDefined();
    await store.close();
  });
});
