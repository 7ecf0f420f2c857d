import { topologyOfName } from "../desired/names.ts";
import type { DesiredState } from "../desired/model.ts";
import { AppError } from "../errors.ts";
import type { ObservedState } from "../observed/state.ts";
import { leftoversOf } from "./leftovers.ts";
import type { Action, Plan, PlanFinding } from "./model.ts";
import { actionsInOrder, findingsInOrder } from "./order.ts";
import { ownedEndpoints, ownedPolicies } from "./ownership.ts";
import { planRegistry } from "./plan-registry.ts";

export interface PlanOptions {
  /** Delete our objects that are declared no longer. */
  readonly prune: boolean;
}

/** What has to be written so that the registries of a topology stand as desired. Pure: the same states give the same plan. */
export function planOf(desired: DesiredState, observed: ObservedState, { prune }: PlanOptions): Plan {
  const { topology, installation } = desired;
  const actions: Action[] = [];
  const findings: PlanFinding[] = desired.notices.map(({ registry, subject, message }) => ({
    kind: "notice",
    registry,
    name: subject,
    message,
  }));
  let owned = 0;
  for (const [registry, wanted] of desired.registries) {
    const found = observed.get(registry);
    if (found === undefined || found.kind === "unread") {
      const error = found?.error ?? new AppError("BUG", `the registry ${registry} was not looked at`);
      findings.push({ kind: "unread", registry, error });
      continue;
    }
    const concerned = (name: string): boolean => topologyOfName(name) === topology;
    for (const part of [
      planRegistry({ registry, state: desired, found, wanted }),
      leftoversOf(registry, found, installation, concerned, wanted, prune),
    ]) {
      actions.push(...part.actions);
      findings.push(...part.findings);
    }
    const objects = [...ownedEndpoints(found, installation), ...ownedPolicies(found, installation)];
    owned += objects.filter(({ name }) => concerned(name)).length;
  }
  return {
    topology,
    installation,
    actions: actionsInOrder(actions),
    findings: findingsInOrder(findings),
    owned,
  };
}
