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
