import type { FlowContext } from "../heal/context.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import type { ObservedRegistry, ObservedState } from "../observed/state.ts";
import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import { normalUrl } from "../topology/registry-url.ts";
import { flowObjects } from "./flow-objects.ts";
import type { PassDeps } from "./pass-deps.ts";
import type { RegistryState } from "./registries.ts";

interface FlowsOf {
  readonly topology: ReplicatedTopology;
  readonly deps: PassDeps;
  readonly registries: ReadonlyMap<RegistryName, RegistryState>;
  readonly observed: ObservedState;
}

/** Where the other registries reach this one. */
export function endpointUrl({ declared }: PassDeps, name: RegistryName): string | undefined {
  return normalUrl(declared.registries.get(name)?.endpointUrl ?? "");
}

/** Everything that is needed to work on a flow; nothing where one of its ends could not be read. */
export function flowContexts({
  topology,
  deps,
  registries,
  observed,
}: FlowsOf): (from: RegistryName, to: RegistryName) => FlowContext | undefined {
  return (from, to) => {
    const source = registries.get(from);
    const target = registries.get(to);
    if (source?.kind !== "read" || target?.kind !== "read") return undefined;
    const flow = { topology, from, to };
    const objects = flowObjects(flow, endpointUrl(deps, to), observed, deps.installation);
    const { endpointId, policies } = objects;
    return {
      flow,
      source: source.port,
      target: target.port,
      distribution: { source: deps.distributionOf(from), target: deps.distributionOf(to) },
      eventPolicies: eventPoliciesOf(observed.get(from)),
      rescues: deps.store.rescues,
      overwrites: deps.store.overwrites,
      endpointId,
      policies,
      installation: deps.installation,
      clock: deps.clock,
      beforeWrite: deps.beforeWrite,
      tell: deps.tell,
    };
  };
}

function eventPoliciesOf(source: ObservedRegistry | undefined): readonly ReplicationPolicy[] {
  if (source?.kind !== "read") return [];
  return source.policies.filter(
    ({ enabled, trigger, sourceEndpointId }) =>
      enabled && trigger.kind === "event_based" && sourceEndpointId === 0,
  );
}
