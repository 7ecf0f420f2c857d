import { groupBy } from "../group-by.ts";
import type { Finding } from "../parity/model.ts";
import type { ReplicatedTopology } from "../topology/model.ts";
import { digestAhead } from "./remedies.ts";

/**
 * Splits off the copies that another pair contradicts. Between more than two masters a copy does not end where it arrives: the target's
 * own events carry it on to all others, over whatever stands there, since an event does not say that it came by replication
 * (goharbor/harbor src/controller/event/handler/replication/replication.go:64-184). So such a tag is healed only while no pair says otherwise.
 */
export function splitContradicted(
  { kind, registries }: Pick<ReplicatedTopology, "kind" | "registries">,
  findings: readonly Finding[],
): { readonly agreed: readonly Finding[]; readonly contradicted: readonly Finding[] } {
  if (kind !== "dual-master" || registries.length < 3) return { agreed: findings, contradicted: [] };
  const agreed: Finding[] = [];
  const contradicted: Finding[] = [];
  for (const ofTag of groupBy(findings, ({ repository, tag }) => `${repository}:${tag}`).values()) {
    const isUnanimous =
      ofTag.every(({ from }) => from !== undefined) && new Set(ofTag.map(outcomeOf)).size === 1;
    for (const finding of ofTag) {
      if (isUnanimous || finding.from === undefined) agreed.push(finding);
      else contradicted.push(finding);
    }
  }
  return { agreed, contradicted };
}

/** What the tag is to be afterwards. */
function outcomeOf(finding: Finding): string | undefined {
  if (finding.remedy === "delete") return "nothing";
  return finding.remedy === "restore" ? finding.lost : digestAhead(finding);
}
