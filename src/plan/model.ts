import type { DesiredEndpoint, DesiredPolicy } from "../desired/model.ts";
import type { AppError } from "../errors.ts";
import type { RegistryName, TopologyName } from "../topology/model.ts";

/** One field that is not as it should be. Never a secret. */
export interface Difference {
  readonly field: string;
  readonly found: string;
  readonly wanted: string;
}

interface ActionBase {
  /** Where it is done. */
  readonly registry: RegistryName;
  /** Name of the endpoint or replication policy. */
  readonly name: string;
  /** Why, as the end of a sentence: "because …". */
  readonly reason: string;
  /** Field by field; for a creation all fields, for a deletion none. */
  readonly differences: readonly Difference[];
}

/** One write to one Harbor. Ids are those that were observed; an endpoint made by the same plan has none yet. */
export type Action =
  | (ActionBase & { readonly kind: "create-endpoint"; readonly desired: DesiredEndpoint })
  | (ActionBase & {
      readonly kind: "update-endpoint";
      readonly desired: DesiredEndpoint;
      readonly id: number;
    })
  /** Writes the endpoint again with the declared credentials, since Harbor says that the stored ones are refused. */
  | (ActionBase & {
      readonly kind: "rotate-credentials";
      readonly desired: DesiredEndpoint;
      readonly id: number;
    })
  | (ActionBase & {
      readonly kind: "create-policy";
      readonly desired: DesiredPolicy;
      readonly endpointId?: number;
    })
  | (ActionBase & {
      readonly kind: "update-policy";
      readonly desired: DesiredPolicy;
      readonly id: number;
      readonly endpointId?: number;
      /** Enable it again; otherwise it stays as it is found. */
      readonly enable: boolean;
    })
  | (ActionBase & { readonly kind: "delete-policy"; readonly id: number })
  | (ActionBase & { readonly kind: "delete-endpoint"; readonly id: number });

export type ActionKind = Action["kind"];

/** Something that the plan does not act upon, told to the user. */
export type PlanFinding =
  /** The registry could not be read, so nothing is planned there. */
  | { readonly kind: "unread"; readonly registry: RegistryName; readonly error: AppError }
  /** An object has our name but not our mark, or can't become what is wanted. */
  | {
      readonly kind: "conflict";
      readonly registry: RegistryName;
      readonly name: string;
      readonly message: string;
    }
  /** Somebody else's replication policy copies what ours would copy, so ours is not made beside it. */
  | {
      readonly kind: "foreign";
      readonly registry: RegistryName;
      readonly name: string;
      readonly message: string;
    }
  /** Our replication policy was disabled by somebody else. */
  | {
      readonly kind: "disabled";
      readonly registry: RegistryName;
      readonly name: string;
      readonly message: string;
    }
  /** Our object is declared no longer and would be deleted with prune. */
  | {
      readonly kind: "leftover";
      readonly registry: RegistryName;
      readonly name: string;
      readonly message: string;
    }
  /** Something declared that this Harbor can't do itself. */
  | {
      readonly kind: "notice";
      readonly registry: RegistryName;
      readonly name: string;
      readonly message: string;
    };

export interface Plan {
  /** Undefined for what belongs to no declared topology. */
  readonly topology: TopologyName | undefined;
  /** Whose mark the objects carry. */
  readonly installation: string;
  /** In the order in which they are to be done. */
  readonly actions: readonly Action[];
  readonly findings: readonly PlanFinding[];
  /** How many objects of ours stand in the registries that were read, temporary ones of healing aside. */
  readonly owned: number;
}

/** An action that a guard took out of a plan, and why. */
export interface Withheld {
  readonly action: Action;
  readonly reason: string;
}

/** A filter that may only withhold. */
export type Guard = (plan: Plan) => { readonly plan: Plan; readonly withheld: readonly Withheld[] };
