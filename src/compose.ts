import { existsSync } from "node:fs";
import { systemClock, systemRandom, type Clock, type Random } from "./clock.ts";
import type { Mistake } from "./config/mistake.ts";
import { readDeclared } from "./config/read-declared.ts";
import { settingsInForce, type Flags } from "./config/settings.ts";
import type { Environment } from "./config/substitute.ts";
import { AppError } from "./errors.ts";
import { createHarborClient } from "./harbor/client.ts";
import { createNodeClient } from "./harbor/node-client.ts";
import type { NodePort } from "./harbor/node-port.ts";
import type { ConnectionDeps } from "./harbor/connection.ts";
import type { HarborPort } from "./harbor/port.ts";
import { createSlots, type Slots } from "./heal/slots.ts";
import { createRegistryV2Client } from "./registry-v2/client.ts";
import type { RegistryV2Port } from "./registry-v2/port.ts";
import { createLog, type Level, type Log } from "./log.ts";
import { isOwnerAlive, ownerOfWork } from "./store/embedded/lease-owner.ts";
import { openStore } from "./store/embedded/open.ts";
import type { Store } from "./store/store.ts";
import type {
  Account,
  Declared,
  Registry,
  RegistryName,
  SharedStorageTopology,
  TopologyName,
} from "./topology/model.ts";

export interface ComposeOptions {
  readonly environment: Environment;
  readonly flags: Flags;
  /** Takes whole lines for people, on standard error. */
  readonly err: (line: string) => void;
  /** Stands for the files of declarations, which are not read then; what is kept is kept in memory only. */
  readonly given?: Declared;
  /** Registries alone are a declaration too. */
  readonly topologiesOptional?: boolean;
}

/** Everything a command works with. The adapters are made here and nowhere else. */
export interface App extends AsyncDisposable {
  readonly declared: Declared;
  readonly warnings: readonly Mistake[];
  readonly installation: string;
  /** Nothing may be written to any Harbor, and no connection lets anything through that would. */
  readonly readOnly: boolean;
  readonly store: Store;
  /** There was no such file before, so nobody else works with it. */
  readonly storeIsNew?: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** What a one-shot command could not read, so that it asks once only. */
  readonly givenUp: Map<RegistryName, AppError>;
  /** How many remedies are at work at once, over all topologies. */
  readonly slots?: Slots;
  portOf(name: RegistryName): HarborPort;
  /** The OCI distribution side of the same registry. */
  distributionOf(name: RegistryName): RegistryV2Port;
  /** Both, logged in with another account than the registry's own. */
  loginAs(
    name: RegistryName,
    account: Account,
  ): { readonly harbor: HarborPort; readonly distribution: RegistryV2Port };
  /** The ways to each node of a cluster, and to its front; nothing is let through that would write where the cluster is only observed. */
  clusterOf(topology: SharedStorageTopology): Cluster;
}

/** A cluster as it is reached. */
export interface Cluster {
  readonly nodes: readonly NodePort[];
  readonly front: NodePort | undefined;
}

/** Levels of the log at which requests are told of. */
const LOGS_REQUESTS: ReadonlySet<Level> = new Set<Level>(["trace", "debug"]);

/** Reads what is declared, opens the store, and connects nothing yet: a registry is first talked to when it is needed. */
export async function compose(options: ComposeOptions): Promise<App> {
  const { environment, flags, err } = options;
  const before = settingsInForce({ flags, environment });
  const { topologiesOptional = false } = options;
  const { declared, warnings } =
    options.given === undefined
      ? await readDeclared(before.policies, { environment, topologiesOptional })
      : { declared: options.given, warnings: [] };
  const inForce = settingsInForce({ flags, environment, file: declared.settings });
  const log = createLog(inForce.logLevel, { write: (line) => err(line.trimEnd()) });
  const path = options.given === undefined ? embeddedPath(inForce.store) : ":memory:";
  const storeIsNew = !existsSync(path);
  const store = await openStore({
    path,
    isAlive: isOwnerAlive,
    warn: (sentence, hint) => log.warn({ hint }, sentence),
  });
  const connection = {
    clock: systemClock,
    random: systemRandom,
    environment,
    readOnly: inForce.readOnly,
    ...(LOGS_REQUESTS.has(inForce.logLevel)
      ? { log: (note: object): void => log.debug({ ...note }, "request") }
      : {}),
    limits: { concurrency: inForce.load.requests },
  };
  const ports = connections(declared, (registry) => createHarborClient(registry, connection));
  const distributions = connections(declared, (registry) => createRegistryV2Client(registry, connection));
  const clusters = clusterConnections(connection);
  return {
    declared,
    warnings,
    installation: declared.settings.installation,
    readOnly: inForce.readOnly,
    store,
    storeIsNew,
    clock: systemClock,
    random: systemRandom,
    log,
    givenUp: new Map(),
    slots: createSlots(inForce.load.executions),
    portOf: (name) => ports.to(name),
    distributionOf: (name) => distributions.to(name),
    loginAs: (name, account) => ({
      harbor: ports.to(name, account),
      distribution: distributions.to(name, account),
    }),
    clusterOf: (topology) => clusters.to(topology),
    async [Symbol.asyncDispose]() {
      ports.close();
      distributions.close();
      clusters.close();
      await store.close();
    },
  };
}

/** One connection a registry and account, made when it is first asked for. */
function connections<Port extends { close(): void }>(
  { registries }: Declared,
  connect: (registry: Registry) => Port,
): { to(name: RegistryName, account?: Account): Port; close(): void } {
  const made = new Map<RegistryName, Map<Account, Port>>();
  return {
    to: (name, account) => {
      const registry = registries.get(name);
      if (registry === undefined) throw new AppError("BUG", `no registry is called ${name}`);
      const login = account ?? registry.account;
      const byAccount = made.get(name) ?? new Map<Account, Port>();
      const known = byAccount.get(login);
      if (known !== undefined) return known;
      const port = connect({ ...registry, account: login });
      made.set(name, byAccount.set(login, port));
      return port;
    },
    close: () => {
      for (const byAccount of made.values()) for (const port of byAccount.values()) port.close();
    },
  };
}

/** One way to each node, made when its cluster is first asked for. */
function clusterConnections(deps: ConnectionDeps & { readonly readOnly: boolean }): {
  to(topology: SharedStorageTopology): Cluster;
  close(): void;
} {
  const made = new Map<TopologyName, Cluster>();
  const portsOf = ({ nodes, front }: Cluster): NodePort[] => [
    ...nodes,
    ...(front === undefined ? [] : [front]),
  ];
  return {
    to: (topology) => {
      const known = made.get(topology.name);
      if (known !== undefined) return known;
      const { account, nodes, front, ca, insecureSkipVerify, mode } = topology;
      const common = { insecureSkipVerify, ...(ca === undefined ? {} : { ca }) };
      const own = { ...deps, readOnly: deps.readOnly || mode === "observe" };
      const cluster: Cluster = {
        nodes: nodes.map((node) => createNodeClient({ ...node, ...common }, account, own)),
        front:
          front === undefined
            ? undefined
            : createNodeClient({ name: "front", url: front.url, ...common }, account, own),
      };
      made.set(topology.name, cluster);
      return cluster;
    },
    close: () => [...made.values()].flatMap(portsOf).forEach((port) => port.close()),
  };
}

function embeddedPath(place: string): string {
  if (!/^postgres(ql)?:/.test(place)) return place;
  throw new AppError("STORE_UNUSABLE", "opening the store failed: PostgreSQL is not supported yet", {
    hint: "name a file under settings.store, or leave it out",
  });
}

/** Who holds a lease, beginning with `host:process:`; another one with each call, so that a lease has one holder also within one process. */
export function leaseOwner(): string {
  return ownerOfWork();
}
