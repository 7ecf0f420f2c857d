import { setMaxListeners } from "node:events";
import type { AxiosAdapter } from "axios";
import type { Clock } from "../../src/clock.ts";
import type { ConnectionDeps } from "../../src/harbor/connection.ts";
import { createHarborClient } from "../../src/harbor/client.ts";
import type { HarborPort } from "../../src/harbor/port.ts";
import { createRegistryV2Client } from "../../src/registry-v2/client.ts";
import type { RegistryV2Port } from "../../src/registry-v2/port.ts";
import type { PassDeps } from "../../src/reconcile/pass-deps.ts";
import { runPass, type PassOptions } from "../../src/reconcile/pass.ts";
import { findingsOf, type PassReport } from "../../src/reconcile/report.ts";
import type { NewCluster } from "../../src/sandbox/cluster.ts";
import { serveSandbox } from "../../src/sandbox/http-front.ts";
import { inMemoryAdapter } from "../../src/sandbox/memory-front.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxWorld, type SandboxWorld } from "../../src/sandbox/world.ts";
import { openStore } from "../../src/store/embedded/open.ts";
import type { Store } from "../../src/store/store.ts";
import type { HealSettings, Registry, ReplicatedTopology } from "../../src/topology/model.ts";
import { makeSecret } from "../../src/topology/secret.ts";
import { AutoClock } from "./auto-clock.ts";
import { ownAddress } from "./own-address.ts";

export interface SceneOptions {
  readonly kind?: ReplicatedTopology["kind"];
  /** Name → profile; the first is the master where there is one. */
  readonly registries: Readonly<Record<string, ProfileName>>;
  readonly topology?: Partial<Omit<ReplicatedTopology, "heal" | "registries" | "kind">>;
  readonly heal?: Partial<HealSettings>;
  /** What the registries have in common, as nodes of one cluster do; nothing if left out. */
  readonly shares?: NewCluster["shares"];
  /** In memory for simulations; otherwise over real sockets on loopback. */
  readonly front?: "http" | "memory";
  readonly seed?: number;
  /** One account for Tidelock, one for what the peers log in with; `admin` is a person then. Their names are below. */
  readonly separateAccounts?: boolean;
  /** Turns of the event loop before time jumps: many where loops run beside a pass. */
  readonly turns?: number;
}

const ACT: PassOptions = { configure: true, compare: true, heal: true, dryRun: false, prune: false };
/** Who does what under `separateAccounts`. */
export const ACCOUNTS = { tidelock: "tidelock", replication: "replicator", person: "admin" } as const;
const PASSWORD = "Separate12345";

export const LOOK: PassOptions = { ...ACT, configure: false, heal: false, dryRun: true };

const HEAL: HealSettings = {
  remedy: "auto",
  conflicts: "report",
  deletions: "report",
  regressions: "report",
  slaveDeletions: "restore",
  firstContact: "copy",
  settleMs: 240_000,
  remediesPerHour: 10_000,
};

/** Sandboxes under one topology, in virtual time, and the passes of Tidelock over them. */
export class Scene {
  readonly clock: AutoClock;
  readonly world: SandboxWorld;
  readonly topology: ReplicatedTopology;
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #fronts: { settled(): Promise<void>; close(): Promise<void> }[] = [];
  readonly #accounts = new Map<string, { username: string; password: string }>();
  readonly #adapter: AxiosAdapter | undefined;
  readonly #separate: boolean;
  #ports = new Map<string, HarborPort>();
  #distributions = new Map<string, RegistryV2Port>();
  #store: Store | undefined;
  stopping = false;
  /** Owners of leases whose programs live; the leases of all others may be taken over at once. */
  readonly living = new Set<string>();

  private constructor(options: SceneOptions) {
    this.clock = new AutoClock({ turns: options.turns ?? 1 });
    this.world = createSandboxWorld({ clock: this.clock, seed: options.seed ?? 1 });
    for (const sandbox of sandboxesOf(this.world, options)) this.#sandboxes.set(sandbox.name, sandbox);
    this.#separate = options.separateAccounts === true;
    if (this.#separate) this.#separateAccounts();
    this.#adapter = options.front === "memory" ? inMemoryAdapter(this.world) : undefined;
    this.topology = {
      name: "east",
      kind: options.kind ?? "dual-master",
      mode: "act",
      registries: Object.keys(options.registries),
      content: { projects: ["**"], repositories: ["**"], tags: "**", excludeTags: [] },
      trigger: { kind: "event" },
      replication: { override: true, deletions: false, speedKbps: 0 },
      enforceEnabled: false,
      ignoreForeign: [],
      ...options.topology,
      heal: { ...HEAL, ...options.heal },
    };
  }

  static async create(options: SceneOptions): Promise<Scene> {
    const scene = new Scene(options);
    if (options.front !== "memory") {
      for (const sandbox of scene.#sandboxes.values())
        scene.#fronts.push(await serveSandbox(sandbox, ownAddress()));
    }
    await scene.forget();
    return scene;
  }

  sandbox(name: string): Sandbox {
    const found = this.#sandboxes.get(name);
    if (found === undefined) throw new Error(`no sandbox ${name}`);
    return found;
  }

  #separateAccounts(): void {
    for (const [name, sandbox] of this.#sandboxes) {
      for (const account of [ACCOUNTS.tidelock, ACCOUNTS.replication])
        sandbox.addUser(account, PASSWORD, true);
      this.#accounts.set(name, { username: ACCOUNTS.tidelock, password: PASSWORD });
    }
  }

  /** Begins with an empty store. */
  async forget(): Promise<void> {
    await this.#store?.close();
    this.#store = await openStore({
      path: ":memory:",
      isAlive: (owner) => this.living.has(owner),
      warn: () => undefined,
    });
  }

  /** New connections, as a new process has. */
  renew(): void {
    this.#ports = new Map();
    this.#distributions = new Map();
  }

  /** What Tidelock logs in with from now on. */
  login(name: string, account: { username: string; password: string }): void {
    this.#accounts.set(name, account);
    this.#ports = new Map();
    this.#distributions = new Map();
  }

  async down(...names: readonly string[]): Promise<void> {
    for (const name of names) this.sandbox(name).faults.down();
    await this.settled();
  }

  async up(...names: readonly string[]): Promise<void> {
    for (const name of names) this.sandbox(name).faults.up();
    await this.settled();
  }

  async settled(): Promise<void> {
    await Promise.all(this.#fronts.map((front) => front.settled()));
  }

  /** Lets everything that Harbor does by itself come to an end, and every tag grow older than `settle`. */
  async rest(): Promise<void> {
    this.clock.advance(10 * 60_000);
    this.world.catchUp();
    await this.settled();
  }

  async pass(
    options: Partial<PassOptions> = {},
    topology = this.topology,
    { signal } = new AbortController(),
  ): Promise<PassReport> {
    setMaxListeners(0, signal);
    return runPass(topology, this.deps(), { ...ACT, ...options }, signal);
  }

  look(): Promise<PassReport> {
    return this.pass(LOOK);
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error("the scene was not created");
    return this.#store;
  }

  port(name: string): HarborPort {
    return this.#connect(this.#ports, name, createHarborClient);
  }

  /** The OCI distribution side. */
  distribution(name: string): RegistryV2Port {
    return this.#connect(this.#distributions, name, createRegistryV2Client);
  }

  #connect<Port>(
    known: Map<string, Port>,
    name: string,
    connect: (registry: Registry, deps: ConnectionDeps) => Port,
  ): Port {
    const found = known.get(name);
    if (found !== undefined) return found;
    const made = connect(this.registry(name), {
      clock: this.clock satisfies Clock,
      random: () => 0.5,
      environment: {},
      ...(this.#adapter === undefined ? {} : { adapter: this.#adapter }),
    });
    known.set(name, made);
    return made;
  }

  deps(): PassDeps {
    const registries = new Map([...this.#sandboxes.keys()].map((name) => [name, this.registry(name)]));
    return {
      declared: {
        registries,
        topologies: [this.topology],
        settings: {
          installation: "test",
          schedule: "0 * * * * *",
          probe: { everySeconds: 10, failAfter: 3, riseAfter: 3 },
          health: { warnSeconds: 300, criticalSeconds: 900 },
        },
      },
      installation: "test",
      portOf: (name) => this.port(name),
      distributionOf: (name) => this.distribution(name),
      store: this.store,
      clock: this.clock,
      beforeWrite: () => Promise.resolve(),
      isStopping: () => this.stopping,
      tell: () => undefined,
    };
  }

  registry(name: string): Registry {
    const sandbox = this.sandbox(name);
    const account = this.#accounts.get(name) ?? { username: "admin", password: sandbox.adminPassword };
    const admin = { username: "admin", password: makeSecret(sandbox.adminPassword) };
    return {
      name,
      url: sandbox.url,
      endpointUrl: sandbox.url,
      insecureSkipVerify: false,
      account: { username: account.username, password: makeSecret(account.password) },
      replicationAccount: this.#separate
        ? { username: ACCOUNTS.replication, password: makeSecret(PASSWORD) }
        : admin,
    };
  }

  /** How many requests of clients, not of replication, changed something. */
  writes(): number {
    return [...this.#sandboxes.values()].reduce((sum, sandbox) => sum + sandbox.requests.writes(), 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const port of this.#ports.values()) port.close();
    for (const port of this.#distributions.values()) port.close();
    await Promise.all(this.#fronts.map((front) => front.close()));
    await this.#store?.close();
  }
}

function sandboxesOf(world: SandboxWorld, { registries, shares }: SceneOptions): readonly Sandbox[] {
  const all = Object.entries(registries);
  if (shares === undefined) return all.map(([name, profile]) => world.add({ name, profile }));
  const [, profile = "2.9"] = all[0] ?? [];
  return world.addCluster({ name: "cluster", profile, nodes: Object.keys(registries), shares }).nodes;
}

/** Findings as lines that read like the truth table: `kind repository:tag from>to`. */
export function findings(report: PassReport): string[] {
  return findingsOf(report.content)
    .map((f) => `${f.kind} ${f.repository}:${f.tag}${f.from === undefined ? "" : ` ${f.from}>${f.to ?? ""}`}`)
    .toSorted();
}

/** `repository:tag` → digest. */
export function tagsOf(sandbox: Sandbox): Record<string, string> {
  const tags = [...sandbox.tags()].flatMap(([repository, byTag]) =>
    [...byTag].map(([tag, digest]): [string, string] => [`${repository}:${tag}`, digest]),
  );
  return Object.fromEntries(tags.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
