import { AppError } from "../errors.ts";
import { Lane } from "./lane.ts";
import { PAGE_SIZE, totalOf, type KeyedListing, type Listing, type Page } from "./page.ts";
import { together } from "./together.ts";

/** How often a listing by offset is read over when rows moved under it. */
const ROUNDS = 4;

/** Every row once. `Link` is never followed: it is relative and badly escaped. */
export async function* rowsOf<Row>(listing: Listing<Row>): AsyncIterable<Row> {
  for await (const { rows } of pagesOf(listing)) yield* rows;
}

/** The same, as many at once as came at once: waiting for each single row would take longer than reading it. */
export function pagesOf<Row>(listing: Listing<Row>): AsyncIterable<Page<Row>> {
  const { key } = listing;
  return key === undefined ? byOffset(listing) : byKey({ ...listing, key });
}

export async function allRows<Row>(listing: Listing<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of rowsOf(listing)) rows.push(row);
  return rows;
}

/**
 * By ascending id. The next page is asked for before this one is worked on, so that Harbor and we do not wait for each other; a long listing goes on
 * in several lanes once its first page has said how long it is. These do not wait for each other either, so that each holds one page and not two.
 */
async function* byKey<Row>(
  listing: KeyedListing<Row>,
  lane: Lane<Row> = new Lane(listing),
): AsyncIterable<Page<Row>> {
  for (let asked = lane.ask(); asked !== undefined;) {
    const answer = await asked;
    const rows = lane.take(answer);
    const ends = lane.askForEnds(answer);
    const next = ends.length > 0 || lane.isPart ? undefined : lane.ask();
    yield { rows, lane: lane.number };
    if (ends.length > 0) {
      yield* together((await lane.split(ends)).map((part) => byKey(listing, part)));
      return;
    }
    asked = next ?? lane.ask();
  }
}

/**
 * For Harbors before 2.3, which sort newest first and can't be told otherwise: pages by offset, each row once. A removal moves rows to pages
 * already read, so all is read over until in one round Harbor's count held still and as many rows came as it counts.
 */
async function* byOffset<Row>(listing: Listing<Row>): AsyncIterable<Page<Row>> {
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
      yield { rows: fresh, lane: 0 };
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
