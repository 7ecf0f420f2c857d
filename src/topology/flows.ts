import type { Flow, RegistryName, ReplicatedTopology, Topology } from "./model.ts";

/** Two registries of one topology that are compared with each other. In master-slave `left` is the master. */
export interface Pair {
  readonly topology: ReplicatedTopology;
  readonly left: RegistryName;
  readonly right: RegistryName;
}

export function isReplicated(topology: Topology): topology is ReplicatedTopology {
  return topology.kind !== "shared-storage";
}

/** Every directed edge: master to each slave, or each master to each other one. */
export function flowsOf(topology: ReplicatedTopology): Flow[] {
  return pairsOf(topology).flatMap(({ left, right }) => {
    const there = { topology, from: left, to: right };
    return topology.kind === "master-slave" ? [there] : [there, { topology, from: right, to: left }];
  });
}

/** Every two registries that must hold the same, once. */
export function pairsOf(topology: ReplicatedTopology): Pair[] {
  const [first, ...rest] = topology.registries;
  if (first === undefined) return [];
  if (topology.kind === "master-slave") return rest.map((slave) => ({ topology, left: first, right: slave }));
  return topology.registries.flatMap((left, i) =>
    topology.registries.slice(i + 1).map((right) => ({ topology, left, right })),
  );
}
