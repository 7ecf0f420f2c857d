import type { Instant } from "../clock.ts";
import type { AppError } from "../errors.ts";
import type { RegistryName } from "../topology/model.ts";
import type { Capabilities, Endpoint, EndpointHealth, ReplicationPolicy } from "./model.ts";

/** What stands in the registries, by name. */
export type ObservedState = ReadonlyMap<RegistryName, ObservedRegistry>;

export type ObservedRegistry = ReadRegistry | UnreadRegistry;

export interface ReadRegistry {
  readonly kind: "read";
  readonly capabilities: Capabilities;
  readonly endpoints: readonly Endpoint[];
  /** What the pings of our endpoints said, by id; foreign endpoints are not pinged. */
  readonly health: ReadonlyMap<number, EndpointHealth>;
  readonly policies: readonly ReplicationPolicy[];
  /** When the reading began. */
  readonly at: Instant;
}

/** Unread is not absent: nothing is concluded from it, and nothing is done. */
interface UnreadRegistry {
  readonly kind: "unread";
  readonly error: AppError;
}
