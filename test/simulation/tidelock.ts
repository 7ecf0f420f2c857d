import type { AxiosAdapter } from "axios";
import { setMaxListeners } from "node:events";
import { onePass, passOrFailure } from "../../src/cli/commands/passes.ts";
import { withLease, DAEMON_LEASE } from "../../src/cli/commands/with-lease.ts";
import type { App } from "../../src/compose.ts";
import { startDaemon } from "../../src/daemon/daemon.ts";
import { createHarborClient } from "../../src/harbor/client.ts";
import type { HarborPort } from "../../src/harbor/port.ts";
import { createLog } from "../../src/log.ts";
import { recordIncidents, recordTurn } from "../../src/reconcile/record-incidents.ts";
import type { PassReport } from "../../src/reconcile/report.ts";
import { createRegistryV2Client } from "../../src/registry-v2/client.ts";
import type { RegistryV2Port } from "../../src/registry-v2/port.ts";
import type { Account, RegistryName } from "../../src/topology/model.ts";
import type { Scene } from "../support/scene.ts";
import { mortalAdapter, mortalStore, type Mortal } from "./process.ts";

const ACT = { configure: true, compare: true, heal: true, dryRun: false, prune: false };
/** Cron is real time, so it never comes; the loops of the daemon run by our clock. */
const NEVER_IN_A_LIFE = "0 0 0 29 2 *";

export interface Surroundings {
  readonly scene: Scene;
  readonly network: AxiosAdapter;
  /** Takes every line that Tidelock wrote anywhere. */
  readonly wrote: (line: string) => void;
  /** Takes each report as soon as a pass ended. */
  readonly reported: (report: PassReport) => void;
  /** What stands between Tidelock and a Harbor in a variant that is broken on purpose. */
  readonly bend: (port: HarborPort) => HarborPort;
}

/** The program, as its command line composes it, over the sandboxes of a scene: one process, from its start to its end or death. */
export class Tidelock {
  readonly app: App;
  readonly #mortal: Mortal;
  readonly #around: Surroundings;

  constructor(around: Surroundings, mortal: Mortal) {
    this.#around = around;
    this.#mortal = mortal;
    this.app = appOver(around, mortal);
  }

  /** One pass as `reconcile` makes it. Undefined when it was killed, or kept out by another one. */
  async reconcile(): Promise<PassReport | undefined> {
    const { scene } = this.#around;
    const report = await this.#unlessKilled(passOrFailure(this.app, scene.topology, ACT, this.#io()));
    if (report === undefined) return undefined;
    this.#around.wrote(JSON.stringify(report));
    this.#around.reported(report);
    return report;
  }

  /** Runs the daemon while something goes on, then stops it; kills it where the process is mortal enough. */
  async daemonWhile(life: () => Promise<void>): Promise<void> {
    await this.#unlessKilled(
      withLease(this.app, DAEMON_LEASE, async () => {
        const daemon = this.#startDaemon();
        await life();
        // A dead one stops its timers too, but waits for nobody.
        await Promise.race([daemon.stop(), this.#mortal.death]);
      }).catch((thrown: unknown) => this.#around.wrote(String(thrown))),
    );
  }

  #startDaemon(): ReturnType<typeof startDaemon> {
    const { app } = this;
    return startDaemon({
      topologies: [this.#around.scene.topology],
      settings: { ...app.declared.settings, schedule: NEVER_IN_A_LIFE },
      portOf: (name) => app.portOf(name),
      outages: app.store.outages,
      installation: app.installation,
      clock: app.clock,
      log: app.log,
      turned: (topology, registry) => recordTurn(app.store, topology, registry, app.clock.now()),
      pass: async (topology) => {
        const report = await onePass(app, topology, ACT, this.#io());
        await recordIncidents(app.store, topology, report);
        this.#around.reported(report);
      },
    });
  }

  async #unlessKilled<Result>(work: Promise<Result>): Promise<Result | undefined> {
    return await Promise.race([work, this.#mortal.death.then(() => undefined)]);
  }

  #io(): Parameters<typeof passOrFailure>[3] {
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const wrote = (line: string): void => this.#around.wrote(line);
    const isStopping = (): boolean => false;
    return { environment: {}, out: wrote, err: wrote, isTerminal: false, signal, isStopping };
  }
}

function appOver({ scene, network, wrote, bend }: Surroundings, mortal: Mortal): App {
  const deps = {
    clock: scene.clock,
    random: () => 0.5,
    environment: {},
    adapter: mortalAdapter(network, mortal),
  };
  const harbors = new Map<RegistryName, HarborPort>();
  const distributions = new Map<RegistryName, RegistryV2Port>();
  const login = (name: RegistryName, account?: Account): HarborPort => {
    const registry = scene.registry(name);
    return bend(createHarborClient(account === undefined ? registry : { ...registry, account }, deps));
  };
  const { declared, installation } = scene.deps();
  return {
    declared,
    installation,
    warnings: [],
    readOnly: false,
    store: mortalStore(scene.store, mortal),
    clock: scene.clock,
    random: deps.random,
    log: createLog("info", { write: wrote }),
    givenUp: new Map(),
    portOf: (name) => known(harbors, name, () => login(name)),
    distributionOf: (name) =>
      known(distributions, name, () => createRegistryV2Client(scene.registry(name), deps)),
    loginAs: (name, account) => ({
      harbor: login(name, account),
      distribution: createRegistryV2Client({ ...scene.registry(name), account }, deps),
    }),
    clusterOf: () => {
      throw new Error("no clusters here");
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function known<Value>(made: Map<string, Value>, name: string, make: () => Value): Value {
  const found = made.get(name);
  if (found !== undefined) return found;
  const value = make();
  made.set(name, value);
  return value;
}
