import type { Answer } from "./answer.ts";
import { PAGE_SIZE, totalOf, type KeyedListing } from "./page.ts";

/** Pages that a lane is worth: below that, finding where it begins takes longer than it saves. */
const LANE_PAGES = 5;
/** As many as requests go to one registry at once. */
const LANES = 4;

const UNORDERED = "the rows did not come sorted by id; parts of the query seem to be dropped on the way";

/** Ids beyond one, up to another that is included; without an end it goes on to what is written while it is read. */
interface Range {
  readonly beyond?: number;
  readonly to?: number;
}

/**
 * A part of one listing, read page by page by ascending id, each page beyond the last id of the one before: what is written or deleted meanwhile
 * shifts nothing.
 */
export class Lane<Row> {
  /** Counted in the order of ids. */
  readonly number: number;
  readonly #listing: KeyedListing<Row>;
  readonly #range: Range;
  #last: number | undefined;
  #pages = 0;
  #isAtEnd = false;

  constructor(listing: KeyedListing<Row>, range: Range = {}, number = 0) {
    this.number = number;
    this.#listing = listing;
    this.#range = range;
    this.#last = range.beyond;
  }

  /** One of several that are read beside each other. */
  get isPart(): boolean {
    return this.#range.beyond !== undefined;
  }

  /** Asks for the next page; undefined when there is none. */
  ask(): Promise<Answer> | undefined {
    if (this.#isAtEnd) return undefined;
    const { key } = this.#listing;
    const to = this.#range.to ?? "";
    const range = this.#last === undefined ? {} : { q: `${key}=[${this.#last + 1}~${to}]` };
    return asked(this.#listing.ask({ page: 1, page_size: PAGE_SIZE, sort: key, ...range }));
  }

  take(answer: Answer): readonly Row[] {
    const rows = this.#listing.decode(answer.json());
    for (const row of rows) {
      const id = this.#listing.id(row);
      // Harbor ignores sort and q keys that it does not know; then this would leave rows out or never end.
      const isAstray = (this.#last !== undefined && id <= this.#last) || id > (this.#range.to ?? Infinity);
      if (isAstray) throw answer.nonsense(UNORDERED);
      this.#last = id;
    }
    this.#pages += 1;
    this.#isAtEnd = rows.length < PAGE_SIZE || this.#last === this.#range.to;
    return rows;
  }

  /**
   * After the first page of a whole listing: asks for the row that each part of it but the last should end with, by its offset. Rows that come or go
   * meanwhile make parts unequal, and nothing else. None where it is too short for parts, or does not say how long it is.
   */
  askForEnds(first: Answer): Promise<Answer>[] {
    const { inLanes, key, ask } = this.#listing;
    if (inLanes !== true || this.isPart || this.#pages !== 1) return [];
    const pages = Math.ceil((totalOf(first) ?? 0) / PAGE_SIZE);
    const lanes = Math.min(LANES, Math.floor(pages / LANE_PAGES));
    return Array.from({ length: Math.max(0, lanes - 1) }, (_, i) => {
      const row = Math.round((pages * (i + 1)) / lanes) * PAGE_SIZE;
      return asked(ask({ page: row, page_size: 1, sort: key }));
    });
  }

  /** What is left of this one, in parts with these ends. */
  async split(ends: readonly Promise<Answer>[]): Promise<Lane<Row>[]> {
    const { decode, id } = this.#listing;
    const found = (await Promise.all(ends)).flatMap((answer) => decode(answer.json()).slice(0, 1).map(id));
    const lanes: Lane<Row>[] = [];
    let beyond = this.#last ?? 0;
    for (const to of found) {
      if (to <= beyond) continue;
      lanes.push(new Lane(this.#listing, { beyond, to }, lanes.length));
      beyond = to;
    }
    return [...lanes, new Lane(this.#listing, { beyond }, lanes.length)];
  }
}

/** Who stops reading early leaves an answer behind that nobody waits for. */
function asked(answer: Promise<Answer>): Promise<Answer> {
  answer.catch(() => undefined);
  return answer;
}
