import { endpointName, isHealPolicyOf, policyName } from "../desired/names.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import type { ObservedState } from "../observed/state.ts";
import { ownedBy } from "../topology/mark.ts";
import type { Flow } from "../topology/model.ts";
import { normalUrl } from "../topology/registry-url.ts";

/** What stands in a Harbor for one flow, and carries our mark. */
export interface FlowObjects {
  /** Undefined also where it does not lead to the target. */
  readonly endpointId: number | undefined;
  /** Those of the plan; a flow has several where its filters are too long for one. */
  readonly policies: readonly ReplicationPolicy[];
  /** Temporary ones of healing, left by a pass that was killed or could not remove them. */
  readonly temporary: readonly ReplicationPolicy[];
}

/** `url` is where the target is declared to be: an endpoint that leads elsewhere would carry our copies to a registry that nobody compared. */
export function flowObjects(
  flow: Flow,
  url: string | undefined,
  observed: ObservedState,
  installation: string,
): FlowObjects {
  const source = observed.get(flow.from);
  if (source?.kind !== "read") return { endpointId: undefined, policies: [], temporary: [] };
  const isOurs = ({ description }: { readonly description: string }): boolean =>
    ownedBy(description) === installation;
  const name = endpointName(flow.topology.name, flow.to);
  const ours = source.policies.filter(isOurs);
  const first = policyName(flow);
  return {
    endpointId: source.endpoints.find(
      (endpoint) => endpoint.name === name && isOurs(endpoint) && normalUrl(endpoint.url) === url,
    )?.id,
    policies: ours.filter(
      (policy) => policy.name === first || /^\.\d+$/.test(afterPrefix(policy.name, first)),
    ),
    temporary: ours.filter((policy) => isHealPolicyOf(flow, policy.name)),
  };
}

function afterPrefix(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : "";
}
