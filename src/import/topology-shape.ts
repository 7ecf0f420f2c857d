import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import type { FoundFlow } from "./flows-found.ts";

/** What one topology would be, before it has a name. */
export interface TopologyShape {
  readonly kind: ReplicatedTopology["kind"];
  /** A master first. */
  readonly registries: readonly RegistryName[];
  readonly flows: readonly FoundFlow[];
}
