import { topologyOfName } from "../desired/names.ts";
import type { ObservedState, ReadRegistry } from "../observed/state.ts";
import type { DesiredRegistry } from "../desired/model.ts";
import { isReplicated } from "../topology/flows.ts";
import type { RegistryName, Topology } from "../topology/model.ts";
import type { Action, Plan } from "./model.ts";
import { actionsInOrder, findingsInOrder } from "./order.ts";
import { ownedEndpoints, ownedPolicies } from "./ownership.ts";
import type { RegistryPlan } from "./plan-registry.ts";

/**
 * What is to become of our objects in registries that no topology wants any longer: of topologies that are not declared,
 * and in registries that left one. What a declared topology wants in its registries is `planOf`'s.
 */
export function planLeftovers(
  topologies: readonly Topology[],
  installation: string,
  observed: ObservedState,
  { prune }: { readonly prune: boolean },
): Plan {
  const actions: Action[] = [];
  const findings: Plan["findings"][number][] = [];
  let owned = 0;
  for (const [registry, found] of observed) {
    if (found.kind === "unread") {
      findings.push({ kind: "unread", registry, error: found.error });
      continue;
    }
    const stray = (name: string): boolean => !belongs(topologies, registry, name);
    const plan = leftoversOf(registry, found, installation, stray, undefined, prune);
    actions.push(...plan.actions);
    findings.push(...plan.findings);
    owned += [...ownedEndpoints(found, installation), ...ownedPolicies(found, installation)].filter(
      ({ name }) => stray(name),
    ).length;
  }
  return {
    topology: undefined,
    installation,
    actions: actionsInOrder(actions),
    findings: findingsInOrder(findings),
    owned,
  };
}

function belongs(topologies: readonly Topology[], registry: RegistryName, name: string): boolean {
  const topology = topologies.find((one) => one.name === topologyOfName(name));
  return topology !== undefined && isReplicated(topology) && topology.registries.includes(registry);
}

/**
 * Our objects in one registry that pass `concerned` and are not `wanted`: deleted with `prune`, else told.
 * An endpoint that a policy still uses stays: Harbor would refuse to delete it.
 */
export function leftoversOf(
  registry: RegistryName,
  found: ReadRegistry,
  installation: string,
  concerned: (name: string) => boolean,
  wanted: DesiredRegistry | undefined,
  prune: boolean,
): RegistryPlan {
  const plan: RegistryPlan = { actions: [], findings: [] };
  const unwanted = (names: readonly { readonly name: string }[] | undefined, name: string): boolean =>
    concerned(name) && names?.some((one) => one.name === name) !== true;
  const reason = "it is declared no longer";
  const tell = (name: string, message: string): void => {
    plan.findings.push({ kind: "leftover", registry, name, message });
  };
  const policies = ownedPolicies(found, installation).filter(({ name }) => unwanted(wanted?.policies, name));
  for (const { id, name } of policies) {
    if (prune) plan.actions.push({ kind: "delete-policy", registry, name, id, reason, differences: [] });
    else tell(name, `${reason}; --prune deletes it`);
  }
  const staying = found.policies.filter((one) => !policies.includes(one));
  for (const { id, name } of ownedEndpoints(found, installation)) {
    if (!unwanted(wanted?.endpoints, name)) continue;
    const user = staying.find((one) => one.targetEndpointId === id || one.sourceEndpointId === id);
    const freed = wanted?.policies.some((one) => one.name === user?.name && one.endpoint !== name) === true;
    if (user !== undefined && !freed)
      tell(name, `${reason}, but the replication policy ${user.name} uses it`);
    else if (prune)
      plan.actions.push({ kind: "delete-endpoint", registry, name, id, reason, differences: [] });
    else tell(name, `${reason}; --prune deletes it`);
  }
  return plan;
}
