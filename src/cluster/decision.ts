import type { Evidence } from "./evidence.ts";
import type { Confidence, Fault, FaultName, Untested } from "./faults.ts";
import type { ProbeLimits } from "./report.ts";

/** Of each fault exactly one is true. */
export type Decision =
  | {
      readonly outcome: "found";
      readonly fault: Fault;
      /** Whether it stands between these two nodes; of a fault of single nodes: whether it is at one of them. */
      readonly between: (one: string, other: string) => boolean;
    }
  | { readonly outcome: "ruled-out" }
  | { readonly outcome: "untested"; readonly untested: Untested };

/** What was seen, and what was concluded from it so far. */
export interface Seen {
  readonly evidence: Evidence;
  readonly limits: ProbeLimits;
  /** Of the declaration, each once. */
  readonly nodes: readonly string[];
  readonly decided: ReadonlyMap<FaultName, Decision>;
}

/** What two nodes are to each other in one respect. */
export type Relation =
  /** Proven: of one the other is proven, too. */
  | { readonly is: "same" }
  | {
      readonly is: "apart";
      readonly confidence: Confidence;
      readonly evidence: readonly string[];
      /** Which of the two it must be, where that can be told. */
      readonly blames?: readonly string[];
    }
  | { readonly is: "unknown"; readonly why: string };

export const SAME: Relation = { is: "same" };

export function unknown(why: string): Relation {
  return { is: "unknown", why };
}

const ORDER: readonly Confidence[] = ["possible", "likely", "certain"];

export function surest(confidences: readonly Confidence[]): Confidence {
  return ORDER[Math.max(0, ...confidences.map((each) => ORDER.indexOf(each)))] ?? "possible";
}
