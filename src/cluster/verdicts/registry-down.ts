import { isAbsence, isSuccess, said } from "../answers.ts";
import type { Seen } from "../decision.ts";
import type { Answered } from "../evidence.ts";
import { listed } from "../in-words.ts";
import { FINE, type NodeFault, type NodeState } from "../judge-nodes.ts";
import { whyMissing } from "../missing.ts";

/** A node whose core answers, but cannot reach the registry behind it: core's proxy says 502 with nothing in it. */
export const registryDown: NodeFault = {
  name: "registry-down",
  stateOf,
  sentence: (at) =>
    `core of ${listed(at)} answers, but the registry behind it does not: no push and no pull there`,
};

function stateOf(seen: Seen, node: string): NodeState {
  const reach = seen.evidence.reach.find((each) => each.node === node);
  if (reach === undefined) return { is: "unknown", why: whyMissing(seen, "reach", [node]) };
  const asked = `GET /v2/ at ${node} with the account: ${said(reach.registry)}`;
  if (isAbsence(reach.registry)) {
    const health = reach.health?.["registry"];
    const told = health === undefined ? [] : [`/health of ${node} calls its registry ${health}`];
    const confidence = reach.registry.status === 0 ? "likely" : "certain";
    return { is: "broken", confidence, evidence: [asked, ...told] };
  }
  const [died] = goneSince(seen, node);
  if (died !== undefined) {
    const since = `content at ${node} since then: ${said(died)}`;
    return { is: "broken", confidence: "likely", evidence: [asked, since] };
  }
  return isSuccess(reach.registry) ? FINE : { is: "unknown", why: asked };
}

/** What only a registry that went away meanwhile answers to requests for content. */
function goneSince({ evidence }: Seen, node: string): Answered[] {
  const pushes = evidence.content.filter(({ pushedBy }) => pushedBy === node).map(({ push }) => push);
  const reads = evidence.content
    .flatMap(({ checks }) => checks)
    .filter((check) => check.node === node && check.rightAfterMs === undefined)
    .flatMap(({ wrong }) => (wrong === undefined ? [] : [wrong]));
  return [...pushes, ...reads].filter(({ status }) => status === 502);
}
