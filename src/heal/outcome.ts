import type { AppError } from "../errors.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import type { DisplacedOutcome } from "../failback/displaced.ts";
import type { Remedy } from "../failback/remedies.ts";

/** What became of one remedy. Whether it healed anything is said by the proof, not here. */
export interface RemedyOutcome {
  readonly remedy: Remedy;
  readonly result:
    /** Everything it was for is there. */
    | "arrived"
    /** Harbor's execution ended, but something is still missing. */
    | "incomplete"
    /** What it rested on changed before it began; the next reading decides anew. */
    | "outdated"
    /** It was not tried, with the reason. */
    | "withheld"
    | "failed";
  /** Tags that stand on the target as planned. */
  readonly arrived: number;
  /** What it put its work over without having planned it. */
  readonly displaced?: readonly DisplacedOutcome[];
  readonly reason?: string;
  readonly error?: AppError;
  /** The temporary policy that it used, while Harbor does not yet let us remove it. */
  readonly toRemove?: ReplicationPolicy;
}
