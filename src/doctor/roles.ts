import { flowsOf, isReplicated } from "../topology/flows.ts";
import type { Declared, Registry, RegistryName, ReplicatedTopology, Selection } from "../topology/model.ts";

/** What is declared of one registry, as far as rights depend on it. */
export interface Role {
  readonly registry: Registry;
  /** What of it belongs to topologies; empty for a registry in none. */
  readonly selections: readonly Selection[];
  /** Where its endpoints lead to. */
  readonly peers: readonly Registry[];
  /** It holds endpoints and replication policies. */
  readonly isSource: boolean;
  /** Others write to it with its replication account. */
  readonly isTarget: boolean;
  /** Tidelock may change something here: not so where every topology only observes. */
  readonly acts: boolean;
  /** Tags are removed here because they were removed elsewhere. */
  readonly replaysDeletions: boolean;
  /** Harbor itself replicates deletions to here. */
  readonly receivesDeletions: boolean;
  /** Tags that are overwritten are kept under another name before. */
  readonly rescues: boolean;
  /** Who wrote what decides what is done, so that the audit log is not only a help. */
  readonly needsAudit: boolean;
  readonly topologies: readonly ReplicatedTopology[];
}

/** Every declared registry with what its topologies ask of it. */
export function rolesOf(declared: Declared): Role[] {
  const replicated = declared.topologies.filter(isReplicated);
  return [...declared.registries.values()].map((registry) => roleOf(registry, replicated, declared));
}

function roleOf(
  registry: Registry,
  replicated: readonly ReplicatedTopology[],
  { registries }: Declared,
): Role {
  const topologies = replicated.filter((one) => one.registries.includes(registry.name));
  const acting = topologies.filter(({ mode }) => mode === "act");
  const flows = topologies.flatMap(flowsOf);
  const incoming = acting.flatMap(flowsOf).filter(({ to }) => to === registry.name);
  const outgoing = flows.filter(({ from }) => from === registry.name);
  return {
    registry,
    topologies,
    selections: topologies.map(({ content }) => content),
    peers: named(
      outgoing.map(({ to }) => to),
      registries,
    ),
    isSource: outgoing.length > 0,
    isTarget: incoming.length > 0,
    acts: acting.length > 0,
    replaysDeletions: acting.some(({ heal }) => heal.deletions === "replay"),
    receivesDeletions: incoming.some(({ topology }) => topology.replication.deletions),
    rescues: acting.some(({ heal }) => heal.conflicts !== "report"),
    needsAudit: acting.some(dependsOnAudit),
  };
}

/** Whether who wrote what decides about healing in this topology. */
function dependsOnAudit({ heal }: ReplicatedTopology): boolean {
  return heal.conflicts === "newest" || heal.deletions === "replay";
}

function named(
  names: readonly RegistryName[],
  registries: ReadonlyMap<RegistryName, Registry>,
): readonly Registry[] {
  return [...new Set(names)].flatMap((name) => registries.get(name) ?? []);
}
