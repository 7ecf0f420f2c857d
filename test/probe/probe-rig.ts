import type { ProbeReport } from "../../src/cluster/report.ts";
import type { NodeAnswer, NodePort, NodeRequest } from "../../src/harbor/node-port.ts";
import { probeCluster, type ProbeDeps, type ProbeOptions } from "../../src/probe/probe-cluster.ts";
import { seededRandom } from "../../src/sandbox/random.ts";
import type { SharedStorageTopology } from "../../src/topology/model.ts";
import { INSTALLATION, PROJECT, type ProofRig } from "./proof-rig.ts";

export interface ProbeChanges extends Partial<ProbeDeps>, Partial<Omit<ProbeOptions, "limits">> {
  readonly topology?: Partial<SharedStorageTopology>;
  readonly limits?: Partial<ProbeOptions["limits"]>;
  readonly project?: string;
  readonly signal?: AbortSignal;
  /** Of the bytes and the label. */
  readonly seed?: number;
}

/** The whole probe over the cluster of a rig: the small form, unless told otherwise. */
export function probe(rig: ProofRig, changes: ProbeChanges = {}): Promise<ProbeReport> {
  const { topology, limits, project, signal, seed = 5, form = "small", looksOnly, ...deps } = changes;
  const { nodes, front, clock, credentials } = rig.context;
  return probeCluster(
    {
      nodes,
      front,
      clock,
      random: seededRandom(seed),
      installation: INSTALLATION,
      beforeWrite: () => Promise.resolve(),
      tell: (sentence) => rig.context.tell(sentence),
      ...deps,
    },
    {
      name: "ha",
      kind: "shared-storage",
      mode: "act",
      account: credentials,
      insecureSkipVerify: false,
      nodes: nodes.map(({ name, url }) => ({ name, url })),
      probe: {
        project: project ?? PROJECT,
        small: "0 * * * * *",
        full: "0 0 * * * *",
        rounds: { small: 1, full: 1 },
        visibleWithinMs: 2000,
        giveUpMs: 12_000,
      },
      ...topology,
    },
    { form, limits: { ...rig.context.limits, ...limits }, ...(looksOnly === undefined ? {} : { looksOnly }) },
    signal ?? rig.signal,
  );
}

/** Nodes that tell of each request before it is sent; what `seeing` throws, the request is rejected with. */
export function watched(
  nodes: readonly NodePort[],
  seeing: (node: NodePort, request: NodeRequest) => void,
): NodePort[] {
  return nodes.map((node) =>
    changed(node, (request, ask) => {
      seeing(node, request);
      return ask();
    }),
  );
}

/** A node whose answers are changed on their way. */
export function changed(
  node: NodePort,
  change: (request: NodeRequest, ask: () => Promise<NodeAnswer>) => Promise<NodeAnswer>,
  elsewhere: NodePort["elsewhere"] = (url, signal) => node.elsewhere(url, signal),
): NodePort {
  return {
    name: node.name,
    url: node.url,
    ask: async (request, signal) => await change(request, () => node.ask(request, signal)),
    elsewhere,
    requestCount: () => node.requestCount(),
    close: () => node.close(),
  };
}
