import { SAME, surest, unknown, type Decision, type Relation, type Seen } from "./decision.ts";
import type { FaultName } from "./faults.ts";
import { unique } from "./in-words.ts";
import { masksOver } from "./masks.ts";
import { groupsOf, oddOnes, type Difference, type Groups } from "./odd-ones.ts";
import { whereToLook } from "./where-to-look.ts";

/** A fault that shows between nodes: something that should be one in the whole cluster. */
export interface PairFault {
  readonly name: FaultName;
  /** Of two different nodes. */
  readonly relate: (seen: Seen, one: string, other: string) => Relation;
  /** What is wrong, of the nodes that it is at. */
  readonly sentence: (at: readonly string[], all: readonly string[]) => string;
}

/** A pair with what was made of it. */
interface Judged {
  readonly pair: readonly [string, string];
  readonly relation: Relation;
}

const MOST_EVIDENCE = 8;
const MOST_REASONS = 3;

/** Puts together what the pairs of nodes show. Being alike is passed on from pair to pair, so not each of them needs a proof. */
export function judgePairs(seen: Seen, { name, relate, sentence }: PairFault): Decision {
  const judged = pairsOf(seen.nodes).map(([one, other]): Judged => ({
    pair: [one, other],
    relation: masked(seen, name, one, other, relate),
  }));
  const groups = groupsOf(
    seen.nodes,
    judged.filter(({ relation }) => relation.is === "same").map(({ pair }) => pair),
  );
  const apart = judged.flatMap(({ pair, relation }) =>
    relation.is === "apart" ? [{ pair, blames: relation.blames, relation }] : [],
  );
  if (apart.length === 0) return untestedOrNot(seen, name, judged, groups);
  const at = oddOnes(seen.nodes, groups, apart satisfies readonly Difference[]);
  return {
    outcome: "found",
    fault: {
      name,
      nodes: at,
      confidence: surest(apart.map(({ relation }) => relation.confidence)),
      sentence: sentence(at, seen.nodes),
      evidence: unique(apart.flatMap(({ relation }) => relation.evidence)).slice(0, MOST_EVIDENCE),
      look: whereToLook(name),
    },
    // What was not proven to be alike is taken for different, now that something is.
    between: (one, other) => one !== other && !groups.together(one, other),
  };
}

function masked(
  seen: Seen,
  name: FaultName,
  one: string,
  other: string,
  relate: PairFault["relate"],
): Relation {
  const masks = masksOver(seen, name, one, other);
  if (masks.length === 0) return relate(seen, one, other);
  const closed = masks.find(({ leaves }) => leaves === "nothing");
  if (closed !== undefined) return unknown(closed.reason);
  const relation = relate(seen, one, other);
  if (relation.is === "same") return SAME;
  const doubt = masks.find(({ leaves }) => leaves === "sameness");
  if (relation.is === "apart") return doubt === undefined ? relation : unknown(doubt.reason);
  // Where nothing was seen at all, a doubt about it is not the reason.
  return unknown(masks.find(({ leaves }) => leaves === "proofs")?.reason ?? relation.why);
}

function untestedOrNot(seen: Seen, name: FaultName, judged: readonly Judged[], groups: Groups): Decision {
  if (seen.nodes.length < 2) return untested(name, [], "there is no second node to compare with");
  const open = judged.filter(({ pair: [one, other] }) => !groups.together(one, other));
  if (open.length === 0) return { outcome: "ruled-out" };
  const reasons = unique(open.flatMap(({ relation }) => (relation.is === "unknown" ? [relation.why] : [])));
  const nodes = seen.nodes.filter((node) => groups.majority?.includes(node) !== true);
  const where = groups.majority === undefined ? [] : nodes;
  return untested(name, where, reasons.slice(0, MOST_REASONS).join("; "));
}

function untested(name: FaultName, nodes: readonly string[], reason: string): Decision {
  return { outcome: "untested", untested: { name, nodes, reason } };
}

/** Each unordered pair once, in the order of the declaration. */
function pairsOf(nodes: readonly string[]): (readonly [string, string])[] {
  return nodes.flatMap((one, at) => nodes.slice(at + 1).map((other) => [one, other] as const));
}
