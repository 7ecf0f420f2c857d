import type { Answer } from "./answer.ts";

/** More is refused with 422. */
export const PAGE_SIZE = 100;

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
  /** A long one may be read in several parts beside each other. */
  readonly inLanes?: boolean;
  readonly ask: (query: PageQuery) => Promise<Answer>;
  readonly decode: (wire: unknown) => readonly Row[];
  readonly id: (row: Row) => number;
}

export type KeyedListing<Row> = Listing<Row> & { readonly key: string };

/** Rows that came at once. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Rows come by ascending id within each lane, and those of a higher lane have higher ids. */
  readonly lane: number;
}

/** `X-Total-Count`, where Harbor sends it. */
export function totalOf(answer: Answer): number | undefined {
  const total = Number(answer.header("x-total-count") ?? Number.NaN);
  return Number.isSafeInteger(total) ? total : undefined;
}
