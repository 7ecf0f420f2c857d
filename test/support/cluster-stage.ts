import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import type { SandboxCluster } from "../../src/sandbox/cluster.ts";
import { serveSandbox, type Served } from "../../src/sandbox/http-front.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { createSandboxWorld, type SandboxWorld } from "../../src/sandbox/world.ts";
import { ownAddress } from "./own-address.ts";
import { runCli, type Given, type Ran } from "./run-cli.ts";

const QUICK = {
  flowMs: 2,
  taskMs: 4,
  referenceMs: 1,
  statusRefreshMs: 20,
  componentCheckMs: 20,
  lockoutMs: 20,
  retryBackoff: () => 50,
};

/** What of the declaration of the cluster may be told apart. */
export interface ClusterGiven {
  readonly account?: string;
  readonly mode?: "act" | "observe";
  readonly project?: string;
  /** More keys of the topology, each with its line end. */
  readonly more?: string;
}

/** A cluster `ha` of two sandboxes on loopback, its declaration, a store, and the command line over them. */
export interface ClusterStage extends AsyncDisposable {
  readonly world: SandboxWorld;
  readonly cluster: SandboxCluster;
  declare(given?: ClusterGiven): Promise<void>;
  cli(...argv: string[]): Promise<Ran>;
  cliWith(given: Given, ...argv: string[]): Promise<Ran>;
  settled(): Promise<void>;
  /** Requests that may have changed something in any node. */
  writes(): number;
  requests(): number;
  /** Where the store is. */
  readonly store: string;
  /** What names the declaration and the store. */
  readonly environment: Readonly<Record<string, string>>;
}

export async function clusterStage(
  options: { readonly profile?: ProfileName; readonly nodes?: readonly string[] } = {},
): Promise<ClusterStage> {
  const { profile = "2.9", nodes = ["n1", "n2"] } = options;
  const world = createSandboxWorld({ clock: systemClock, seed: 1, tempo: QUICK });
  const cluster = world.addCluster({ name: "ha", profile, nodes });
  const served: Served[] = [];
  for (const node of cluster.nodes) served.push(await serveSandbox(node, ownAddress()));
  served.push(await serveSandbox(cluster.front, ownAddress()));
  const folder = await mkdtemp(join(tmpdir(), "tidelock-cluster-"));
  const policies = join(folder, "policies.yaml");
  const store = join(folder, "tidelock.db");
  const environment = { TIDELOCK_STATE: store, TIDELOCK_POLICIES: policies, HOME: folder };
  const sum = (of: (node: (typeof cluster.nodes)[number]) => number): number =>
    cluster.nodes.reduce((total, node) => total + of(node), 0);
  const stage: ClusterStage = {
    world,
    cluster,
    store,
    environment,
    declare: (given = {}) => writeFile(policies, declaration(cluster, given)),
    cli: (...argv) => stage.cliWith({}, ...argv),
    cliWith: (given, ...argv) =>
      runCli(argv, { ...given, environment: { ...environment, ...given.environment } }),
    settled: async () => {
      await Promise.all(served.map((one) => one.settled()));
    },
    writes: () => sum(({ requests }) => requests.writes()),
    requests: () => sum(({ requests }) => requests.total()),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(served.map((one) => one.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  await stage.declare();
  return stage;
}

function declaration(
  cluster: SandboxCluster,
  { account, mode = "act", project = "tidelock-probe", more = "" }: ClusterGiven,
): string {
  const login = account ?? `{ username: admin, password: "${cluster.adminPassword}" }`;
  const nodes = cluster.nodes.map(({ name, url }) => `${name}: { url: "${url}" }`).join(", ");
  return `apiVersion: tidelock/v1
topologies:
  - name: ha
    kind: shared-storage
    mode: ${mode}
    account: ${login}
    nodes: { ${nodes} }
    front: { url: "${cluster.front.url}" }
    probe: { project: ${project}, visibleWithin: 1s, giveUpAfter: 1200ms }
${more}`;
}
