import { desiredState } from "../desired/desired-state.ts";
import type { DesiredState } from "../desired/model.ts";
import type { ObservedState } from "../observed/state.ts";
import type { Difference } from "../plan/model.ts";
import { isReplicated } from "../topology/flows.ts";
import type { Declared, Registry, RegistryName } from "../topology/model.ts";
import { planAdoption, type Adoption, type Taken } from "./adoption.ts";
import { flowsFound, type FoundFlow } from "./flows-found.ts";
import type { FoundAccess, FoundTopology, GivenRegistry, ImportNotice } from "./model.ts";
import { recogniseTopologies } from "./recognise-topologies.ts";
import { accessFound, registryAs } from "./registries-found.ts";

export interface Recognition {
  /** How the registries are logged in to, by name. */
  readonly access: ReadonlyMap<RegistryName, FoundAccess>;
  readonly topologies: readonly FoundTopology[];
  readonly notices: readonly ImportNotice[];
}

export interface RecogniseSource {
  readonly given: readonly GivenRegistry[];
  readonly observed: ObservedState;
  /** What is declared already: its topologies are not found again, and nothing that is found may clash with them. */
  readonly declared: Declared;
  /** Whether the registries are declared already, so that only topologies are to be written. */
  readonly registriesDeclared: boolean;
}

/** What stands in the Harbors as a declaration, and everything that could not be declared. Pure: the same reading gives the same text. */
export function recognise({ given, observed, declared, registriesDeclared }: RecogniseSource): Recognition {
  const { installation } = declared.settings;
  const notices: ImportNotice[] = [];
  const flows = [...observed].flatMap(([from, found]) => {
    if (found.kind === "unread") {
      const message = `could not be read, so nothing is known of what it copies: ${found.error.message}`;
      notices.push({ registry: from, name: "", message });
      return [];
    }
    const known = new Set(declared.topologies.map(({ name }) => name));
    const read = flowsFound({ from, found, given, installation, declared: known });
    notices.push(...read.notices);
    return read.flows.filter((flow) => isRead(flow, observed, notices));
  });
  const order = given.map(({ name }) => name);
  const recognised = recogniseTopologies(flows, order, declared.topologies.filter(isReplicated));
  const access = new Map(given.map((one) => [one.name, accessFound(one, observed)]));
  const registries = registriesDeclared
    ? declared.registries
    : new Map(given.map((one) => [one.name, registryAs(one, accessFound(one, observed))]));
  const changes = laterChanges(recognised.topologies, registries, declared, observed);
  return {
    access,
    topologies: recognised.topologies,
    notices: [...notices, ...recognised.notices, ...changes],
  };
}

/** A flow to a registry that could not be read may be half of a dual-master, or not. */
function isRead(
  { from, to, policies }: FoundFlow,
  observed: ObservedState,
  notices: ImportNotice[],
): boolean {
  if (observed.get(to)?.kind === "read") return true;
  const message = `it pushes to ${to}, which could not be read: import again when that one answers`;
  notices.push(...policies.map(({ name }) => ({ registry: from, name, message })));
  return false;
}

/** What the first plan after adopting would change: said before anybody agrees to it. */
function laterChanges(
  topologies: readonly FoundTopology[],
  registries: ReadonlyMap<RegistryName, Registry>,
  declared: Declared,
  observed: ObservedState,
): ImportNotice[] {
  const taken: Taken = new Set();
  const capabilities = new Map(
    [...observed].flatMap(([name, found]) =>
      found.kind === "read" ? [[name, found.capabilities] as const] : [],
    ),
  );
  const { installation } = declared.settings;
  return topologies.flatMap(({ topology }) => {
    const desired = desiredState({ ...declared, registries }, topology, installation, capabilities);
    const { adoptions } = planAdoption(desired, observed, taken);
    const changes = adoptions.flatMap(({ registry, was, later }) =>
      later.map((difference) => ({ registry, name: was, message: changeText(topology.name, difference) })),
    );
    return [...changes, ...notThereYet(topology.name, desired, observed, adoptions)];
  });
}

function changeText(topology: string, { field, found, wanted }: Difference): string {
  const shown = (text: string): string =>
    text === "" ? "(none)" : text.startsWith("-----BEGIN") ? "(certificate)" : text;
  return `is in the topology ${topology}; once it is adopted, the next plan changes its ${field} from ${shown(found)} to ${shown(wanted)}`;
}

/**
 * What adopting can't provide: an endpoint that another topology's policy uses too, since every topology has its own; and what carries our
 * mark under other names, because its registries were called otherwise when it was made.
 */
function notThereYet(
  topology: string,
  { registries }: DesiredState,
  observed: ObservedState,
  adoptions: readonly Adoption[],
): ImportNotice[] {
  return [...registries].flatMap(([registry, { endpoints, policies }]) => {
    const found = observed.get(registry);
    if (found?.kind !== "read") return [];
    const there = new Set([
      ...[...found.endpoints, ...found.policies].map(({ name }) => name),
      ...adoptions.flatMap((one) => (one.registry === registry ? [one.name] : [])),
    ]);
    const message = (what: string, to: string): string =>
      `will be made by the next plan: the topology ${topology} needs ${what} to ${to} of that name`;
    return [
      ...endpoints.map(({ name, to }) => ({ registry, name, message: message("an endpoint", to) })),
      ...policies.map(({ name, to }) => ({ registry, name, message: message("a replication policy", to) })),
    ].filter(({ name }) => !there.has(name));
  });
}
