import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerFrom, type Answer } from "../../src/harbor/answer.ts";
import { pagesOf } from "../../src/harbor/listing.ts";
import type { Listing, PageQuery } from "../../src/harbor/page.ts";

/** A table of ids that answers as Harbor does, one request after the other in an order of its own. */
class Table {
  ids: number[];
  readonly asked: PageQuery[] = [];
  /** Called before each answer with how many were given. */
  meanwhile: (answers: number) => void = () => undefined;
  total: string | undefined;
  #answers = 0;

  constructor(ids: readonly number[]) {
    this.ids = [...ids];
  }

  listing(inLanes: boolean): Listing<number> {
    return {
      of: "the artifacts of a test",
      key: "id",
      inLanes,
      ask: (query) => this.#answer(query),
      decode: (wire) => wire as readonly number[],
      id: (row) => row,
    };
  }

  async #answer(query: PageQuery): Promise<Answer> {
    this.asked.push(query);
    await Promise.resolve();
    this.meanwhile((this.#answers += 1));
    const [, from = "0", to = ""] = /^id=\[(\d+)~(\d*)\]$/.exec(query.q ?? "id=[0~]") ?? [];
    const found = this.ids
      .filter((id) => id >= Number(from) && id <= (to === "" ? Infinity : Number(to)))
      .toSorted((one, other) => one - other);
    const first = (query.page - 1) * query.page_size;
    const headers = { "x-total-count": this.total ?? String(found.length) };
    const body = Buffer.from(JSON.stringify(found.slice(first, first + query.page_size)));
    const attempt = { doing: "listing", registry: "a", method: "GET", url: "/", secrets: [], now: 0 };
    return answerFrom(() => attempt, { status: 200, headers, body });
  }
}

interface Read {
  readonly ids: readonly number[];
  readonly lanes: readonly (readonly number[])[];
}

async function read(table: Table, inLanes = true): Promise<Read> {
  const lanes: number[][] = [];
  for await (const { rows, lane } of pagesOf(table.listing(inLanes))) (lanes[lane] ??= []).push(...rows);
  return { ids: lanes.flat(), lanes };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe("a long listing", () => {
  test.each([
    [899, 1],
    [1_000, 2],
    [1_500, 3],
    [2_000, 4],
    [2_050, 4],
    [10_000, 4],
  ])("of %i rows is read in %i lanes of one size, with one more request for each", async (count, lanes) => {
    const table = new Table(upTo(count));
    const found = await read(table);
    expect(found.ids).toEqual(table.ids);
    expect(found.lanes).toHaveLength(lanes);
    const sizes = found.lanes.map((lane) => lane.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(200);
    const pages = Math.ceil((count + 1) / 100);
    expect(table.asked.length).toBe(pages + lanes - 1);
  });

  test("is read in one where nobody asked for lanes, or Harbor does not say how long it is", async () => {
    const table = new Table(upTo(3_000));
    expect((await read(table, false)).lanes).toHaveLength(1);
    for (const total of ["", "many", "-5", "0"]) {
      const silent = new Table(upTo(3_000));
      silent.total = total;
      const found = await read(silent);
      expect(found.lanes).toHaveLength(1);
      expect(found.ids).toEqual(silent.ids);
    }
  });

  test("is read whole where Harbor says that it is far longer than it is", async () => {
    const table = new Table(upTo(1_200));
    table.total = "9007199254740991";
    expect((await read(table)).ids).toEqual(table.ids);
  });

  test("gives what stays exactly once, in order, whatever is written and deleted meanwhile", async () => {
    const ids = fc.uniqueArray(fc.nat({ max: 5_000 }), { minLength: 900, maxLength: 2_600 });
    const gone = fc.array(fc.array(fc.nat({ max: 5_000 }), { maxLength: 120 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(ids, gone, fc.nat({ max: 30 }), async (before, removals, news) => {
        const table = new Table(before);
        const stays = new Set(before);
        let next = 10_000;
        table.meanwhile = (answers) => {
          const removed = new Set(removals[answers]);
          table.ids = table.ids.filter((id) => !removed.has(id));
          for (const id of removed) stays.delete(id);
          for (let i = 0; i < news; i += 1) table.ids.push((next += 1));
          // It has to end some time.
          if (answers > 60) table.meanwhile = () => undefined;
        };
        const found = await read(table);
        for (const lane of found.lanes) expect(lane).toEqual(lane.toSorted((one, other) => one - other));
        expect(found.ids).toEqual([...new Set(found.ids)].toSorted((one, other) => one - other));
        const given = new Set(found.ids);
        expect([...stays].filter((id) => !given.has(id))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("is nonsense where a lane gives what belongs to another", async () => {
    const table = new Table(upTo(2_000));
    table.meanwhile = (answers) => {
      if (answers === 5) table.ids = table.ids.filter((id) => id !== 150);
    };
    const { ask } = table.listing(true);
    // The upper bound is dropped on the way.
    const cut = (query: PageQuery): Promise<Answer> =>
      ask(query.q === undefined ? query : { ...query, q: query.q.replace(/~\d+\]/, "~]") });
    const reading = async (): Promise<void> => {
      for await (const { rows } of pagesOf({ ...table.listing(true), ask: cut })) expect(rows).toBeDefined();
    };
    await expect(reading()).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
  });

  test("asks for nothing more once somebody stops reading, or a lane failed", async () => {
    const table = new Table(upTo(4_000));
    let pages = 0;
    for await (const { rows } of pagesOf(table.listing(true))) {
      expect(rows).toHaveLength(100);
      pages += 1;
      if (pages === 6) break;
    }
    const stopped = table.asked.length;
    await turns(50);
    expect(table.asked.length).toBe(stopped);

    const broken = new Table(upTo(4_000));
    broken.meanwhile = (answers) => {
      if (answers === 12) throw new Error("broken");
    };
    await expect(read(broken)).rejects.toThrow("broken");
    const asked = broken.asked.length;
    await turns(50);
    expect(broken.asked.length).toBe(asked);
    expect(asked).toBeLessThan(20);
  });
});

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await Promise.resolve();
}
