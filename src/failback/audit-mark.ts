import type { Instant } from "../clock.ts";

/** How far a log was read: the last entry, and when. The same as the store's mark. */
export interface Mark {
  readonly lastId: number;
  readonly lastAt: Instant;
  readonly readAt?: Instant;
}

interface Row {
  readonly id: number;
  readonly at: Instant;
}

/** What becomes of a log whose mark was looked for again. */
export type MarkVerdict =
  /** Nothing is missing between what was read and what can be read now. */
  | { readonly kind: "continues" }
  /** Entries may be missing in between: what was read before says nothing of what happened since. */
  | { readonly kind: "gap" }
  /** The log is older than it was. */
  | { readonly kind: "rewound"; readonly reason: string }
  /** Our account sees no entries, or may not know why they are gone. */
  | { readonly kind: "unclear"; readonly reason: string };

/** Whether the marked entry is where it was; undefined when it is gone, and more has to be asked. */
export function whereItWas(mark: Mark, rows: readonly Row[]): MarkVerdict | undefined {
  const found = rows.find(({ id }) => id === mark.lastId);
  if (found === undefined) return undefined;
  if (found.at === mark.lastAt) return { kind: "continues" };
  const { lastId, lastAt } = mark;
  return {
    kind: "rewound",
    reason: `entry ${lastId} of its audit log was of ${timeText(lastAt)}, and is of ${timeText(found.at)} now`,
  };
}

/**
 * Why the marked entry is gone: purged, or undone with the rest by an old backup. `newestId` is of all that is left, undefined when nothing is;
 * `purgedBefore` the moment up to which entries may have been purged, 0 when none ever were, undefined when that can't be known.
 */
export function whyItIsGone(
  mark: Mark,
  newestId: number | undefined,
  purgedBefore: Instant | undefined,
): MarkVerdict {
  if (purgedBefore === undefined) {
    return { kind: "unclear", reason: "its newest entries are gone, and our account may not know why" };
  }
  if (purgedBefore > mark.lastAt) {
    // What was made after the last reading is younger than what was purged: then nothing was lost unread.
    return mark.readAt !== undefined && mark.readAt >= purgedBefore ? { kind: "continues" } : { kind: "gap" };
  }
  if (newestId === undefined) return { kind: "unclear", reason: "it was emptied" };
  if (newestId > mark.lastId) return { kind: "gap" };
  return {
    kind: "rewound",
    reason: `its audit log was read up to entry ${mark.lastId}, and ends with ${newestId} now, though nothing was purged`,
  };
}

function timeText(at: Instant): string {
  return new Date(at).toISOString();
}
