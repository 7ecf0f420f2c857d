import type { DesiredPolicy, DesiredRegistry, DesiredState } from "../desired/model.ts";
import { isHealPolicyName } from "../desired/names.ts";
import type { ReplicationFilter, ReplicationPolicy } from "../observed/model.ts";
import type { ReadRegistry } from "../observed/state.ts";
import { ownedBy } from "../topology/mark.ts";
import { patternsMeet } from "../topology/patterns-meet.ts";
import { normalUrl } from "../topology/registry-url.ts";

/** Somebody else's replication policies that copy what one of ours copies, or is to copy. */
export interface ForeignBeside {
  /** They copy by themselves, on an event or a schedule: ours is not made beside them. */
  readonly copying: readonly ReplicationPolicy[];
  /** They copy only when a person starts them. */
  readonly manual: readonly ReplicationPolicy[];
}

/**
 * The enabled policies without our mark that push from this registry to the target of `desired`, by whatever endpoint, and may cover some
 * of what it covers. One that copies into a namespace of its own writes to other repositories, and does not count.
 */
export function foreignBeside(
  desired: DesiredPolicy,
  wanted: DesiredRegistry,
  found: ReadRegistry,
  { installation, ignoreForeign }: Pick<DesiredState, "installation" | "ignoreForeign">,
): ForeignBeside {
  const there = endpointsTo(addressesOf(desired, wanted), found);
  const beside = found.policies.filter(
    (policy) =>
      policy.enabled &&
      policy.sourceEndpointId === 0 &&
      there.has(policy.targetEndpointId) &&
      policy.targetNamespace === "" &&
      policy.name !== desired.name &&
      ownedBy(policy.description) !== installation &&
      !isHealPolicyName(policy.name) &&
      !ignoreForeign.includes(policy.name) &&
      filtersMeet(policy.filters, desired.filters),
  );
  return {
    copying: beside.filter(({ trigger }) => trigger.kind !== "manual"),
    manual: beside.filter(({ trigger }) => trigger.kind === "manual"),
  };
}

/** Every address under which the registry that a policy pushes to is known. */
export function addressesOf({ endpoint }: DesiredPolicy, { endpoints }: DesiredRegistry): readonly string[] {
  return endpoints.find(({ name }) => name === endpoint)?.addresses ?? [];
}

/** Ids of the endpoints that lead to one of these addresses. */
export function endpointsTo(addresses: readonly string[], { endpoints }: ReadRegistry): Set<number> {
  const leading = endpoints.filter(({ url }) => addresses.includes(normalUrl(url) ?? url));
  return new Set(leading.map(({ id }) => id));
}

/** Whether two policies may copy the same tag. What either leaves out is not looked at: it can only make the answer no. */
export function filtersMeet(one: readonly ReplicationFilter[], other: readonly ReplicationFilter[]): boolean {
  return (["name", "tag"] as const).every((kind) =>
    taken(one, kind).every((pattern) =>
      taken(other, kind).every((against) => patternsMeet(pattern, against)),
    ),
  );
}

function taken(filters: readonly ReplicationFilter[], kind: "name" | "tag"): string[] {
  return filters.flatMap(({ kind: of, value, excludes }) =>
    of === kind && !excludes && typeof value === "string" && value !== "" ? [value] : [],
  );
}
