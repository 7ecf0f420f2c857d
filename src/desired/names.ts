import type { Flow, RegistryName, TopologyName } from "../topology/model.ts";

/** Every object of ours in a Harbor is named so. */
const PREFIX = "tidelock";

/** What an endpoint to `to` is called in the other registries; at most 42 characters, of Harbor's 64. */
export function endpointName(topology: TopologyName, to: RegistryName): string {
  return `${PREFIX}.${topology}.${to}`;
}

/** What the replication policy of a flow is called; `part` counts from 1 where its filters need several policies. */
export function policyName(flow: Flow, part = 1): string {
  const name = flowName(flow);
  return part === 1 ? name : `${name}.${part}`;
}

/** What a temporary replication policy of healing is called; `hash` stands for its work, so that a restart finds it again. */
export function healPolicyName(flow: Flow, hash: string): string {
  return `${flowName(flow)}.heal-${hash}`;
}

/** Whether a replication policy is a temporary one of healing: ours, but none of the plan's. */
export function isHealPolicyName(name: string): boolean {
  return /^tidelock\.[a-z0-9-]+\.[a-z0-9-]+\.heal-[^.]+$/.test(name);
}

/** Which flow a temporary replication policy belongs to. */
export function isHealPolicyOf(flow: Flow, name: string): boolean {
  return name.startsWith(`${flowName(flow)}.heal-`);
}

/** What a probe of a cluster calls the endpoints and replication policies that it makes for a minute; at most 62 characters. */
export function probeObjectName(topology: TopologyName, label: string): string {
  return `${PREFIX}.${topology}.probe-${label}`;
}

/** Whether an endpoint or a replication policy is a probe's: ours, but none of the plan's. Such labels are longer than any registry's name. */
export function isProbeObjectName(name: string): boolean {
  return /^tidelock\.[a-z0-9-]+\.probe-tidelock-[0-9a-f]{6}-[0-9a-z]{6,7}-[0-9a-z]{1,4}-\d+$/.test(name);
}

/** What an endpoint is called that a pass makes for a moment, to see where it turns up; at most 55 characters. */
export function proofEndpointName(topology: TopologyName, to: RegistryName, at: number): string {
  return `${endpointName(topology, to)}.proof-${at.toString(36)}`;
}

/** Whether an endpoint is such a one: ours, but none of the plan's. */
export function isProofEndpointName(name: string): boolean {
  return /^tidelock\.[a-z0-9-]+\.[a-z0-9-]+\.proof-[0-9a-z]+$/.test(name);
}

/** The topology that a name of ours belongs to; undefined if the name is none of ours. */
export function topologyOfName(name: string): TopologyName | undefined {
  const [prefix, topology, rest] = name.split(".");
  return prefix === PREFIX && rest !== undefined ? topology : undefined;
}

function flowName(flow: Flow): string {
  return `${PREFIX}.${flow.topology.name}.${flow.from}-to-${flow.to}`;
}
