import type { Clock } from "../clock.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import type { Flow } from "../topology/model.ts";

/** One flow with all that is needed to work on it. */
export interface FlowContext {
  readonly flow: Flow;
  readonly source: HarborPort;
  readonly target: HarborPort;
  /** The endpoint in the source that points at the target; undefined while there is none. */
  readonly endpointId: number | undefined;
  /** Our replication policies of this flow, in the source. */
  readonly policies: readonly ReplicationPolicy[];
  readonly installation: string;
  readonly clock: Clock;
  /** Called right before each write to a Harbor; rejects when we may no longer write. */
  beforeWrite(): Promise<void>;
  /** Progress, for people. */
  tell(sentence: string): void;
}
