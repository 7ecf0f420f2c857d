import type { Finding } from "../parity/model.ts";
import { isOfEqual } from "../parity/of-equal.ts";
import type { Flow } from "../topology/model.ts";
import type { ContentReport } from "./report.ts";

/**
 * A whole run overwrites whatever differs on the target and brings back whatever was deleted there. So it is withheld where anything differs that is
 * not among what may be copied to that target now.
 */
export function whyNotWhole(
  { from, to }: Flow,
  content: ContentReport,
  allowed: readonly Finding[],
): string | undefined {
  const pair = content.pairs.find(
    ({ left, right }) => [left, right].includes(from) && [left, right].includes(to),
  );
  if (pair === undefined) return "these registries were not compared";
  if (pair.unread.length > 0) return `a whole run to ${to} might overwrite what could not be read`;
  const wanted = new Set(allowed);
  const [source, target] = pair.left === from ? (["left", "right"] as const) : (["right", "left"] as const);
  const harmed = pair.findings.filter((finding) => {
    if (isOfEqual(finding)) return false;
    if (finding.kind === "deleted") return finding[target] === undefined;
    if (finding.to === to) return !wanted.has(finding);
    if (finding.to === from || HARMED_BY_A_WHOLE_RUN.has(finding.kind)) return true;
    // What only the target has is left alone by a run, and so is what stands for the same on both.
    return finding[source] !== undefined && finding[source] !== finding[target];
  });
  const [first] = harmed;
  if (first === undefined) return undefined;
  const example = `${first.repository}:${first.tag} (${first.kind})`;
  return `a whole run to ${to} would overwrite or bring back ${harmed.length} tags, ${example} among them; use the scoped remedy`;
}

/** Whatever stands on which side. A run brings accessories too, over those that were attached on the target alone. */
const HARMED_BY_A_WHOLE_RUN: ReadonlySet<string> = new Set([
  "conflict",
  "regressed",
  "overlap",
  "displaced",
  "rewound",
  "accessory",
  "in-flight",
  "unread",
]);
