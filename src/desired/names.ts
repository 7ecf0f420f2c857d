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

/** The topology that a name of ours belongs to; undefined if the name is none of ours. */
export function topologyOfName(name: string): TopologyName | undefined {
  const [prefix, topology, rest] = name.split(".");
  return prefix === PREFIX && rest !== undefined ? topology : undefined;
}

function flowName(flow: Flow): string {
  return `${PREFIX}.${flow.topology.name}.${flow.from}-to-${flow.to}`;
}
