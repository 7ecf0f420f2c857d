import type { Instant, Millis } from "../clock.ts";
import type { Evidence, Visibility } from "./evidence.ts";
import type { Verdict } from "./faults.ts";

/** What one probe of one cluster came to. */
export interface ProbeReport {
  readonly topology: string;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly verdict: Verdict;
  readonly visibility: Visibility;
  readonly evidence: Evidence;
  /** What could not be removed again, and will be by the next probe: sentences. */
  readonly leftBehind: readonly string[];
  readonly requests: number;
}

/** Bounds of a probe. */
export interface ProbeLimits {
  /** Rounds for each ordered pair of nodes. */
  readonly rounds: number;
  /** What a node shows later than this after the acknowledgement is stale. */
  readonly visibleWithinMs: Millis;
  /** What a node has not shown by then it never will. */
  readonly giveUpMs: Millis;
  /** Between two pings of endpoints, since a wrong password locks an account. */
  readonly pingGapMs: Millis;
  readonly executions: number;
  /** How old what `/health` says may be; Harbor's own time if left out. */
  readonly healthLagMs?: Millis;
}
