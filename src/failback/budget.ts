import type { Instant } from "../clock.ts";
import type { Finding } from "../parity/model.ts";

const HOUR_MS = 3_600_000;

/** More overwrites than this at once need a person, unless they are a small share of what was compared. */
const OVERWRITES_AT_ONCE = 200;
const OVERWRITTEN_SHARE = 0.5;

/** How many more remedies a flow may have now, from when the earlier ones were begun. */
export function remediesLeft(begun: readonly Instant[], perHour: number, now: Instant): number {
  const recent = begun.filter((at) => now - at < HOUR_MS).length;
  return Math.max(0, perHour - recent);
}

/**
 * Findings that may be healed without asking. Far more moved tags than an outage explains look like a registry that came
 * back wrong: then none of them is overwritten. Missing tags are never held back, since copying them overwrites nothing.
 */
export function withinReason(
  findings: readonly Finding[],
  comparedTags: number,
): { readonly allowed: Finding[]; readonly withheld: Finding[] } {
  const overwriting = findings.filter(({ replaces }) => replaces !== undefined);
  const tooMany =
    overwriting.length > OVERWRITES_AT_ONCE && overwriting.length > comparedTags * OVERWRITTEN_SHARE;
  if (!tooMany) return { allowed: [...findings], withheld: [] };
  return { allowed: findings.filter(({ replaces }) => replaces === undefined), withheld: overwriting };
}

/** More replayed deletions than this at once need a person. */
const DELETIONS_AT_ONCE = 100;
/** So few are never too large a share. */
const FEW_DELETIONS = 5;
const DELETED_SHARE = 0.2;

/** What is known of the side where tags were deleted, before that is taken over. */
export interface DeletingSide {
  /** Tags that it still has. */
  readonly tagsLeft: number;
  /** It was away, and did not come back long ago. */
  readonly isRecovering: boolean;
}

/** Why deletions of one side are not taken over to the other; undefined when they may be. */
export function whyNotDeleted(count: number, comparedTags: number, side: DeletingSide): string | undefined {
  if (side.tagsLeft === 0) return "it has nothing left, which looks like an accident";
  if (side.isRecovering) return "it came back only just now";
  const tooMany = count > FEW_DELETIONS && count > comparedTags * DELETED_SHARE;
  if (tooMany || count > DELETIONS_AT_ONCE) return "they are far too many at once";
  return undefined;
}
