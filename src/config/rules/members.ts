import { isReplicated } from "../../topology/flows.ts";
import type { ReplicatedTopology, Topology } from "../../topology/model.ts";
import { inside, whereIs } from "../complaints.ts";
import type { Located, Rule } from "../declaration.ts";
import { didYouMean } from "../nearest.ts";
import type { Place } from "../source-file.ts";

/** Over nothing every command would succeed, and monitoring would be green. */
export const somethingDeclared: Rule = (declaration, complaints) => {
  const { topologies, someTopologiesLack, registryNames, firstFile } = declaration;
  const told = complaints.mistakes().some(({ path }) => /^(|registries|topologies\b.*)$/.test(path));
  if (topologies.length > 0 || registryNames.size > 0 || someTopologiesLack || told) return;
  if (firstFile === undefined) return;
  complaints.mistake({ source: firstFile, path: [] }, "neither registries nor topologies are declared", {
    hint: "declare them, or let tidelock import --registry NAME=URL write them",
  });
};

export const someTopology: Rule = ({ topologies, someTopologiesLack, registries }, complaints) => {
  const told = complaints.mistakes().some(({ path }) => path.startsWith("topologies"));
  if (topologies.length > 0 || someTopologiesLack || told) return;
  const [first] = registries.values();
  if (first === undefined) return;
  const place = { source: first.place.source, path: [] };
  complaints.mistake(place, "no topology is declared", { hint: "add topologies: with at least one" });
};

export const topologyNamesOnce: Rule = ({ topologies }, complaints) => {
  const seen = new Map<string, Place>();
  for (const { value, place } of topologies) {
    const first = seen.get(value.name);
    if (first === undefined) seen.set(value.name, place);
    else {
      complaints.mistake(
        inside(place, "name"),
        `the topology ${value.name} is declared at ${whereIs(inside(first, "name"))} already`,
      );
    }
  }
};

/** A registry that is named but not declared. */
export const knownRegistries: Rule = ({ topologies, registryNames }, complaints) => {
  for (const topology of replicated(topologies)) {
    for (const { name, at } of membersOf(topology)) {
      if (registryNames.has(name)) continue;
      complaints.mistake(at, `there is no registry ${name}`, { hint: didYouMean(name, [...registryNames]) });
    }
  }
};

/** The same registry twice: a flow to itself, a master that is a slave, or a slave named twice. */
export const membersOnce: Rule = ({ topologies }, complaints) => {
  for (const topology of replicated(topologies)) {
    const seen = new Set<string>();
    const [master] = topology.value.registries;
    for (const { name, at } of membersOf(topology)) {
      if (seen.has(name)) {
        const isMaster = topology.value.kind === "master-slave" && name === master;
        complaints.mistake(at, isMaster ? `${name} is the master already` : `${name} is named twice`, {
          hint: "a registry can't replicate to itself",
        });
      }
      seen.add(name);
    }
  }
};

export const enoughMembers: Rule = ({ topologies }, complaints) => {
  for (const { value, place } of topologies) {
    const key = value.kind === "shared-storage" ? "nodes" : "registries";
    if (complaints.concerns(inside(place, key))) continue;
    if (value.kind === "dual-master" && value.registries.length < 2) {
      complaints.mistake(inside(place, "registries"), "names one registry; a dual-master has at least two");
    }
    if (value.kind === "shared-storage" && value.nodes.length < 2) {
      complaints.mistake(inside(place, "nodes"), "names fewer than two nodes; there is nothing to compare");
    }
  }
};

function replicated(topologies: readonly Located<Topology>[]): Located<ReplicatedTopology>[] {
  return topologies.flatMap(({ value, place }) => (isReplicated(value) ? [{ value, place }] : []));
}

/** Each registry that a topology names, with where it does. */
function membersOf({ value, place }: Located<ReplicatedTopology>): { name: string; at: Place }[] {
  return value.registries.map((name, index) => {
    if (value.kind === "dual-master") return { name, at: inside(place, "registries", index) };
    return { name, at: index === 0 ? inside(place, "master") : inside(place, "slaves", index - 1) };
  });
}
