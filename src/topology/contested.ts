import { flowsOf, type Pair } from "./flows.ts";
import type { ReplicatedTopology, TopologyName } from "./model.ts";
import { selects } from "./selection.ts";

/**
 * Says of a repository which other topology writes to one of the same registries: for each registry and repository only one may. Literal overlaps
 * are refused with the declaration; this finds those of patterns, which show up on real repositories only.
 */
export function contestedBy(
  pair: Pair,
  topologies: readonly ReplicatedTopology[],
): (repository: string) => TopologyName | undefined {
  const written = targetsOf(pair.topology).filter((name) => name === pair.left || name === pair.right);
  const rivals = topologies
    .filter(({ name }) => name !== pair.topology.name)
    .filter((topology) => targetsOf(topology).some((name) => written.includes(name)))
    .map(({ name, content }) => ({ name, chosen: selects(content) }));
  return (repository) => rivals.find(({ chosen }) => chosen.repository(repository))?.name;
}

function targetsOf(topology: ReplicatedTopology): string[] {
  return flowsOf(topology).map(({ to }) => to);
}
