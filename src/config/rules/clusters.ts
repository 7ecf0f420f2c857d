import { addressesOf, type ClusterAddress } from "../../topology/cluster-addresses.ts";
import { isReplicated } from "../../topology/flows.ts";
import type { Registry, ReplicatedTopology, SharedStorageTopology } from "../../topology/model.ts";
import { isLoopback } from "../../topology/registry-url.ts";
import { selects } from "../../topology/selection.ts";
import { inside, whereIs, type Complaints } from "../complaints.ts";
import type { Declaration, Located, Rule } from "../declaration.ts";
import type { Place } from "../source-file.ts";

/** Each node is addressed by itself: two under one address are one, and the front is none. */
export const nodesDiffer: Rule = (declaration, complaints) => {
  const everywhere = new Map<string, { readonly node: string; readonly place: Place }>();
  for (const { value, place } of clustersIn(declaration)) {
    const here = new Map<string, string>();
    for (const { name, url } of value.nodes) {
      const at = inside(place, "nodes", name, "url");
      const twin = here.get(url);
      const stranger = everywhere.get(url);
      if (twin !== undefined) {
        complaints.mistake(at, `leads to the same place as the node ${twin}`, { hint: OWN_ADDRESS });
      } else if (stranger !== undefined) {
        const other = `the node ${stranger.node} of another cluster (${whereIs(stranger.place)})`;
        complaints.mistake(at, `leads to the same place as ${other}`);
      } else if (url === value.front?.url) {
        complaints.mistake(at, "is the address of the front", { hint: OWN_ADDRESS });
      }
      here.set(url, name);
      everywhere.set(url, { node: name, place: at });
    }
  }
};

const OWN_ADDRESS = "give each node its own address, and host for the common name";

/** Nodes of one cluster hold the same already: replicating between them would copy each image onto itself, for ever. */
export const noClusterWithItself: Rule = (declaration, complaints) => {
  for (const topology of replicatedIn(declaration)) {
    for (const cluster of clustersIn(declaration)) {
      const [first, second] = membersInside(topology.value, cluster.value, declaration);
      if (first === undefined) continue;
      const { name } = cluster.value;
      if (second === undefined) {
        warnOfOneNode(first, cluster.value, complaints);
        continue;
      }
      const both = `${first.registry.value.name} and ${second.registry.value.name}`;
      complaints.mistake(
        inside(topology.place, "name"),
        `${both} are nodes of one database, the cluster ${name}, that would replicate to each other`,
        { hint: `declare one registry for ${name}, with the address of its front` },
      );
    }
  }
};

/** A single node is no address for others: it goes, and the cluster stays. */
function warnOfOneNode(
  { registry, key, node }: Member,
  { name, front }: SharedStorageTopology,
  complaints: Complaints,
): void {
  if (node === undefined) return;
  complaints.warn(
    inside(registry.place, key),
    `leads to ${node}, one node of the cluster ${name}, and away when that node is`,
    {
      hint:
        front === undefined ? "give it the address that clients use" : `write ${front.url}, the front of it`,
    },
  );
}

/**
 * Images of probes come and go each minute. Harbor's filters of names know no exception (goharbor/harbor src/pkg/reg/model/policy.go: decorations are for tags and
 * labels alone), so a selection that covers the project of probes would replicate them.
 */
export const probesStayInside: Rule = (declaration, complaints) => {
  for (const topology of replicatedIn(declaration)) {
    if (complaints.concerns(inside(topology.place, "content"))) continue;
    const covers = selects(topology.value.content);
    for (const { value: cluster } of clustersIn(declaration)) {
      const { project } = cluster.probe;
      if (!covers.project(project)) continue;
      const at = inside(topology.place, "content");
      const told = `covers ${project}, the project that the cluster ${cluster.name} is probed in`;
      const hint = `name the projects or patterns that are to be replicated, so that ${project} is none of them`;
      const isInside = membersInside(topology.value, cluster, declaration).length > 0;
      if (isInside) complaints.mistake(at, told, { hint, onKey: true });
      else {
        complaints.warn(at, `${told}: images of probes are replicated if it is one of these registries`, {
          hint,
          onKey: true,
        });
      }
    }
  }
};

/** What is late must come before it is given up. */
export const patience: Rule = (declaration, complaints) => {
  for (const { value, place } of clustersIn(declaration)) {
    const { visibleWithinMs, giveUpMs } = value.probe;
    if (giveUpMs > visibleWithinMs) continue;
    complaints.mistake(inside(place, "probe"), "giveUpAfter is not longer than visibleWithin", {
      hint: "what comes between the two is told as stale; the defaults are 2s and 12s",
      onKey: true,
    });
  }
};

/** What is warned of registries is true of nodes as well. */
export const openClusters: Rule = (declaration, complaints) => {
  for (const { value, place } of clustersIn(declaration)) {
    if (value.insecureSkipVerify) {
      complaints.warn(inside(place, "insecureSkipVerify"), "lets anybody in between pose as a node", {
        hint: "give caFile instead",
      });
    }
    const urls: readonly (readonly [string, Place])[] = [
      ...value.nodes.map(({ name, url }) => [url, inside(place, "nodes", name, "url")] as const),
      ...(value.front === undefined ? [] : [[value.front.url, inside(place, "front", "url")] as const]),
    ];
    for (const [url, at] of urls) {
      if (!url.startsWith("http://") || isLoopback(url)) continue;
      complaints.warn(at, "is http: passwords cross the network in clear");
    }
  }
};

interface Member {
  readonly registry: Located<Registry>;
  readonly key: "url" | "endpointUrl";
  readonly node: ClusterAddress["node"];
}

/** The registries of a topology that lead into a cluster, by either address, in their order. */
function membersInside(
  topology: ReplicatedTopology,
  cluster: SharedStorageTopology,
  { registries }: Declaration,
): Member[] {
  const addresses = addressesOf(cluster);
  return [...new Set(topology.registries)].flatMap((name) => {
    const registry = registries.get(name);
    if (registry === undefined) return [];
    for (const key of ["url", "endpointUrl"] as const) {
      const address = addresses.find(({ url }) => url === registry.value[key]);
      if (address !== undefined) return [{ registry, key, node: address.node }];
    }
    return [];
  });
}

function clustersIn({ topologies }: Declaration): Located<SharedStorageTopology>[] {
  return topologies.flatMap(({ value, place }) => (isReplicated(value) ? [] : [{ value, place }]));
}

function replicatedIn({ topologies }: Declaration): Located<ReplicatedTopology>[] {
  return topologies.flatMap(({ value, place }) => (isReplicated(value) ? [{ value, place }] : []));
}
