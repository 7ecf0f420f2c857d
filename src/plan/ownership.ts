import { isHealPolicyName, isProbeObjectName, isProofEndpointName } from "../desired/names.ts";
import type { Endpoint, ReplicationPolicy } from "../observed/model.ts";
import type { ReadRegistry } from "../observed/state.ts";
import { ownedBy } from "../topology/mark.ts";

/** Endpoints that carry the mark of an installation; those of a probe, and those made for a moment, are not the plan's. */
export function ownedEndpoints(registry: ReadRegistry, installation: string): Endpoint[] {
  return registry.endpoints.filter(
    ({ description, name }) =>
      ownedBy(description) === installation && !isProbeObjectName(name) && !isProofEndpointName(name),
  );
}

/** Replication policies that carry the mark of an installation; temporary ones, of healing and of probes, are not the plan's. */
export function ownedPolicies(registry: ReadRegistry, installation: string): ReplicationPolicy[] {
  return registry.policies.filter(
    ({ description, name }) =>
      ownedBy(description) === installation && !isHealPolicyName(name) && !isProbeObjectName(name),
  );
}

/** Why an object that has our name is not ours to change; undefined if it is. */
export function whyForeign(description: string, installation: string): string | undefined {
  const owner = ownedBy(description);
  if (owner === installation) return undefined;
  return owner === undefined
    ? "it has the name that Tidelock needs, but not its mark: rename or delete it, or adopt it"
    : `it belongs to another installation of Tidelock (${owner})`;
}
