import type { PairComparison } from "../../catalog/compare-pair.ts";
import type { Finding, TagFindingKind } from "../../parity/model.ts";

/** One tag, one line: a symbol that can be searched for, where, and why. */
export function findingLine(finding: Finding, pair: Pick<PairComparison, "left" | "right">): string {
  const where = `${finding.repository}:${finding.tag}`;
  const digests = `${shortDigest(finding.left)} | ${shortDigest(finding.right)}`;
  return `${symbolOf(finding, pair)} ${where}  ${finding.kind}  ${digests}  ${finding.reason}`;
}

/**
 * `>` something is to come to the right, `<` to the left, `!` a person must decide, `-` deleted on one side, `+` a slave's own, `~` in flight,
 * `?` unread.
 */
function symbolOf(finding: Finding, { right }: Pick<PairComparison, "left" | "right">): string {
  const symbol = SYMBOLS[finding.kind];
  if (symbol !== "direction") return symbol;
  if (finding.to !== undefined) return finding.to === right ? ">" : "<";
  if (finding.kind !== "unproven") return "!";
  return finding.right === undefined ? ">" : "<";
}

const SYMBOLS: Readonly<Record<TagFindingKind, string>> = {
  missing: "direction",
  stale: "direction",
  unproven: "direction",
  accessory: "direction",
  unservable: "direction",
  conflict: "!",
  regressed: "!",
  rewound: "!",
  displaced: "!",
  overlap: "!",
  deleted: "-",
  extra: "+",
  "in-flight": "~",
  unread: "?",
};

const SHOWN_DIGITS = 12;

/** Enough of a digest to recognise it. */
export function shortDigest(digest: string | undefined): string {
  return digest === undefined ? "-" : digest.replace("sha256:", "").slice(0, SHOWN_DIGITS);
}
