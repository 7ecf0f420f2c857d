import { systemClock } from "../../clock.ts";
import type { FaultName } from "../../cluster/faults.ts";
import { serveSandbox, type Served } from "../../sandbox/http-front.ts";
import { createSandboxWorld } from "../../sandbox/world.ts";

/** Two sandboxes over one database, one Redis and one storage, on loopback, and what clients use before them. */
export interface ClusterWorld {
  /** Name → address. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly frontUrl: string;
  readonly password: string;
  /** Puts a fault on the last node. */
  break(fault: FaultName): Promise<void>;
  close(): Promise<void>;
}

/** Harbor's own times are for machines that run for years; a demo has seconds. */
const QUICK = {
  flowMs: 20,
  taskMs: 60,
  statusRefreshMs: 300,
  componentCheckMs: 200,
  lockoutMs: 50,
  retryBackoff: () => 5_000,
};
/** How often the storage that is a copy is filled from the others'. */
const COPIED_EVERY_MS = 700;

export async function startClusterWorld(): Promise<ClusterWorld> {
  const world = createSandboxWorld({ clock: systemClock, tempo: QUICK });
  const cluster = world.addCluster({ name: "demo", profile: "2.9", nodes: ["n1", "n2"] });
  const served: Served[] = [];
  for (const node of cluster.nodes) served.push(await serveSandbox(node));
  const front = await serveSandbox(cluster.front);
  return {
    nodes: new Map(cluster.nodes.map((node) => [node.name, node.url])),
    frontUrl: front.url,
    password: cluster.adminPassword,
    async break(fault) {
      cluster.break(fault, fault === "storage-stale" ? { byMs: COPIED_EVERY_MS } : {});
      await Promise.all(served.map((one) => one.settled()));
      // What /health says is as old as the last look of core at its neighbours.
      await systemClock.sleep(2 * QUICK.componentCheckMs);
    },
    async close() {
      await Promise.all([...served, front].map((one) => one.close()));
    },
  };
}
