import { breakers, type Breaker, type BreakOptions } from "./cluster-faults.ts";
import type { Database } from "./core.ts";
import { Exposure } from "./exposure.ts";
import { emptyFiles } from "./files.ts";
import { preparedSettings } from "./node-settings.ts";
import { PROFILES, type ProfileName } from "./profile.ts";
import { emptyRedis } from "./redis.ts";
import { createFront, Turns, type Node, type SandboxFront } from "./sandbox-front.ts";
import type { NewSandbox, Sandbox } from "./sandbox.ts";
import { emptyState } from "./state.ts";
import type { Surroundings } from "./surroundings.ts";

/** What can be wrong with one node of a cluster. */
export type ClusterFault =
  | "token-key"
  | "secretkey"
  | "storage"
  | "storage-stale"
  | "redis"
  | "upload-secret"
  | "job-secret"
  | "csrf-key"
  | "database"
  | "clock"
  | "core-down"
  | "registry-down"
  | "jobservice-down"
  | "registryctl-down"
  | "version"
  | "realm";

export interface NewCluster {
  readonly name: string;
  readonly profile: ProfileName;
  /** Their names; `n1` and `n2` by default. */
  readonly nodes?: readonly string[];
  /** What the nodes have in common; everything by default. Without the database they are registries of their own. */
  readonly shares?: { readonly database?: boolean; readonly redis?: boolean; readonly storage?: boolean };
  readonly adminPassword?: string;
}

/** Several nodes of one Harbor, sound or with faults. */
export interface SandboxCluster {
  readonly name: string;
  readonly adminPassword: string;
  /** Each with its own URL, clock and processes, in the order of their names as given. */
  readonly nodes: readonly Sandbox[];
  /** What clients use: each request goes to the next node that is alive. */
  readonly front: SandboxFront;
  node(name: string): Sandbox;
  /** Puts a fault on one node, the last by default, before or while it runs; several at once are fine. */
  break(fault: ClusterFault, options?: BreakOptions): void;
  /** Ends a fault wherever it is, or all of them. */
  mend(fault?: ClusterFault): void;
  /** Lets one node's job service be quicker than the others: it takes all jobs of the queues that it takes from. By chance without a name. */
  quickest(node?: string): void;
  /** Milliseconds until the other nodes see what a node writes to storage, asked at each writing. That is healthy. */
  visibility(delayMs: () => number): void;
}

/** `make` adds a node to the world. */
export function createCluster(
  world: Surroundings,
  make: (wanted: NewSandbox) => Node,
  wanted: NewCluster & { readonly adminPassword: string },
): { readonly cluster: SandboxCluster; readonly turns: Turns } {
  const exposure = new Exposure(() => world.now());
  const nodes = makeNodes(world, make, wanted, exposure);
  const sound = wanted.shares?.database !== false;
  const url = `http://${wanted.name}.test`;
  const publish = (address: string): void => {
    if (sound) for (const { core } of nodes) core.settings.externalUrl = address;
  };
  publish(url);
  const turns = new Turns(nodes);
  const faults = new Map<string, { readonly fault: ClusterFault; readonly undo: () => void }>();
  const breaker: Readonly<Record<ClusterFault, Breaker>> = breakers(exposure);
  const nodeOf = (name: string | undefined): Node => {
    const node = name === undefined ? nodes.at(-1) : nodes.find((one) => one.core.name === name);
    if (node === undefined) throw new Error(`the sandbox cluster ${wanted.name} has no node ${name ?? ""}`);
    return node;
  };
  const mend = (fault?: ClusterFault): void => {
    world.catchUp();
    for (const [key, one] of [...faults].reverse()) {
      if (fault !== undefined && one.fault !== fault) continue;
      one.undo();
      faults.delete(key);
    }
  };
  const cluster: SandboxCluster = {
    name: wanted.name,
    adminPassword: wanted.adminPassword,
    nodes: nodes.map((one) => one.sandbox),
    front: createFront(world.clock, url, nodes, turns, publish),
    node: (name) => nodeOf(name).sandbox,
    break: (fault, options = {}) => {
      world.catchUp();
      const node = nodeOf(options.node);
      const key = `${fault} ${node.core.name}`;
      faults.get(key)?.undo();
      faults.set(key, { fault, undo: breaker[fault](node, options) });
    },
    mend,
    quickest: (name) => {
      world.catchUp();
      for (const { core } of nodes) core.redis.quickest = name;
    },
    visibility: (delayMs) => {
      exposure.delayMs = delayMs;
    },
  };
  return { cluster, turns };
}

const HOUR_MS = 3_600_000;

function makeNodes(
  world: Surroundings,
  make: (wanted: NewSandbox) => Node,
  wanted: NewCluster & { readonly adminPassword: string },
  exposure: Exposure,
): Node[] {
  const { database = true, redis = true, storage = true } = wanted.shares ?? {};
  const profile = PROFILES[wanted.profile];
  const sharedDatabase: Database = { state: emptyState() };
  const sharedRedis = emptyRedis();
  const files = emptyFiles();
  return (wanted.nodes ?? ["n1", "n2"]).map((name, at) => {
    if (!storage) exposure.part(name, undefined);
    return make({
      name,
      profile,
      url: `http://${name}.${wanted.name}.test`,
      adminPassword: wanted.adminPassword,
      ground: {
        settings: preparedSettings(database ? wanted.name : `${wanted.name}/${name}`, profile.harborVersion),
        database: database ? sharedDatabase : { state: emptyState() },
        // two installations were never made in the same moment
        installedAt: world.now() - HOUR_MS * (at + 1),
        redis: redis ? sharedRedis : emptyRedis(),
        files,
        sight: exposure.sightOf(name),
      },
    });
  });
}
