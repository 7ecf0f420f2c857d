import { AppError } from "../errors.ts";
import type { Answer } from "./answer.ts";

/** More is refused with 422. */
export const PAGE_SIZE = 100;
/** How often a listing by offset is read over when rows moved under it. */
const ROUNDS = 4;

export interface PageQuery {
  readonly page: number;
  readonly page_size: number;
  readonly sort?: string;
  readonly q?: string;
}

/** One listing of Harbor. */
export interface Listing<Row> {
  /** Named in failures, as in "the artifacts of library/app". */
  readonly of: string;
  /** The column that ids are sorted and asked for by; undefined where the Harbor is too old to sort. */
  readonly key: string | undefined;
  /** New rows come at the end only and none goes away, so that offsets hold. */
  readonly grows?: boolean;
  readonly ask: (query: PageQuery) => Promise<Answer>;
  readonly decode: (wire: unknown) => readonly Row[];
  readonly id: (row: Row) => number;
}

/** Every row once. `Link` is never followed: it is relative and badly escaped. */
export async function* rowsOf<Row>(listing: Listing<Row>): AsyncIterable<Row> {
  for await (const page of pagesOf(listing)) yield* page;
}

/** The same, as many at once as came at once: waiting for each single row would take longer than reading it. */
export function pagesOf<Row>(listing: Listing<Row>): AsyncIterable<readonly Row[]> {
  return listing.key === undefined ? byOffset(listing) : byKey(listing, listing.key);
}

export async function allRows<Row>(listing: Listing<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of rowsOf(listing)) rows.push(row);
  return rows;
}

/**
 * By ascending id, beyond the last one seen: what is written or deleted meanwhile shifts nothing. The next page is asked for before this one is
 * worked on, so that Harbor and we do not wait for each other.
 */
async function* byKey<Row>(listing: Listing<Row>, key: string): AsyncIterable<readonly Row[]> {
  let last: number | undefined;
  const ask = (): Promise<Answer> => {
    const beyond = last === undefined ? {} : { q: `${key}=[${last + 1}~]` };
    const answer = listing.ask({ page: 1, page_size: PAGE_SIZE, sort: key, ...beyond });
    // Who stops reading early leaves an answer behind that nobody waits for.
    answer.catch(() => undefined);
    return answer;
  };
  for (let asked: Promise<Answer> | undefined = ask(); asked !== undefined;) {
    const rows = listing.decode((await asked).json());
    for (const row of rows) {
      const id = listing.id(row);
      // Harbor ignores sort and q keys that it does not know; then this would leave rows out or never end.
      if (last !== undefined && id <= last) throw unordered(listing.of);
      last = id;
    }
    asked = rows.length < PAGE_SIZE ? undefined : ask();
    yield rows;
  }
}

/**
 * For Harbors before 2.3, which sort newest first and can't be told otherwise: pages by offset, each row once. A removal moves rows to pages
 * already read, so all is read over until in one round Harbor's count held still and as many rows came as it counts.
 */
async function* byOffset<Row>(listing: Listing<Row>): AsyncIterable<readonly Row[]> {
  const given = new Set<number>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    const came = new Set<number>();
    const totals = new Set<number | undefined>();
    for (let page = 1; ; page += 1) {
      const answer = await listing.ask({ page, page_size: PAGE_SIZE });
      totals.add(totalOf(answer));
      const rows = listing.decode(answer.json());
      const before = came.size;
      const fresh: Row[] = [];
      for (const row of rows) {
        const id = listing.id(row);
        came.add(id);
        if (given.has(id)) continue;
        given.add(id);
        fresh.push(row);
      }
      yield fresh;
      // Lists without pages (2.1 and 2.2 give all endpoints at once) repeat themselves.
      if (rows.length < PAGE_SIZE || came.size === before) break;
    }
    const [total] = totals;
    if (listing.grows === true) return;
    if (totals.size === 1 && (total === undefined || total === came.size)) return;
  }
  throw new AppError("HARBOR_BUSY", `${listing.of} changed while they were read, ${ROUNDS} times over`, {
    hint: "try again when less is pushed and deleted there",
  });
}

/** `X-Total-Count`, where Harbor sends it. */
export function totalOf(answer: Answer): number | undefined {
  const total = Number(answer.header("x-total-count") ?? Number.NaN);
  return Number.isSafeInteger(total) ? total : undefined;
}

function unordered(of: string): AppError {
  return new AppError("HARBOR_NONSENSE", `${of} did not come sorted by id`, {
    hint: "check what stands in front of that Harbor: it seems to drop parts of the query",
  });
}
