import { whyNotDeleted, withinReason, type DeletingSide } from "../failback/budget.ts";
import { splitContradicted } from "../failback/contradictions.ts";
import { groupBy } from "../group-by.ts";
import type { Finding } from "../parity/model.ts";
import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import type { ContentReport } from "./report.ts";

export interface WithholdingContext {
  readonly topology: ReplicatedTopology;
  /** A person named the remedy for this very run, so no number of overwrites is too many. */
  readonly asked: boolean;
  /** Registries that were away and came back less than `settle` ago. */
  readonly recovering: ReadonlySet<RegistryName>;
}

export interface Withheld {
  readonly allowed: readonly Finding[];
  readonly warnings: readonly string[];
}

/** Takes out of what was found whatever would do more harm than good if it were healed now, and says why. Pure. */
export function withhold(context: WithholdingContext, content: ContentReport): Withheld {
  const warnings: string[] = [];
  const { agreed, contradicted } = splitContradicted(context.topology, content.pairs);
  if (contradicted.length > 0) {
    warnings.push(
      `${copies(contradicted.length)} withheld: what they bring would go on to other registries, which hold something else or could not be read (${namesOf(contradicted)}); look with diff, and decide with resolve`,
    );
  }
  const compared = content.pairs.reduce((sum, { tags }) => sum + tags, 0);
  const { allowed, withheld } = context.asked
    ? { allowed: agreed, withheld: [] }
    : withinReason(agreed, compared);
  if (withheld.length > 0) {
    warnings.push(
      `${withheld.length} moved tags were not overwritten: far more than an outage explains; look at them with diff, then heal with --remedy scoped`,
    );
  }
  const deletions = splitDeletions(context, content, allowed);
  return { allowed: deletions.allowed, warnings: [...warnings, ...deletions.warnings] };
}

const NAMED = 3;

function copies(count: number): string {
  return count === 1 ? "1 copy was" : `${count} copies were`;
}

function deleted(count: number, from: RegistryName): string {
  return count === 1
    ? `1 tag that was deleted on ${from} was`
    : `${count} tags that were deleted on ${from} were`;
}

function namesOf(findings: readonly Finding[]): string {
  const names = [...new Set(findings.map(({ repository, tag }) => `${repository}:${tag}`))];
  const more = names.length > NAMED ? [`${names.length - NAMED} more`] : [];
  return [...names.slice(0, NAMED), ...more].join(", ");
}

function splitDeletions(
  { recovering }: WithholdingContext,
  content: ContentReport,
  findings: readonly Finding[],
): { readonly allowed: readonly Finding[]; readonly warnings: readonly string[] } {
  // What a person decided one by one is no accident.
  const isDeletion = ({ remedy, decided }: Finding): boolean => remedy === "delete" && decided !== true;
  const refused = new Set<Finding>();
  const warnings: string[] = [];
  const flows = groupBy(findings.filter(isDeletion), ({ from, to }) => `${from ?? ""} ${to ?? ""}`);
  for (const ofFlow of flows.values()) {
    const { from = "", to = "" } = ofFlow[0] ?? {};
    const { tags, side } = sideOf(content, from, to, recovering.has(from));
    const why = whyNotDeleted(ofFlow.length, tags, side);
    if (why === undefined) continue;
    ofFlow.forEach((finding) => refused.add(finding));
    warnings.push(
      `${deleted(ofFlow.length, from)} not deleted on ${to}: ${why} (${namesOf(ofFlow)}); look with diff, and decide with resolve`,
    );
  }
  return { allowed: findings.filter((finding) => !refused.has(finding)), warnings };
}

function sideOf(
  { pairs }: ContentReport,
  from: RegistryName,
  to: RegistryName,
  isRecovering: boolean,
): { readonly tags: number; readonly side: DeletingSide } {
  const pair = pairs.find(({ left, right }) => [left, right].includes(from) && [left, right].includes(to));
  if (pair === undefined) return { tags: 0, side: { tagsLeft: 0, isRecovering } };
  const here = pair.left === from ? "left" : "right";
  const differing = pair.findings.filter((finding) => finding[here] !== undefined && finding.tag !== "**");
  return { tags: pair.tags, side: { tagsLeft: pair.inStep + differing.length, isRecovering } };
}
