import { SAME, unknown, type Relation, type Seen } from "../decision.ts";
import type { ExecutionSeen } from "../evidence.ts";
import type { Confidence } from "../faults.ts";
import { notShared, unique } from "../in-words.ts";
import type { PairFault } from "../judge-pairs.ts";
import { whyMissing } from "../missing.ts";

/**
 * Nodes with different JOBSERVICE_SECRETs: a job carries that of the core where it was started and shows it to the core where it runs
 * (goharbor/harbor src/pkg/reg/manager.go:165), which refuses it there.
 */
export const jobSecret: PairFault = {
  name: "job-secret",
  relate,
  sentence: (at, all) =>
    `${notShared(at, all, "JOBSERVICE_SECRET")}: jobs fail with 401 whenever another node runs them than started them`,
};

function relate(seen: Seen, one: string, other: string): Relation {
  const started = seen.evidence.executions.filter(({ startedBy }) => [one, other].includes(startedBy));
  const crossed = started.filter(
    ({ startedBy, ranOn }) => ranOn !== undefined && ranOn !== startedBy && [one, other].includes(ranOn),
  );
  const atHome = started.filter(({ startedBy, ranOn }) => ranOn === startedBy);
  const verdicts = crossed.map(secretWas);
  const refused = crossed.filter((execution) => secretWas(execution) === "refused");
  if (refused.length > 0) {
    const homely = atHome.map(secretWas);
    // By chance either way: core's own address may lead over the balancer, so that any core may be asked.
    const isMixed =
      verdicts.includes("accepted") || (homely.includes("refused") && homely.includes("accepted"));
    if (isMixed) return apart("possible", crossed.length, refused);
    if (homely.includes("refused"))
      return unknown("executions fail with 401 also on the node that started them");
    return apart(homely.includes("accepted") ? "certain" : "likely", crossed.length, refused);
  }
  if (verdicts.includes("accepted")) return SAME;
  return unrelated(seen, one, other, started);
}

function apart(confidence: Confidence, all: number, refused: readonly ExecutionSeen[]): Relation {
  const count = `${refused.length} of ${all} executions that ran elsewhere than they were started were refused by Harbor itself`;
  return { is: "apart", confidence, evidence: unique([count, ...refused.map(({ reason }) => reason)]) };
}

/** No execution is known to have run elsewhere than it was started. */
function unrelated(seen: Seen, one: string, other: string, started: readonly ExecutionSeen[]): Relation {
  const unplaced = started.filter(({ ranOn }) => ranOn === undefined);
  const refused = unplaced.filter((execution) => secretWas(execution) === "refused");
  const accepted = started.some((execution) => secretWas(execution) === "accepted");
  // Where logs are shared it is not known who ran what; but nothing else refuses some jobs their own Harbor and others not.
  if (refused.length > 0 && accepted) {
    const count = `${refused.length} of ${started.length} executions of ${one} and ${other} were refused by Harbor itself`;
    return {
      is: "apart",
      confidence: "likely",
      evidence: unique([count, ...refused.map(({ reason }) => reason)]),
    };
  }
  const placed = started.filter(({ ranOn }) => ranOn !== undefined);
  if (placed.length === 0) return unknown(whyMissing(seen, "execution", [one, other]));
  const odds = `by chance alone that happens once in ${2 ** Math.min(placed.length, 30)} times, if chances are even`;
  return unknown(`none of ${placed.length} executions ran on the other node of the two; ${odds}`);
}

/**
 * What became of the secret: a job first pulls the manifest from its own Harbor, with the secret. Whatever fails later, or for another reason than
 * 401, was let in.
 */
function secretWas({ result, hasTask, reason }: ExecutionSeen): "accepted" | "refused" | "unknown" {
  if (result === "succeeded") return "accepted";
  if (result !== "failed" || !hasTask) return "unknown";
  if (/destination registry|failed to push/i.test(reason)) return "accepted";
  if (!/pull the manifest/i.test(reason)) return "unknown";
  if (/\b401\b|unauthorized/i.test(reason)) return "refused";
  return /\b404\b|MANIFEST_UNKNOWN/.test(reason) ? "accepted" : "unknown";
}
