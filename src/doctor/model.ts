import type { RegistryName } from "../topology/model.ts";

/** `not-tried` says that nothing was found out: it is neither good nor bad. */
export type CheckState = "ok" | "warning" | "fault" | "not-tried";

/** One thing that was looked at, in one sentence. */
export interface Check {
  /** Undefined where it is about Tidelock itself or about several registries. */
  readonly registry?: RegistryName;
  /** The account it was tried with, by name. */
  readonly account?: string;
  /** What was looked at: `connection`, `clock`, or a right in Harbor's own words, e.g. `registry:create`. */
  readonly subject: string;
  readonly state: CheckState;
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** The body of `POST /robots`. */
export interface RobotDefinition {
  readonly name: string;
  readonly description: string;
  readonly level: "system";
  /** Days; -1 is for ever. */
  readonly duration: number;
  readonly disable: boolean;
  readonly permissions: readonly {
    readonly kind: "system" | "project";
    readonly namespace: string;
    readonly access: readonly { readonly resource: string; readonly action: string }[];
  }[];
}

/** Which of a registry's two declared accounts. */
export type AccountKind = "account" | "replicationAccount";

/** What to make in a Harbor so that an account has the rights that lack. */
export interface Advice {
  readonly registry: RegistryName;
  readonly account: AccountKind;
  readonly text: string;
  /** Undefined where no robot of that version can do it. */
  readonly robot?: RobotDefinition;
}

export interface Diagnosis {
  readonly checks: readonly Check[];
  readonly advice: readonly Advice[];
}
