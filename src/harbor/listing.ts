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
  readonly ask: (query: PageQuery) => Promise<Answer>;
  readonly decode: (wire: unknown) => Row[];
  readonly id: (row: Row) => number;
}

/** Every row once. `Link` is never followed: it is relative and badly escaped. */
export function rowsOf<Row>(listing: Listing<Row>): AsyncIterable<Row> {
  return listing.key === undefined ? byOffset(listing) : byKey(listing, listing.key);
}

export async function allRows<Row>(listing: Listing<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of rowsOf(listing)) rows.push(row);
  return rows;
}

/** By ascending id, beyond the last one seen: what is written or deleted meanwhile shifts nothing. */
async function* byKey<Row>(listing: Listing<Row>, key: string): AsyncIterable<Row> {
  let last: number | undefined;
  for (;;) {
    const beyond = last === undefined ? {} : { q: `${key}=[${last + 1}~]` };
    const rows = listing.decode(
      (await listing.ask({ page: 1, page_size: PAGE_SIZE, sort: key, ...beyond })).json(),
    );
    for (const row of rows) {
      const id = listing.id(row);
      // Harbor ignores sort and q keys that it does not know; then this would leave rows out or never end.
      if (last !== undefined && id <= last) throw unordered(listing.of);
      last = id;
      yield row;
    }
    if (rows.length < PAGE_SIZE) return;
  }
}

/**
 * For Harbors before 2.3, which sort newest first and can't be told otherwise: pages by offset, each row once, read over as long as fewer rows
 * were seen than Harbor counts, since a deletion moves rows to pages already read.
 */
async function* byOffset<Row>(listing: Listing<Row>): AsyncIterable<Row> {
  const seen = new Set<number>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    let total: number | undefined;
    for (let page = 1; ; page += 1) {
      const answer = await listing.ask({ page, page_size: PAGE_SIZE });
      total = totalOf(answer) ?? total;
      const rows = listing.decode(answer.json());
      const fresh = rows.filter((row) => !seen.has(listing.id(row)));
      for (const row of fresh) {
        seen.add(listing.id(row));
        yield row;
      }
      // Lists without pages (2.1 and 2.2 give all endpoints at once) repeat themselves: nothing fresh, and no total.
      if (rows.length < PAGE_SIZE || (fresh.length === 0 && total === undefined)) break;
    }
    if (total === undefined || seen.size >= total) return;
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
