import type { ReplicationFilter, TriggerKind } from "../observed/model.ts";
import type { RegistryName, Secret, TopologyName } from "../topology/model.ts";

/** What one topology wants to stand in the Harbors. */
export interface DesiredState {
  readonly topology: TopologyName;
  /** Whose mark the objects carry. */
  readonly installation: string;
  /** Enable replication policies again that somebody disabled. */
  readonly enforceEnabled: boolean;
  /** Names of foreign replication policies over the same flow that do not matter. */
  readonly ignoreForeign: readonly string[];
  /** Every registry of the topology, in its order; a slave has nothing in it. */
  readonly registries: ReadonlyMap<RegistryName, DesiredRegistry>;
  readonly notices: readonly DesiredNotice[];
}

export interface DesiredRegistry {
  readonly endpoints: readonly DesiredEndpoint[];
  readonly policies: readonly DesiredPolicy[];
}

export interface DesiredEndpoint {
  readonly name: string;
  readonly to: RegistryName;
  readonly url: string;
  /** Every address of that registry that is known: what an endpoint made by others may say. */
  readonly addresses: readonly string[];
  readonly username: string;
  readonly password: Secret;
  readonly description: string;
  readonly insecure: boolean;
  /** PEM, or empty. */
  readonly caCertificate: string;
}

export interface DesiredPolicy {
  readonly name: string;
  readonly to: RegistryName;
  readonly description: string;
  /** Name of the endpoint that it pushes to. */
  readonly endpoint: string;
  readonly trigger: { readonly kind: TriggerKind; readonly cron: string };
  readonly filters: readonly ReplicationFilter[];
  readonly deletions: boolean;
  readonly override: boolean;
  readonly speedKbps: number;
}

/** Something declared that a Harbor can't do itself, told to the user. */
export interface DesiredNotice {
  readonly registry: RegistryName;
  readonly subject: string;
  readonly message: string;
}
