import type { DesiredEndpoint, DesiredPolicy, DesiredRegistry, DesiredState } from "../desired/model.ts";
import type { Endpoint, ReplicationPolicy } from "../observed/model.ts";
import type { ReadRegistry } from "../observed/state.ts";
import type { RegistryName } from "../topology/model.ts";
import { compareEndpoint, newEndpointFields } from "./compare-endpoint.ts";
import { comparePolicy, newPolicyFields } from "./compare-policy.ts";
import type { Action, PlanFinding } from "./model.ts";
import { whyForeign } from "./ownership.ts";

/** What is to be done in one registry, and what is only told; in no particular order. */
export interface RegistryPlan {
  readonly actions: Action[];
  readonly findings: PlanFinding[];
}

interface Here {
  readonly registry: RegistryName;
  readonly state: Pick<DesiredState, "installation" | "enforceEnabled">;
  readonly found: ReadRegistry;
}

/**
 * Joins desired and found by name:
 *
 *     desired  found          then
 *     yes      no             create
 *     yes      ours           update what differs; rotate if the ping says so; disabled is told, or enabled
 *     yes      not ours       told as a conflict, never touched
 *     no       anything       see leftovers.ts
 */
export function planRegistry(wanted: DesiredRegistry, here: Here): RegistryPlan {
  const plan: RegistryPlan = { actions: [], findings: [] };
  for (const endpoint of wanted.endpoints) planEndpoint(endpoint, here, plan);
  for (const policy of wanted.policies) planPolicy(policy, here, plan);
  return plan;
}

function planEndpoint(desired: DesiredEndpoint, here: Here, plan: RegistryPlan): void {
  const { registry, found, state } = here;
  const { name } = desired;
  const base = { registry, name, desired };
  const existing = found.endpoints.find((one) => one.name === name);
  if (existing === undefined) {
    const differences = newEndpointFields(desired, found.capabilities);
    plan.actions.push({ ...base, kind: "create-endpoint", reason: "there is none yet", differences });
    return;
  }
  const obstacle = whyForeign(existing.description, state.installation) ?? wrongType(existing);
  if (obstacle !== undefined) {
    plan.findings.push({ kind: "conflict", registry, name, message: obstacle });
    return;
  }
  const { id } = existing;
  const differences = compareEndpoint(desired, existing, found.capabilities);
  if (differences.length > 0) {
    plan.actions.push({ ...base, kind: "update-endpoint", id, reason: "it is not as declared", differences });
  } else if (found.health.get(id)?.kind === "refused") {
    const reason = `${desired.to} refuses the credentials that ${registry} has for it`;
    plan.actions.push({ ...base, kind: "rotate-credentials", id, reason, differences });
  }
}

function planPolicy(desired: DesiredPolicy, here: Here, plan: RegistryPlan): void {
  const { registry, found, state } = here;
  const { name } = desired;
  const conflict = (message: string): void => {
    plan.findings.push({ kind: "conflict", registry, name, message });
  };
  const endpoint = found.endpoints.find((one) => one.name === desired.endpoint);
  if (endpoint !== undefined && whyForeign(endpoint.description, state.installation) !== undefined) {
    conflict(`the endpoint ${endpoint.name} that it needs is not Tidelock's`);
    return;
  }
  const base = { registry, name, desired, ...(endpoint === undefined ? {} : { endpointId: endpoint.id }) };
  const existing = found.policies.find((one) => one.name === name);
  if (existing === undefined) {
    const differences = newPolicyFields(desired, found.capabilities);
    plan.actions.push({ ...base, kind: "create-policy", reason: "there is none yet", differences });
    return;
  }
  const foreign = whyForeign(existing.description, state.installation);
  if (foreign !== undefined) {
    conflict(foreign);
    return;
  }
  const differences = comparePolicy(desired, existing, targetOf(existing, found), found.capabilities);
  const enable = !existing.enabled && state.enforceEnabled;
  if (enable) differences.push({ field: "enabled", found: "false", wanted: "true" });
  else if (!existing.enabled) plan.findings.push(disabled(registry, name));
  if (differences.length === 0) return;
  const reason = enable && differences.length === 1 ? "somebody disabled it" : "it is not as declared";
  plan.actions.push({ ...base, kind: "update-policy", id: existing.id, enable, reason, differences });
}

/** Harbor can't change the type of an endpoint. */
function wrongType(endpoint: Endpoint): string | undefined {
  if (endpoint.type === "harbor") return undefined;
  return `it is of the type ${endpoint.type}, which can't be changed: delete it`;
}

function targetOf(policy: ReplicationPolicy, found: ReadRegistry): string {
  const endpoint = found.endpoints.find(({ id }) => id === policy.targetEndpointId);
  return endpoint?.name ?? `endpoint ${policy.targetEndpointId}`;
}

function disabled(registry: RegistryName, name: string): PlanFinding {
  const message =
    "somebody disabled it, so nothing is replicated; enable it, or declare enforceEnabled: true";
  return { kind: "disabled", registry, name, message };
}
