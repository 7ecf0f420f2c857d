import { flowsOf } from "../topology/flows.ts";
import type { HealSettings, RegistryName, ReplicatedTopology } from "../topology/model.ts";
import { literalOverlaps } from "../topology/overlap.ts";
import type { FoundFlow } from "./flows-found.ts";
import type { FoundTopology, ImportNotice } from "./model.ts";
import { topologyNames } from "./name-topologies.ts";
import { selectionKey } from "./read-selection.ts";
import type { TopologyShape } from "./topology-shape.ts";

export interface Recognised {
  readonly topologies: readonly FoundTopology[];
  readonly notices: readonly ImportNotice[];
}

/**
 * Flows as topologies. Registries that copy the same to each other, with the same settings, are dual masters; what then is left of a
 * registry that copies the same to several is a master with its slaves. `order` is that of the registries. What would write
 * where another topology writes, or pass content on in a circle, is told and left out: no declaration may hold it.
 */
export function recogniseTopologies(
  flows: readonly FoundFlow[],
  order: readonly RegistryName[],
  declared: readonly ReplicatedTopology[],
): Recognised {
  const notices: ImportNotice[] = [];
  const shapes = [...grouped(flows, order, notices)].flatMap((group) => shapesOf(group, order));
  const nameOf = topologyNames(declared.map(({ name }) => name));
  const topologies: FoundTopology[] = [];
  // Two that copy both ways first: where they meet with others, they are what was meant.
  const inOrder = shapes.toSorted((a, b) => Number(a.kind > b.kind) - Number(a.kind < b.kind));
  for (const shape of inOrder) {
    const topology = topologyOf(shape, nameOf(shape));
    const others = [...declared, ...topologies.map((one) => one.topology)];
    const clash = literalOverlaps([...others, topology]).find((one) => one.topologies.includes(topology));
    if (clash === undefined) topologies.push({ topology, sources: sourcesOf(shape.flows) });
    else notices.push(...toldOf(shape.flows, whyClash(clash, topology)));
  }
  return { topologies, notices };
}

/** Flows that are equal but for their ends. A second policy over the same flow that copies the same is told. */
function grouped(
  flows: readonly FoundFlow[],
  order: readonly RegistryName[],
  notices: ImportNotice[],
): Iterable<readonly FoundFlow[]> {
  const groups = new Map<string, FoundFlow[]>();
  const place = ({ from, to }: FoundFlow): number => order.indexOf(from) * order.length + order.indexOf(to);
  for (const flow of flows.toSorted((a, b) => place(a) - place(b))) {
    const { topology, trigger, replication, selection } = flow;
    const key = JSON.stringify([topology, trigger, replication, selectionKey(selection)]);
    const group = groups.get(key) ?? [];
    const twin = group.find(({ from, to }) => from === flow.from && to === flow.to);
    if (twin !== undefined) {
      const name = twin.policies[0]?.name ?? "";
      notices.push(...toldOf([flow], `it copies the same as ${name}; one of them is enough`));
      continue;
    }
    groups.set(key, [...group, flow]);
  }
  return groups.values();
}

function shapesOf(flows: readonly FoundFlow[], order: readonly RegistryName[]): TopologyShape[] {
  const shapes: TopologyShape[] = [];
  let left = [...flows];
  const copies = (from: RegistryName, to: RegistryName): boolean =>
    left.some((flow) => flow.from === from && flow.to === to);
  for (const first of order) {
    for (;;) {
      const masters = order.reduce<RegistryName[]>(
        (all, one) => (all.every((other) => copies(one, other) && copies(other, one)) ? [...all, one] : all),
        [first],
      );
      if (masters.length < 2) break;
      const isInside = ({ from, to }: FoundFlow): boolean => masters.includes(from) && masters.includes(to);
      const registries = order.filter((name) => masters.includes(name));
      shapes.push({ kind: "dual-master", registries, flows: left.filter(isInside) });
      left = left.filter((flow) => !isInside(flow));
    }
  }
  for (const master of order) {
    const outgoing = left.filter(({ from }) => from === master);
    if (outgoing.length === 0) continue;
    const registries = [master, ...outgoing.map(({ to }) => to)];
    shapes.push({ kind: "master-slave", registries, flows: outgoing });
  }
  return shapes;
}

/** What a declaration that says nothing of healing means. */
const HEAL: HealSettings = {
  remedy: "auto",
  conflicts: "report",
  deletions: "report",
  regressions: "report",
  slaveDeletions: "restore",
  firstContact: "copy",
  settleMs: 240_000,
  remediesPerHour: 1000,
};

function topologyOf({ kind, registries, flows }: TopologyShape, name: string): ReplicatedTopology {
  const [first] = flows;
  return {
    name,
    kind,
    mode: "act",
    registries,
    content: first?.selection ?? { projects: ["**"], repositories: ["**"], tags: "**", excludeTags: [] },
    trigger: first?.trigger ?? { kind: "event" },
    replication: first?.replication ?? { override: true, deletions: false, speedKbps: 0 },
    heal: HEAL,
    enforceEnabled: false,
    ignoreForeign: [],
  };
}

function sourcesOf(flows: readonly FoundFlow[]): string[] {
  return flows.flatMap(({ from, policies }) => policies.map(({ name }) => `${from}: ${name}`));
}

function toldOf(flows: readonly FoundFlow[], message: string): ImportNotice[] {
  return flows.flatMap(({ from, policies }) =>
    policies.map(({ name }) => ({ registry: from, name, message })),
  );
}

function whyClash(
  { kind, topologies, registries, repository }: ReturnType<typeof literalOverlaps>[number],
  topology: ReplicatedTopology,
): string {
  const others = topologies.filter((one) => one !== topology);
  const names = others.map((one) => `${one.name} (${flowsText(one)})`).join(", ");
  const at = registries.join(", ");
  return kind === "overlap"
    ? `it writes ${repository} to ${at}, as the topology ${names} does; one declaration must cover both, with equal selections and settings`
    : `it passes ${repository} on in a circle (${at}) with the topology ${names}; two masters need equal selections and settings both ways`;
}

function flowsText(topology: ReplicatedTopology): string {
  return flowsOf(topology)
    .map(({ from, to }) => `${from} → ${to}`)
    .join(", ");
}
