import type { AppError } from "../errors.ts";
import type { Action } from "../plan/model.ts";

/** What became of one action. */
export type ActionOutcome =
  /** `note` says what else had to be done for it. */
  | { readonly kind: "done"; readonly note?: string }
  /** Can't be done now, e.g. since Harbor refuses an endpoint to a peer that is down; the next plan has it again. */
  | { readonly kind: "waiting"; readonly reason: string }
  | { readonly kind: "failed"; readonly error: AppError };

export interface ActionResult {
  readonly action: Action;
  readonly outcome: ActionOutcome;
}

export interface ApplyReport {
  /** In the order of the plan; actions that were not begun are not in it. */
  readonly results: readonly ActionResult[];
  /** Whether a signal ended it early. */
  readonly stopped: boolean;
}
