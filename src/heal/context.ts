import type { Clock } from "../clock.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import type { RegistryV2Port } from "../registry-v2/port.ts";
import type { OverwriteStore, RescueStore } from "../store/store.ts";
import type { Flow } from "../topology/model.ts";

/** One flow with all that is needed to work on it. */
export interface FlowContext {
  readonly flow: Flow;
  readonly source: HarborPort;
  readonly target: HarborPort;
  /** The OCI distribution side of both. */
  readonly distribution: { readonly source: RegistryV2Port; readonly target: RegistryV2Port };
  /** The endpoint in the source that points at the target; undefined while there is none. */
  readonly endpointId: number | undefined;
  /** Our replication policies of this flow, in the source. */
  readonly policies: readonly ReplicationPolicy[];
  /** All enabled event policies of the source, whoever made them. */
  readonly eventPolicies: readonly ReplicationPolicy[];
  readonly rescues: RescueStore;
  readonly overwrites: OverwriteStore;
  readonly installation: string;
  readonly clock: Clock;
  /** Called right before each write to a Harbor; rejects when we may no longer write. */
  beforeWrite(): Promise<void>;
  /** Progress, for people. */
  tell(sentence: string): void;
}
