import type { ContentCheck, ContentRound, Visibility } from "./evidence.ts";

/** How soon other nodes showed what one had written: over all rounds, by rank, without what never became right. */
export function visibilityOf(rounds: readonly ContentRound[]): Visibility {
  const checks = rounds.flatMap((round) =>
    round.checks.filter((check) => check.node !== writerOf(check, round)),
  );
  const delays = checks
    .flatMap(({ rightAfterMs }) => (rightAfterMs === undefined ? [] : [rightAfterMs]))
    .toSorted((left, right) => left - right);
  return {
    checks: checks.length,
    never: checks.length - delays.length,
    minMs: delays[0],
    medianMs: rank(delays, 0.5),
    p95Ms: rank(delays, 0.95),
    maxMs: delays.at(-1),
  };
}

function writerOf({ subject }: ContentCheck, { pushedBy, taggedBy, untaggedBy }: ContentRound): string {
  if (subject === "manifest-by-second-tag") return taggedBy;
  return subject === "second-tag-gone" ? untaggedBy : pushedBy;
}

/** The smallest delay that the given share of them does not exceed. */
function rank(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
