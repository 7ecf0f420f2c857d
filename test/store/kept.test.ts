import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AuditFact } from "../../src/failback/audit-fact.ts";
import type { Decision } from "../../src/failback/decision.ts";
import type { BaseEntry } from "../../src/parity/model.ts";
import { openDatabase } from "../../src/store/embedded/database.ts";
import { openStore } from "../../src/store/embedded/open.ts";
import type { RemedyRecord, Rescue, Store } from "../../src/store/store.ts";
import { digestOf } from "../support/digests.ts";

const DAY_MS = 86_400_000;
let folder = "";
let store: Store;
const told: string[] = [];
const open = (): Promise<Store> =>
  openStore({
    path: join(folder, "x.db"),
    isAlive: () => true,
    warn: (sentence) => told.push(sentence),
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidelock-kept-"));
  told.length = 0;
  store = await open();
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** As a new process has it. */
async function again(): Promise<Store> {
  await store.close();
  store = await open();
  return store;
}

describe("the journal", () => {
  const remedy: RemedyRecord = {
    topology: "east",
    from: "a",
    to: "b",
    at: 10,
    kind: "scoped",
    subject: "l/a:v1",
    work: "w",
  };
  const tried = async (at: number, result: string, reason?: string): Promise<void> => {
    const id = await store.journal.record({ ...remedy, at });
    await store.journal.ended(id, { result, ...(reason === undefined ? {} : { reason }) });
  };

  test("counts the failures of one work since its last success", async () => {
    expect(await store.journal.failures("east", "w")).toBeUndefined();
    await tried(10, "failed", "first");
    await tried(20, "arrived");
    expect(await store.journal.failures("east", "w")).toBeUndefined();
    await tried(30, "failed", "disk");
    await tried(40, "incomplete", "quota");
    const other = await store.journal.record({ ...remedy, work: "another", at: 50 });
    await store.journal.ended(other, { result: "arrived" });
    await again();
    expect(await store.journal.failures("east", "w")).toEqual({ inARow: 2, lastAt: 40, reason: "quota" });
    expect(await store.journal.failures("west", "w")).toBeUndefined();
  });

  test("a try that was not begun, no longer needed, or never ended says nothing", async () => {
    await tried(10, "failed", "disk");
    await tried(20, "withheld", "stopped");
    await tried(30, "outdated");
    await store.journal.record({ ...remedy, at: 40 });
    expect(await store.journal.failures("east", "w")).toEqual({ inARow: 1, lastAt: 10, reason: "disk" });
    expect(await store.journal.begun("east", "a", "b", 45)).toHaveLength(4);
  });
});

const fact = (id: number, at: number, more: Partial<AuditFact> = {}): AuditFact => ({
  id,
  at,
  act: "push",
  repository: "l/a",
  tag: "v1",
  username: "anna",
  ...more,
});

describe("audit facts", () => {
  test("come oldest first, of one repository of one registry, with the mark", async () => {
    const deleted = fact(3, 30, { act: "delete-artifact", digest: digestOf("x") });
    await store.audit.append("a", { lastId: 3, lastAt: 30 }, [deleted, fact(1, 10)]);
    await store.audit.append("a", { lastId: 5, lastAt: 50 }, [fact(5, 50, { repository: "l/b" })]);
    await store.audit.append("b", { lastId: 9, lastAt: 90 }, [fact(9, 90)]);
    await again();
    expect(await store.audit.facts("a", "l/a")).toEqual([fact(1, 10), deleted]);
    expect(await store.audit.mark("a")).toEqual({ lastId: 5, lastAt: 50 });
    await store.audit.restart("a");
    expect([await store.audit.mark("a"), await store.audit.facts("a", "l/a")]).toEqual([undefined, []]);
    expect(await store.audit.facts("b", "l/a")).toHaveLength(1);
  });

  test("those of ninety days before the newest are dropped, in that registry alone", async () => {
    await store.audit.append("b", { lastId: 1, lastAt: 0 }, [fact(1, 0)]);
    await store.audit.append("a", { lastId: 2, lastAt: DAY_MS }, [fact(1, 0), fact(2, DAY_MS)]);
    await store.audit.append("a", { lastId: 3, lastAt: 91 * DAY_MS }, [fact(3, 91 * DAY_MS)]);
    expect((await store.audit.facts("a", "l/a")).map(({ id }) => id)).toEqual([2, 3]);
    expect(await store.audit.facts("b", "l/a")).toHaveLength(1);
  });

  test("the mark moves with the facts or not at all", async () => {
    const other = await openDatabase(join(folder, "x.db"));
    other.exec(
      "CREATE TRIGGER full BEFORE INSERT ON audit_fact WHEN new.id = 7 BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    other.close();
    await store.audit.append("a", { lastId: 7, lastAt: 70 }, [fact(6, 60), fact(7, 70)]);
    expect([await store.audit.mark("a"), await store.audit.facts("a", "l/a")]).toEqual([undefined, []]);
    expect(told).toHaveLength(1);
  });
});

describe("what tells a registry from its backup", () => {
  const memory = { id: 4, createdAt: 5, newest: [9, 8], selection: "s" };

  test("projects are kept, and the first rewind of each stands", async () => {
    await store.memory.keepProject("a", "l", { ...memory, newest: [] });
    await store.memory.keepProject("a", "l", memory);
    await store.memory.rewound({ registry: "a", project: "l", since: 1, reason: "first" });
    await store.memory.rewound({ registry: "a", project: "l", since: 2, reason: "second" });
    await again();
    expect(await store.memory.project("a", "l")).toEqual(memory);
    expect(await store.memory.project("b", "l")).toBeUndefined();
    expect(await store.memory.rewinds("a")).toEqual([
      { registry: "a", project: "l", since: 1, reason: "first" },
    ]);
  });

  test("accepting forgets what the registry was, on whichever side, and keeps what the others showed", async () => {
    const entry: BaseEntry = {
      digest: digestOf("y"),
      cold: false,
      pushedAt: { left: 1, right: 2 },
      seen: { left: [digestOf("x"), digestOf("y")], right: [digestOf("y")] },
    };
    const pairs = [
      { topology: "east", left: "a", right: "b" },
      { topology: "east", left: "b", right: "c" },
      { topology: "east", left: "a", right: "c" },
    ];
    for (const pair of pairs) {
      await store.base.open(pair, "f");
      await store.base.write(pair, [{ repository: "l/a", tag: "v1", entry }]);
      await store.base.markWarm(pair, ["l"]);
    }
    for (const registry of ["a", "b"]) {
      await store.memory.keepProject(registry, "l", memory);
      await store.memory.rewound({ registry, project: "", since: 1, reason: "older" });
      await store.audit.append(registry, { lastId: 1, lastAt: 1 }, [fact(1, 1)]);
    }
    await store.memory.accept("b");
    const warm = await Promise.all(pairs.map((pair) => store.base.isWarm(pair, "l/a")));
    expect(warm).toEqual([false, false, true]);
    const entries = await Promise.all(pairs.map((pair) => store.base.entries(pair, "l/a")));
    expect(entries.map((one) => one.get("v1"))).toEqual([
      { cold: true, pushedAt: { left: 1 }, seen: { left: entry.seen.left, right: [] } },
      { cold: true, pushedAt: { right: 2 }, seen: { left: [], right: entry.seen.right } },
      entry,
    ]);
    expect(await store.memory.rewinds("b")).toEqual([]);
    expect(await store.memory.project("b", "l")).toBeUndefined();
    expect(await store.audit.mark("b")).toBeUndefined();
    expect(await store.memory.rewinds("a")).toHaveLength(1);
    expect(await store.memory.project("a", "l")).toEqual(memory);
    expect(await store.audit.facts("a", "l/a")).toHaveLength(1);
  });
});

describe("decisions", () => {
  const decision: Decision = {
    topology: "east",
    left: "a",
    right: "b",
    repository: "l/a",
    tag: "v1",
    choice: "keep-left",
    at: 1,
    leftDigest: digestOf("x"),
  };

  test("one takes the place of an earlier one about the same tag of the same pair", async () => {
    const later: Decision = { ...decision, choice: "accept-deletion", at: 2, rightDigest: digestOf("y") };
    const other: Decision = { ...decision, right: "c" };
    await store.decisions.put(decision);
    await store.decisions.put(other);
    await store.decisions.put(later);
    await again();
    expect(await store.decisions.of("east")).toEqual([later, other]);
    await store.decisions.forget(later);
    expect(await store.decisions.of("east")).toEqual([other]);
    expect(await store.decisions.of("west")).toEqual([]);
  });
});

describe("pauses", () => {
  test("one ends by itself at its time, another one when it is ended", async () => {
    await store.pauses.begin({ name: "east", from: 10, until: 20 });
    await store.pauses.begin({ name: "west", from: 10 });
    await again();
    expect(await store.pauses.of("east", 19)).toEqual({ name: "east", from: 10, until: 20 });
    expect(await store.pauses.of("east", 20)).toBeUndefined();
    expect(await store.pauses.of("west", 1e15)).toEqual({ name: "west", from: 10 });
    await store.pauses.end("west");
    expect(await store.pauses.of("west", 15)).toBeUndefined();
  });
});

describe("incidents", () => {
  const incident = { topology: "east", kind: "gap", subject: "a/b", openedAt: 10 } as const;

  test("have a number, their entries in order, and an end", async () => {
    const first = await store.incidents.open(incident);
    const second = await store.incidents.open({ ...incident, kind: "outage", subject: "a", openedAt: 20 });
    await store.incidents.add(first, { at: 11, kind: "opened", text: "three tags" });
    await store.incidents.add(second, { at: 21, kind: "opened", text: "a is away" });
    await store.incidents.add(first, { at: 12, kind: "closed", text: "proven" });
    await store.incidents.close(first, 12);
    await store.incidents.close(first, 99);
    await again();
    const closed = { ...incident, id: first, closedAt: 12 };
    expect(await store.incidents.get(first)).toEqual({
      incident: closed,
      entries: [
        { at: 11, kind: "opened", text: "three tags" },
        { at: 12, kind: "closed", text: "proven" },
      ],
    });
    expect((await store.incidents.openOf("east")).map(({ id }) => id)).toEqual([second]);
    expect((await store.incidents.list(10)).map(({ id }) => id)).toEqual([second, first]);
    expect(await store.incidents.list(1)).toHaveLength(1);
    expect(await store.incidents.get(99)).toBeUndefined();
  });

  test("two that see the same at once open one", async () => {
    const first = await store.incidents.open(incident);
    expect(await store.incidents.open({ ...incident, openedAt: 15 })).toBe(first);
    expect(await store.incidents.open({ ...incident, kind: "outage" })).not.toBe(first);
    await store.incidents.close(first, 20);
    expect(await store.incidents.open({ ...incident, openedAt: 30 })).not.toBe(first);
  });

  test("one that could not be opened has the number 0, and gets no entries", async () => {
    await store.incidents.add(0, { at: 1, kind: "opened", text: "lost" });
    expect(await store.incidents.get(0)).toBeUndefined();
    const number = await store.incidents.open(incident);
    expect((await store.incidents.get(number))?.entries).toEqual([]);
  });
});

describe("rescued images", () => {
  test("one of the same registry, repository and rescue tag is kept once, as it was put aside last", async () => {
    const rescue: Rescue = {
      topology: "east",
      registry: "b",
      repository: "l/a",
      tag: "v1",
      digest: digestOf("x"),
      rescueTag: "tidelock-rescue-abc-v1",
      at: 5,
      reason: "it lost",
    };
    const last: Rescue = { ...rescue, at: 9, reason: "again", displaced: true };
    await store.rescues.add(rescue);
    await store.rescues.add(last);
    await store.rescues.add({ ...last, registry: "a" });
    await store.rescues.add({ ...rescue, registry: "a" });
    await again();
    expect(await store.rescues.of("east")).toEqual([{ ...rescue, registry: "a" }, last]);
    await store.rescues.remove(rescue);
    expect((await store.rescues.of("east")).map(({ registry }) => registry)).toEqual(["a"]);
  });
});

test("without its tables nothing is remembered, nothing throws, and it is told once", async () => {
  const other = await openDatabase(join(folder, "x.db"));
  for (const table of ["audit_fact", "rewind", "decision", "pause", "incident", "rescue", "remedy"]) {
    other.exec(`ALTER TABLE ${table} RENAME TO lost_${table}`);
  }
  other.close();
  const record = { topology: "east", from: "a", to: "b", at: 1, kind: "scoped", subject: "s", work: "w" };
  expect(await store.journal.record(record)).toBe(0);
  await store.journal.ended(0, { result: "arrived" });
  expect(await store.journal.failures("east", "w")).toBeUndefined();
  await store.audit.append("a", { lastId: 1, lastAt: 1 }, [fact(1, 1)]);
  expect(await store.audit.facts("a", "l/a")).toEqual([]);
  await store.memory.accept("a");
  expect(await store.memory.rewinds("a")).toEqual([]);
  expect(await store.decisions.of("east")).toEqual([]);
  await store.pauses.begin({ name: "east", from: 1 });
  expect(await store.pauses.of("east", 2)).toBeUndefined();
  const incident = { topology: "east", kind: "gap", subject: "a/b", openedAt: 1 } as const;
  expect(await store.incidents.open(incident)).toBe(0);
  expect([await store.incidents.list(5), await store.incidents.openOf("east")]).toEqual([[], []]);
  expect(await store.rescues.of("east")).toEqual([]);
  expect(told).toHaveLength(1);
  expect(store.impaired).toMatch(/using the store .* failed/);
});
