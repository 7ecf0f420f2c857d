import { isHealPolicyName, isProbeObjectName, topologyOfName } from "../desired/names.ts";
import type { Endpoint, ReplicationPolicy } from "../observed/model.ts";
import type { ReadRegistry } from "../observed/state.ts";
import { harborCronMistake, normalCron } from "../topology/cron.ts";
import { ownedBy } from "../topology/mark.ts";
import type { RegistryName, ReplicationSettings, Selection, Trigger } from "../topology/model.ts";
import { normalUrl } from "../topology/registry-url.ts";
import type { GivenRegistry, ImportNotice } from "./model.ts";
import { readSelection } from "./read-selection.ts";

/** One flow that replication policies make today. */
export interface FoundFlow {
  readonly from: RegistryName;
  readonly to: RegistryName;
  /** One, or the parts of a flow of ours whose filters needed several. */
  readonly policies: readonly ReplicationPolicy[];
  readonly endpoint: Endpoint;
  /** Undefined where the names say nothing of a topology of ours. */
  readonly topology: string | undefined;
  readonly selection: Selection;
  readonly trigger: Trigger;
  readonly replication: ReplicationSettings;
}

export interface FlowsFound {
  readonly flows: readonly FoundFlow[];
  readonly notices: readonly ImportNotice[];
}

interface Here {
  readonly from: RegistryName;
  readonly found: ReadRegistry;
  readonly given: readonly GivenRegistry[];
  readonly installation: string;
  /** Names of topologies that are declared already: their own objects are no news. */
  readonly declared: ReadonlySet<string>;
}

const FASTEST_KBPS = 16_777_215;

/** The flows that start in one registry; each policy that is none is told with its reason. */
export function flowsFound(here: Here): FlowsFound {
  const notices: ImportNotice[] = [];
  const groups = new Map<string, { policy: ReplicationPolicy; to: RegistryName; endpoint: Endpoint }[]>();
  for (const policy of here.found.policies) {
    if (isTemporary(policy)) continue;
    if (isDeclared(policy, here)) continue;
    const target = targetOf(policy, here);
    if (typeof target === "string") {
      notices.push({ registry: here.from, name: policy.name, message: target });
      continue;
    }
    const key = JSON.stringify([topologyOf(policy, here) ?? policy.id, target.to]);
    groups.set(key, [...(groups.get(key) ?? []), { policy, ...target }]);
  }
  const flows = [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const policies = members.map(({ policy }) => policy);
    const flow = flowOf(policies, { from: here.from, to: first.to, endpoint: first.endpoint }, here);
    if (typeof flow !== "string") return [flow];
    notices.push(...policies.map(({ name }) => ({ registry: here.from, name, message: flow })));
    return [];
  });
  return { flows, notices };
}

/** Made by some Tidelock for its own work, and gone when that is done. */
function isTemporary({ name, description }: ReplicationPolicy): boolean {
  return ownedBy(description) !== undefined && (isHealPolicyName(name) || isProbeObjectName(name));
}

function isDeclared({ name, description }: ReplicationPolicy, { installation, declared }: Here): boolean {
  return ownedBy(description) === installation && declared.has(topologyOfName(name) ?? "");
}

/** The topology of a policy of ours that is not declared any more, by its name. */
function topologyOf({ name, description }: ReplicationPolicy, { installation }: Here): string | undefined {
  return ownedBy(description) === installation ? topologyOfName(name) : undefined;
}

/** Where a policy pushes to, or why it is none that could be declared. */
function targetOf(
  policy: ReplicationPolicy,
  { from, found, given, installation }: Here,
): { to: RegistryName; endpoint: Endpoint } | string {
  const owner = ownedBy(policy.description);
  if (owner !== undefined && owner !== installation)
    return `it belongs to another installation of Tidelock (${owner})`;
  const endpoint = found.endpoints.find(
    ({ id }) => id === (policy.sourceEndpointId || policy.targetEndpointId),
  );
  if (policy.sourceEndpointId !== 0) {
    const source = endpoint === undefined ? "elsewhere" : endpoint.url;
    return `it pulls from ${source}; Tidelock declares pushes only, from where the content is`;
  }
  if (endpoint === undefined) return "it pushes to an endpoint that is not there";
  if (endpoint.type !== "harbor")
    return `it pushes to ${endpoint.url}, which is no Harbor (${endpoint.type})`;
  if (!policy.enabled) return `it is disabled (it would push to ${endpoint.url})`;
  const url = normalUrl(endpoint.url) ?? endpoint.url;
  const to = given.find((one) => one.endpointUrl === url || one.url === url);
  if (to === undefined) {
    return `it pushes to ${endpoint.url}, which is none of the registries given: add --registry NAME=${endpoint.url}, or name that address with --endpoint-url`;
  }
  return to.name === from ? "it pushes to the registry that it stands in" : { to: to.name, endpoint };
}

type Ends = Pick<FoundFlow, "from" | "to" | "endpoint">;

/** The flow of some policies, or why they are none that could be declared. */
function flowOf(policies: readonly ReplicationPolicy[], ends: Ends, here: Here): FoundFlow | string {
  const [first] = policies;
  if (first === undefined) return "there is no policy";
  const { override, deletions, speedKbps, targetNamespace } = first;
  if (targetNamespace !== "") return `it copies into the namespace ${targetNamespace}, under other names`;
  if (speedKbps > FASTEST_KBPS) return `its limit of speed is above ${FASTEST_KBPS}`;
  const trigger = triggerOf(first);
  if (typeof trigger === "string") return trigger;
  if (policies.some((one) => settingsKey(one) !== settingsKey(first)))
    return "the policies of this flow do not agree in their settings";
  const read = readSelection(policies.map(({ filters }) => filters));
  if (read.kind === "inexpressible") return read.reason;
  const replication = { override, deletions, speedKbps: Math.max(0, speedKbps) };
  const topology = topologyOf(first, here);
  return { ...ends, policies, topology, selection: read.selection, trigger, replication };
}

function triggerOf({ trigger: { kind, cron } }: ReplicationPolicy): Trigger | string {
  if (kind === "event_based") return { kind: "event" };
  if (kind === "manual") return { kind: "manual" };
  const normal = normalCron(cron);
  const mistake = harborCronMistake(normal);
  return mistake === undefined ? { kind: "cron", cron: normal } : `its schedule "${cron}": ${mistake}`;
}

function settingsKey(policy: ReplicationPolicy): string {
  const { trigger, override, deletions, speedKbps, targetNamespace } = policy;
  const cron = trigger.kind === "scheduled" ? normalCron(trigger.cron) : "";
  return JSON.stringify([trigger.kind, cron, override, deletions, Math.max(0, speedKbps), targetNamespace]);
}
