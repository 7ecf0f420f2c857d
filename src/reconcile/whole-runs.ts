import type { Finding } from "../parity/model.ts";
import { isOfEqual } from "../parity/of-equal.ts";
import type { Flow } from "../topology/model.ts";
import type { ContentReport } from "./report.ts";

/** A whole run overwrites whatever differs on the target and brings back whatever was deleted there. */
export function whyNotWhole(
  { from, to }: Flow,
  content: ContentReport,
  contradicted: readonly Finding[],
): string | undefined {
  const pair = content.pairs.find(
    ({ left, right }) => [left, right].includes(from) && [left, right].includes(to),
  );
  if (pair === undefined) return "these registries were not compared";
  if (pair.unread.length > 0) return `a whole run to ${to} might overwrite what could not be read`;
  const onTarget = ({ left, right }: Finding): string | undefined => (pair.left === to ? left : right);
  const harmed = pair.findings.filter((finding) => {
    if (isOfEqual(finding)) return false;
    if (finding.kind === "deleted") return onTarget(finding) === undefined;
    return finding.to === from || HARMED_BY_A_WHOLE_RUN.has(finding.kind) || contradicted.includes(finding);
  });
  const [first] = harmed;
  if (first === undefined) return undefined;
  const example = `${first.repository}:${first.tag} (${first.kind})`;
  return `a whole run to ${to} would overwrite or bring back ${harmed.length} tags, ${example} among them; use the scoped remedy`;
}

const HARMED_BY_A_WHOLE_RUN: ReadonlySet<string> = new Set([
  "conflict",
  "regressed",
  "overlap",
  "displaced",
  "rewound",
  "in-flight",
  "unread",
]);
