import type { DesiredEndpoint, DesiredPolicy, DesiredRegistry, DesiredState } from "../desired/model.ts";
import { isDisarmed } from "../desired/disarmed.ts";
import type { Endpoint, ReplicationPolicy } from "../observed/model.ts";
import type { ReadRegistry } from "../observed/state.ts";
import type { RegistryName } from "../topology/model.ts";
import { compareEndpoint, newEndpointFields } from "./compare-endpoint.ts";
import { comparePolicy, newPolicyFields } from "./compare-policy.ts";
import { foreignBeside } from "./foreign.ts";
import { foreignFindings } from "./foreign-findings.ts";
import type { Action, PlanFinding } from "./model.ts";
import { whyForeign } from "./ownership.ts";
import { carriesNote } from "./switched-off-note.ts";

/** What is to be done in one registry, and what is only told; in no particular order. */
export interface RegistryPlan {
  readonly actions: Action[];
  readonly findings: PlanFinding[];
}

interface Here {
  readonly registry: RegistryName;
  readonly state: Pick<DesiredState, "topology" | "installation" | "enforceEnabled" | "ignoreForeign">;
  readonly found: ReadRegistry;
  readonly wanted: DesiredRegistry;
}

/**
 * Joins desired and found by name:
 *
 *     desired  found          then
 *     yes      no             create; told as foreign, and not made, where somebody else's policy copies the same
 *     yes      ours           update what differs; rotate if the ping says so; disabled is told, or enabled
 *     yes      not ours       told as a conflict, never touched
 *     no       anything       see leftovers.ts
 */
export function planRegistry(here: Here): RegistryPlan {
  const { wanted } = here;
  const plan: RegistryPlan = { actions: [], findings: foreignFindings(here) };
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
    if (isOnlyForBlocked(desired, here)) return;
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
    if (isBlocked(desired, here)) return;
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
  const enable = !existing.enabled && (state.enforceEnabled || wasSwitchedOffByUs(existing));
  if (enable) differences.push({ field: "enabled", found: "false", wanted: "true" });
  else if (!existing.enabled) plan.findings.push(disabled(registry, name));
  if (differences.length === 0) return;
  const reason = enable && differences.length === 1 ? whyDisabled(existing) : "it is not as declared";
  plan.actions.push({ ...base, kind: "update-policy", id: existing.id, enable, reason, differences });
}

/** Nothing is made beside a foreign policy that copies the same: each push would be copied twice, by the rules of two owners. */
function isBlocked(desired: DesiredPolicy, { wanted, found, state }: Here): boolean {
  const isThere = found.policies.some(({ name }) => name === desired.name);
  return !isThere && foreignBeside(desired, wanted, found, state).copying.length > 0;
}

/** An endpoint that only such policies need waits too: adopting may give it to us under another name. */
function isOnlyForBlocked({ name }: DesiredEndpoint, here: Here): boolean {
  const users = here.wanted.policies.filter(({ endpoint }) => endpoint === name);
  return users.length > 0 && users.every((policy) => isBlocked(policy, here));
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

/** Because Harbor would not let us delete it, and it is wanted again; or for a moment, and we did not come to switch it on. */
function wasSwitchedOffByUs(policy: ReplicationPolicy): boolean {
  return isDisarmed(policy) || carriesNote(policy);
}

function whyDisabled(policy: ReplicationPolicy): string {
  return carriesNote(policy)
    ? "Tidelock switched it off for a moment and did not come to switch it on again"
    : "somebody disabled it";
}

function disabled(registry: RegistryName, name: string): PlanFinding {
  const message =
    "somebody disabled it, so nothing is replicated; enable it, or declare enforceEnabled: true";
  return { kind: "disabled", registry, name, message };
}
