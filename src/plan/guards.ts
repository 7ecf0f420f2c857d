import type { Action, Guard, Plan, Withheld } from "./model.ts";

/** Only what does not exist yet is made. */
export const createOnly: Guard = (plan) =>
  withhold(plan, (action) => !isCreation(action), "only creations are allowed");

export const noDelete: Guard = (plan) => withhold(plan, isDeletion, "deletions are not allowed");

/**
 * More than half of our objects changed or deleted at once is more likely a mistake in what is declared than meant.
 * Creations never count; nor do credentials written again, since Harbor itself says that the stored ones do not work.
 */
export const moreThanHalf: Guard = (plan) => {
  const counted = plan.actions.filter(isChange);
  if (counted.length * 2 <= plan.owned) return { plan, withheld: [] };
  const reason = `${counted.length} of ${plan.owned} objects of ours would be changed or deleted, which is more than half`;
  return withhold(plan, isChange, reason);
};

/** Guards that a person may ask for; `moreThanHalf` always stands. */
export const GUARDS = { "create-only": createOnly, "no-delete": noDelete } as const;

export type GuardName = keyof typeof GUARDS;

/** Applies guards one after the other; none of them can add anything. */
export function guarded(
  plan: Plan,
  guards: readonly Guard[],
): { readonly plan: Plan; readonly withheld: readonly Withheld[] } {
  return guards.reduce<{ plan: Plan; withheld: readonly Withheld[] }>(
    (before, guard) => {
      const after = guard(before.plan);
      return { plan: after.plan, withheld: [...before.withheld, ...after.withheld] };
    },
    { plan, withheld: [] },
  );
}

function withhold(plan: Plan, which: (action: Action) => boolean, reason: string): ReturnType<Guard> {
  return {
    plan: { ...plan, actions: plan.actions.filter((action) => !which(action)) },
    withheld: plan.actions.filter(which).map((action) => ({ action, reason })),
  };
}

function isCreation({ kind }: Action): boolean {
  return kind === "create-endpoint" || kind === "create-policy";
}

function isDeletion({ kind }: Action): boolean {
  return kind === "delete-endpoint" || kind === "delete-policy";
}

function isChange(action: Action): boolean {
  return isDeletion(action) || action.kind === "update-endpoint" || action.kind === "update-policy";
}
