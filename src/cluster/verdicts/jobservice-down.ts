import type { Seen } from "../decision.ts";
import { listed } from "../in-words.ts";
import { FINE, type NodeFault, type NodeState } from "../judge-nodes.ts";
import { whyMissing } from "../missing.ts";

/** Core could not hand the job over: `Post "http://jobservice:8080/api/v1/jobs": … connection refused`. */
const NOT_HANDED_OVER = /\/api\/v1\/jobs.*(?:refused|no such host|timeout|no route|reset|unreachable)/is;

/** A node whose jobservice is away: nothing that is started through this node ever runs. */
export const jobserviceDown: NodeFault = {
  name: "jobservice-down",
  stateOf,
  sentence: (at) =>
    `jobservice of ${listed(at)} is down: replications, scans and clean-ups started there do not run`,
};

function stateOf(seen: Seen, node: string): NodeState {
  const health = seen.evidence.reach.find((reach) => reach.node === node)?.health?.["jobservice"];
  const started = seen.evidence.executions.filter(({ startedBy }) => startedBy === node);
  const stranded = started.filter(({ hasTask, reason }) => !hasTask && NOT_HANDED_OVER.test(reason));
  const ran = started.filter(({ hasTask }) => hasTask);
  const [first] = stranded;
  if (first !== undefined) {
    const count = `${stranded.length} of ${started.length} executions started through ${node} failed without a task`;
    const confidence = ran.length > 0 ? "possible" : "certain";
    return { is: "broken", confidence, evidence: [`${count}: ${first.reason}`, ...healthText(node, health)] };
  }
  // What ran is worth more than a cached answer.
  if (ran.length > 0 || health === "healthy") return FINE;
  if (health === undefined) return { is: "unknown", why: whyMissing(seen, "reach", [node]) };
  return { is: "broken", confidence: "likely", evidence: healthText(node, health) };
}

function healthText(node: string, health: string | undefined): string[] {
  return health === undefined ? [] : [`/health of ${node} calls its jobservice ${health}`];
}
