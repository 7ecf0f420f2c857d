import { afterEach, describe, expect, test } from "vitest";
import { AutoClock } from "../support/auto-clock.ts";
import { collect, harborAt, harborOf } from "../support/harbor-at.ts";
import { scriptedServer, type Seen, type ScriptedServer } from "../support/scripted-server.ts";

let server: ScriptedServer | undefined;
afterEach(async () => server?.close());

interface Row {
  readonly id: number;
  readonly name: string;
}

/** A table as Harbor keeps it; `before` may change it ahead of each answered page. */
class Table {
  rows: Row[];
  pages = 0;
  before: (page: number) => void = () => undefined;

  constructor(count: number) {
    this.rows = Array.from({ length: count }, (_, i) => ({ id: i + 1, name: `library/r${i + 1}` }));
  }

  remove(id: number): void {
    this.rows = this.rows.filter((row) => row.id !== id);
  }

  add(id: number): void {
    this.rows.push({ id, name: `library/r${id}` });
  }

  answer(seen: Seen, honest = true) {
    this.pages += 1;
    this.before(this.pages);
    const sorted = seen.query.get("sort") !== null;
    const from = Number(/\[(\d+)~\]/.exec(seen.query.get("q") ?? "")?.[1] ?? 0);
    const rows = this.rows
      .filter((row) => !honest || row.id >= from)
      .sort((a, b) => (sorted ? a.id - b.id : b.id - a.id));
    const size = Number(seen.query.get("page_size"));
    const start = (Number(seen.query.get("page")) - 1) * size;
    return { body: rows.slice(start, start + size), headers: { "X-Total-Count": String(rows.length) } };
  }
}

async function names(version: string, table: Table, honest = true): Promise<string[]> {
  server = await scriptedServer(harborOf(version, (seen) => table.answer(seen, honest)));
  const harbor = harborAt(server.url, { clock: new AutoClock() });
  const found = await collect(harbor.repositories("library"));
  harbor.close();
  return found.map((repository) => repository.name);
}

describe("a listing by key", () => {
  test.each([0, 1, 99, 100, 101, 200, 250])("gives each of %i rows once, in order", async (count) => {
    const table = new Table(count);
    expect(await names("2.9.0", table)).toEqual(table.rows.map((row) => row.name));
    expect(table.pages).toBe(Math.floor(count / 100) + 1);
  });

  test("misses nothing that stays, whatever is removed and added meanwhile", async () => {
    const table = new Table(250);
    table.before = (page) => {
      for (let i = 1; i <= 40; i += 1) table.remove((page - 1) * 40 + i);
      if (page === 2) table.add(900);
    };
    const found = await names("2.9.0", table);
    for (const row of table.rows) expect(found).toContain(row.name);
    expect(new Set(found).size).toBe(found.length);
  });

  test("never silently leaves rows out when the condition is dropped on the way", async () => {
    await expect(names("2.9.0", new Table(150), false)).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
  });

  test("asks by the column that Harbor knows, with sort and condition", async () => {
    await names("2.9.0", new Table(101));
    const [first, second] = server?.seen.slice(2) ?? [];
    expect(Object.fromEntries(first?.query ?? [])).toEqual({
      page: "1",
      page_size: "100",
      sort: "repository_id",
    });
    expect(second?.query.get("q")).toBe("repository_id=[101~]");
  });
});

describe("a listing by offset, before 2.3", () => {
  test.each([0, 1, 100, 101, 250])("gives each of %i rows once", async (count) => {
    const table = new Table(count);
    expect((await names("2.1.6", table)).sort()).toEqual(table.rows.map((row) => row.name).sort());
    expect(server?.seen.every((seen) => seen.query.get("sort") === null)).toBe(true);
  });

  test("reads again what a removal moved to a page already read", async () => {
    const table = new Table(250);
    table.before = (page) => {
      if (page === 2) for (let id = 245; id <= 250; id += 1) table.remove(id);
    };
    const found = await names("2.1.6", table);
    for (const row of table.rows) expect(found).toContain(row.name);
    expect(new Set(found).size).toBe(found.length);
  });

  test("gives up on one that never holds still, rather than leave rows out", async () => {
    const table = new Table(250);
    table.before = () => {
      const newest = Math.max(...table.rows.map((row) => row.id));
      table.remove(newest);
      for (let i = 1; i <= 30; i += 1) table.add(newest + i);
    };
    server = await scriptedServer(
      harborOf("2.1.6", (seen) => {
        const answer = table.answer(seen);
        return { ...answer, headers: { "X-Total-Count": "100000" } };
      }),
    );
    await expect(collect(harborAt(server.url).repositories("library"))).rejects.toMatchObject({
      code: "HARBOR_BUSY",
    });
  });

  test("ends when a Harbor gives all endpoints at once, however many", async () => {
    const rows = Array.from({ length: 130 }, (_, i) => ({ id: i + 1, name: `e${i}` }));
    server = await scriptedServer(harborOf("2.1.6", () => ({ body: rows })));
    expect(await harborAt(server.url).endpoints()).toHaveLength(130);
  });
});
