import { applyPlan } from "../apply/apply-plan.ts";
import type { ActionResult } from "../apply/result.ts";
import type { HarborPort } from "../harbor/port.ts";
import { observe } from "../observed/observe.ts";
import { planLeftovers } from "../plan/leftovers.ts";
import type { Plan } from "../plan/model.ts";
import type { RegistryName } from "../topology/model.ts";
import type { PassDeps } from "./pass-deps.ts";

type Deps = Pick<PassDeps, "declared" | "installation" | "portOf" | "clock" | "givenUp">;

/** What stands in the declared registries with our mark, though no topology wants it any longer. */
export async function planUndeclared(deps: Deps, prune: boolean, signal: AbortSignal): Promise<Plan> {
  const { declared, installation, clock } = deps;
  const observed = await observe(portsOf(deps).values(), { clock, installation, pinged: new Set(), signal });
  return planLeftovers(declared.topologies, installation, observed, { prune });
}

/** Deletes it. Not guarded by share: after the last topology was taken out of the declaration all of it is to go. */
export async function removeUndeclared(
  deps: Deps,
  plan: Plan,
  signal: AbortSignal,
): Promise<readonly ActionResult[]> {
  return (await applyPlan(plan, { ports: portsOf(deps), clock: deps.clock, signal })).results;
}

function portsOf({ declared, portOf, givenUp }: Deps): Map<RegistryName, HarborPort> {
  const names = [...declared.registries.keys()].filter((name) => givenUp?.has(name) !== true);
  return new Map(names.map((name) => [name, portOf(name)]));
}
