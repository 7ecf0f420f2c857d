import { surest, type Decision, type Seen } from "./decision.ts";
import type { Confidence, FaultName } from "./faults.ts";
import { masksOver } from "./masks.ts";
import { unique } from "./in-words.ts";
import { whereToLook } from "./where-to-look.ts";

export type NodeState =
  | { readonly is: "fine" }
  | { readonly is: "broken"; readonly confidence: Confidence; readonly evidence: readonly string[] }
  | { readonly is: "unknown"; readonly why: string };

export const FINE: NodeState = { is: "fine" };

/** A fault that each node shows by itself. */
export interface NodeFault {
  readonly name: FaultName;
  readonly stateOf: (seen: Seen, node: string) => NodeState;
  readonly sentence: (at: readonly string[]) => string;
}

/** Puts together what the nodes show one by one. */
export function judgeNodes(seen: Seen, { name, stateOf, sentence }: NodeFault): Decision {
  const states = seen.nodes.map((node) => ({ node, state: masked(seen, name, node, stateOf) }));
  const broken = states.flatMap(({ node, state }) => (state.is === "broken" ? [{ node, ...state }] : []));
  const open = states.flatMap(({ node, state }) =>
    state.is === "unknown" ? [{ node, why: state.why }] : [],
  );
  if (broken.length > 0) {
    const at = broken.map(({ node }) => node);
    return {
      outcome: "found",
      fault: {
        name,
        nodes: at,
        confidence: surest(broken.map(({ confidence }) => confidence)),
        sentence: sentence(at),
        evidence: unique(broken.flatMap(({ evidence }) => evidence)),
        look: whereToLook(name),
      },
      between: (one, other) => at.includes(one) || at.includes(other),
    };
  }
  if (open.length === 0 && seen.nodes.length > 0) return { outcome: "ruled-out" };
  const everywhere = open.length === seen.nodes.length;
  return {
    outcome: "untested",
    untested: {
      name,
      nodes: everywhere ? [] : open.map(({ node }) => node),
      reason: open.length === 0 ? "there is no node" : unique(open.map(({ why }) => why)).join("; "),
    },
  };
}

function masked(seen: Seen, name: FaultName, node: string, stateOf: NodeFault["stateOf"]): NodeState {
  const closed = masksOver(seen, name, node, node).find(({ leaves }) => leaves === "nothing");
  return closed === undefined ? stateOf(seen, node) : { is: "unknown", why: closed.reason };
}
