import type { Seen } from "../decision.ts";
import { listed } from "../in-words.ts";
import { FINE, type NodeFault, type NodeState } from "../judge-nodes.ts";
import { whyMissing } from "../missing.ts";

/** A node whose registryctl is away. Only `/health` shows it, and garbage collection that fails some night. */
export const registryctlDown: NodeFault = {
  name: "registryctl-down",
  stateOf,
  sentence: (at) => `registryctl of ${listed(at)} is down: garbage collection that runs there fails`,
};

function stateOf(seen: Seen, node: string): NodeState {
  const reach = seen.evidence.reach.find((each) => each.node === node);
  const health = reach?.health?.["registryctl"];
  if (health === "healthy") return FINE;
  if (health !== undefined) {
    const told = `/health of ${node} calls its registryctl ${health}`;
    return { is: "broken", confidence: "likely", evidence: [told] };
  }
  const why =
    reach === undefined ? whyMissing(seen, "reach", [node]) : `/health of ${node} does not name registryctl`;
  return { is: "unknown", why };
}
