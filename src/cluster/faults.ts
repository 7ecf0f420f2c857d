/** What can be wrong in a cluster over shared storage; the names that `probe` prints. */
export const FAULTS = [
  "token-key",
  "secretkey",
  "storage",
  "storage-stale",
  "redis",
  "upload-secret",
  "job-secret",
  "csrf-key",
  "database",
  "clock",
  "core-down",
  "registry-down",
  "jobservice-down",
  "registryctl-down",
  "version",
  "realm",
] as const;

export type FaultName = (typeof FAULTS)[number];

export type Confidence = "certain" | "likely" | "possible";

/** A fault that was found. */
export interface Fault {
  readonly name: FaultName;
  /** The nodes that it is seen at: one where it can be told, else all that differ from each other. */
  readonly nodes: readonly string[];
  readonly confidence: Confidence;
  /** What is wrong, in the operator's words. */
  readonly sentence: string;
  /** What was seen, one sentence each. */
  readonly evidence: readonly string[];
  /** The files and settings to look at. */
  readonly look: readonly string[];
}

/** A fault that could neither be found nor ruled out. */
export interface Untested {
  readonly name: FaultName;
  /** The nodes it could not be ruled out for; empty: all of them. */
  readonly nodes: readonly string[];
  /** Masked by another fault, lack of a right, not part of the small form… */
  readonly reason: string;
}

export interface Verdict {
  /** No fault was found. Says nothing of what is untested. */
  readonly sound: boolean;
  /** In the order of `FAULTS`. */
  readonly faults: readonly Fault[];
  readonly untested: readonly Untested[];
  /** What is worth knowing and no fault: slow visibility, a front that never reached a node… */
  readonly notes: readonly string[];
}
