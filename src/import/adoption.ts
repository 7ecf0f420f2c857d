import type { DesiredEndpoint, DesiredPolicy, DesiredRegistry, DesiredState } from "../desired/model.ts";
import { byteLength } from "../desired/filters.ts";
import type { Endpoint, ReplicationFilter, ReplicationPolicy } from "../observed/model.ts";
import type { ObservedState, ReadRegistry } from "../observed/state.ts";
import { compareEndpoint } from "../plan/compare-endpoint.ts";
import { comparePolicy, filtersText } from "../plan/compare-policy.ts";
import { addressesOf, endpointsTo, filtersMeet } from "../plan/foreign.ts";
import type { Difference } from "../plan/model.ts";
import { ownedBy } from "../topology/mark.ts";
import type { RegistryName } from "../topology/model.ts";
import { RESCUE_TAG_PATTERN } from "../topology/selection.ts";
import type { ImportNotice } from "./model.ts";

interface AdoptionBase {
  readonly registry: RegistryName;
  readonly id: number;
  /** What it is called now, and what it will be called. */
  readonly was: string;
  readonly name: string;
  /** What adopting itself changes: the name, the description, and leaving rescue tags out. */
  readonly now: readonly Difference[];
  /** What the next plan will change. */
  readonly later: readonly Difference[];
}

/** One object made by others that becomes ours. */
export type Adoption =
  | (AdoptionBase & { readonly kind: "endpoint"; readonly description: string })
  | (AdoptionBase & {
      readonly kind: "policy";
      readonly found: ReplicationPolicy;
      readonly adopted: ReplicationPolicy;
    });

export interface AdoptionPlan {
  /** Endpoints of a registry before its policies. */
  readonly adoptions: readonly Adoption[];
  readonly notices: readonly ImportNotice[];
}

/** Objects that one adoption has taken are not there for the next: `registry kind id`. */
export type Taken = Set<string>;

/**
 * What would become ours of what others made: for each policy that a topology wants and has not, the enabled one over the same flow that
 * differs least; and the endpoints that these push to. What carries anybody's mark is left alone.
 */
export function planAdoption(desired: DesiredState, observed: ObservedState, taken: Taken): AdoptionPlan {
  const adoptions: Adoption[] = [];
  const notices: ImportNotice[] = [];
  for (const [registry, wanted] of desired.registries) {
    const found = observed.get(registry);
    if (found?.kind !== "read") continue;
    const here: Here = { registry, wanted, found, desired, taken, notices };
    const chosen = wanted.policies.flatMap((one) => {
      const policy = choosePolicy(one, here);
      return policy === undefined ? [] : [{ desired: one, policy }];
    });
    const endpoints = wanted.endpoints.flatMap((one) => adoptEndpoint(one, chosen, here) ?? []);
    adoptions.push(...endpoints, ...chosen.map((one) => adoptPolicy(one, endpoints, here)));
  }
  return { adoptions, notices };
}

interface Here {
  readonly registry: RegistryName;
  readonly wanted: DesiredRegistry;
  readonly found: ReadRegistry;
  readonly desired: DesiredState;
  readonly taken: Taken;
  readonly notices: ImportNotice[];
}

interface Chosen {
  readonly desired: DesiredPolicy;
  readonly policy: ReplicationPolicy;
}

function choosePolicy(desired: DesiredPolicy, here: Here): ReplicationPolicy | undefined {
  const { found, taken, registry } = here;
  const namesake = found.policies.find(({ name }) => name === desired.name);
  if (namesake !== undefined && ownedBy(namesake.description) !== undefined) return undefined;
  const there = endpointsTo(addressesOf(desired, here.wanted), harborsOf(found));
  const candidates = found.policies.filter(
    (policy) =>
      policy.enabled &&
      policy.sourceEndpointId === 0 &&
      there.has(policy.targetEndpointId) &&
      policy.targetNamespace === "" &&
      ownedBy(policy.description) === undefined &&
      !here.desired.ignoreForeign.includes(policy.name) &&
      !taken.has(`${registry} policy ${policy.id}`) &&
      filtersMeet(policy.filters, desired.filters),
  );
  if (namesake !== undefined && !candidates.includes(namesake)) {
    const message = `it has the name that Tidelock needs, but copies elsewhere, or something else: rename it`;
    here.notices.push({ registry, name: namesake.name, message });
    return undefined;
  }
  const chosen = namesake ?? leastDifferent(desired, candidates, found);
  if (chosen !== undefined) taken.add(`${registry} policy ${chosen.id}`);
  return chosen;
}

/** Harbor can't change the type of an endpoint. */
function harborsOf(found: ReadRegistry): ReadRegistry {
  return { ...found, endpoints: found.endpoints.filter(({ type }) => type === "harbor") };
}

function leastDifferent(
  desired: DesiredPolicy,
  candidates: readonly ReplicationPolicy[],
  { capabilities }: ReadRegistry,
): ReplicationPolicy | undefined {
  const cost = (policy: ReplicationPolicy): number => {
    const adopted = asOurs(desired, policy, capabilities.excludingFilters);
    return comparePolicy(desired, adopted, desired.endpoint, capabilities).length;
  };
  return candidates.toSorted((a, b) => cost(a) - cost(b) || a.id - b.id)[0];
}

/** The one that the adopted policies push to, else one that nobody uses. */
function adoptEndpoint(
  desired: DesiredEndpoint,
  chosen: readonly Chosen[],
  here: Here,
): Adoption | undefined {
  const { found, registry, taken } = here;
  const free = ({ id, description, type }: Endpoint): boolean =>
    ownedBy(description) === undefined && type === "harbor" && !taken.has(`${registry} endpoint ${id}`);
  const namesake = found.endpoints.find(({ name }) => name === desired.name);
  if (namesake !== undefined && !free(namesake)) return undefined;
  const there = endpointsTo(desired.addresses, found);
  const used = chosen
    .filter((one) => one.desired.endpoint === desired.name)
    .map(({ policy }) => policy.targetEndpointId);
  const inUse = new Set(
    found.policies.flatMap(({ sourceEndpointId, targetEndpointId }) => [sourceEndpointId, targetEndpointId]),
  );
  const leading = found.endpoints.filter((one) => there.has(one.id) && free(one));
  const endpoint =
    namesake ?? leading.find(({ id }) => used.includes(id)) ?? leading.find(({ id }) => !inUse.has(id));
  if (endpoint === undefined) return undefined;
  taken.add(`${registry} endpoint ${endpoint.id}`);
  const { id, name: was } = endpoint;
  const { name, description } = desired;
  const now = changedTexts([
    ["name", was, name],
    ["description", endpoint.description, description],
  ]);
  const later = compareEndpoint(desired, { ...endpoint, name, description }, found.capabilities);
  return { kind: "endpoint", registry, id, was, name, description, now, later };
}

function adoptPolicy({ desired, policy }: Chosen, endpoints: readonly Adoption[], here: Here): Adoption {
  const { found, registry } = here;
  const { capabilities } = found;
  const adopted = asOurs(desired, policy, capabilities.excludingFilters);
  const target = found.endpoints.find(({ id }) => id === policy.targetEndpointId);
  const renamed = endpoints.find(({ id }) => id === policy.targetEndpointId);
  const endpoint = renamed?.name ?? target?.name ?? `endpoint ${policy.targetEndpointId}`;
  return {
    kind: "policy",
    registry,
    id: policy.id,
    was: policy.name,
    name: desired.name,
    found: policy,
    adopted,
    now: changedTexts([
      ["name", policy.name, adopted.name],
      ["description", policy.description, adopted.description],
      ["filters", filtersText(policy.filters), filtersText(adopted.filters)],
    ]),
    later: comparePolicy(desired, adopted, endpoint, capabilities),
  };
}

/**
 * A policy with our name and mark, and nothing else changed but this: rescue tags, which only Tidelock makes, are left out from the moment
 * that it may make them, where Harbor can do that and has room for it.
 */
function asOurs(desired: DesiredPolicy, found: ReplicationPolicy, excludes: boolean): ReplicationPolicy {
  const { name, description } = desired;
  const own = desired.filters.filter(
    (filter) => filter.excludes && String(filter.value).includes(RESCUE_TAG_PATTERN),
  );
  const filters = excludes ? withRescueTagsOut(found.filters, own) : found.filters;
  return { ...found, name, description, filters };
}

function withRescueTagsOut(
  found: readonly ReplicationFilter[],
  own: readonly ReplicationFilter[],
): readonly ReplicationFilter[] {
  const isLeftOut = found.some(
    ({ value, excludes }) => excludes && String(value).includes(RESCUE_TAG_PATTERN),
  );
  if (isLeftOut) return found;
  const excluding = found.filter(({ kind, excludes }) => kind === "tag" && excludes);
  const others = found.filter((one) => !excluding.includes(one));
  // Written as the plan would write it, where that leaves out nothing else than was left out.
  const merged = own.length === 1 && excluding.length > 0 && sameBut(own, excluding);
  const rescue: ReplicationFilter = { kind: "tag", value: RESCUE_TAG_PATTERN, excludes: true };
  const filters = merged ? [...others, ...own] : [...found, rescue];
  return byteLength(filters) > MOST_BYTES ? found : filters;
}

/** Harbor keeps 1024 characters; see desired/filters.ts. */
const MOST_BYTES = 1000;

function sameBut(own: readonly ReplicationFilter[], found: readonly ReplicationFilter[]): boolean {
  const texts = (filters: readonly ReplicationFilter[]): string =>
    filters
      .flatMap(({ value }) =>
        String(value)
          .replace(/^\{(.*)\}$/, "$1")
          .split(","),
      )
      .filter((text) => text !== RESCUE_TAG_PATTERN)
      .toSorted()
      .join(",");
  return texts(own) === texts(found);
}

function changedTexts(fields: readonly (readonly [string, string, string])[]): Difference[] {
  return fields
    .filter(([, found, wanted]) => found !== wanted)
    .map(([field, found, wanted]) => ({ field, found, wanted }));
}
