import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";

/** A registry that is looked at, as a person named it. */
export interface GivenRegistry {
  readonly name: RegistryName;
  readonly url: string;
  /** How the other registries reach it. */
  readonly endpointUrl: string;
  readonly username: string;
  readonly insecureSkipVerify: boolean;
}

/** What the endpoints in the other registries say of one. */
export interface FoundAccess {
  readonly insecureSkipVerify: boolean;
  /** What the others log in with; undefined where it is our own account, or nobody points there. */
  readonly replicationUsername?: string;
}

/** A topology that was recognised, with every default filled in. */
export interface FoundTopology {
  readonly topology: ReplicatedTopology;
  /** Which replication policies say so, as `registry: name`. */
  readonly sources: readonly string[];
}

/** Something found that could not be declared, or not exactly so; told, never dropped. */
export interface ImportNotice {
  readonly registry: RegistryName;
  /** Name of the replication policy or endpoint. */
  readonly name: string;
  /** Why, as the end of a sentence. */
  readonly message: string;
}
