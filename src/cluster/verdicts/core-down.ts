import { isAbsence, isSuccess, said } from "../answers.ts";
import type { Seen } from "../decision.ts";
import { listed } from "../in-words.ts";
import { FINE, type NodeFault, type NodeState } from "../judge-nodes.ts";
import { whyMissing } from "../missing.ts";

/** A node whose core does not answer, so that nothing of the node does. */
export const coreDown: NodeFault = {
  name: "core-down",
  stateOf,
  sentence: (at) =>
    `${listed(at)} ${at.length === 1 ? "does" : "do"} not answer at all: core, or the whole node, is down`,
};

function stateOf(seen: Seen, node: string): NodeState {
  const core = seen.evidence.reach.find((reach) => reach.node === node)?.core;
  if (core === undefined) return { is: "unknown", why: whyMissing(seen, "reach", [node]) };
  if (isSuccess(core)) return FINE;
  const answer = `GET /api/v2.0/ping at ${node}: ${said(core)}`;
  // Anything else comes from somebody: a proxy that redirects, another program at that address.
  if (!isAbsence(core)) return { is: "unknown", why: `${answer}, which a Harbor does not say` };
  const isProven = core.status !== 0 || /refused/i.test(core.text);
  return { is: "broken", confidence: isProven ? "certain" : "likely", evidence: [answer] };
}
