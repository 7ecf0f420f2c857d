import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { serveSandbox } from "../../src/sandbox/http-front.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Tempo } from "../../src/sandbox/tempo.ts";
import { createSandboxWorld, type SandboxOptions, type SandboxWorld } from "../../src/sandbox/world.ts";
import { runCli, type Given, type Ran } from "./run-cli.ts";
import { ownAddress } from "./own-address.ts";

/** Everything that a Harbor does behind its API, in the time of a test on the real clock. */
const QUICK: Partial<Tempo> = {
  flowMs: 2,
  taskMs: 4,
  referenceMs: 1,
  statusRefreshMs: 20,
  lockoutMs: 20,
  retryBackoff: () => 50,
};

export interface StageOptions {
  /** Where `localhost` must lead to the sandboxes too. */
  readonly onLocalhost?: boolean;
  readonly profile?: SandboxOptions["profile"];
  readonly adminPassword?: string;
  readonly tempo?: Partial<Tempo>;
}

/** Two sandboxes `a` and `b` on loopback, a folder with a declaration, a store, and the command line over them. */
export interface Stage extends AsyncDisposable {
  readonly world: SandboxWorld;
  readonly a: Sandbox;
  readonly b: Sandbox;
  /** A folder of this test alone. */
  readonly folder: string;
  readonly policies: string;
  store: string;
  environment: Readonly<Record<string, string>>;
  /** From now on the store is there. */
  useStore(path: string): void;
  /** Writes the declaration anew: the topologies, and what else stands at the top. */
  declare(topologies: string, more?: string): Promise<void>;
  /** Writes the whole declaration. */
  declareText(text: string): Promise<void>;
  cli(...argv: string[]): Promise<Ran>;
  /** The same with something special about it. */
  cliWith(given: Given, ...argv: string[]): Promise<Ran>;
  /** Waits until the ports follow what was done to the sandboxes. */
  settled(): Promise<void>;
  /** Waits until both sandboxes have nothing left to do. */
  quiet(): Promise<void>;
  /** `a` goes away, this happens on `b`, its copies die, `a` is back. */
  outage(meanwhile: () => void): Promise<void>;
}

export const DUAL_MASTER = `
  - name: east
    kind: dual-master
    registries: [a, b]
    content: { projects: [library] }
`;

export async function cliStage(options: StageOptions = {}): Promise<Stage> {
  const { profile = "2.9", adminPassword = "Harbor12345" } = options;
  const world = createSandboxWorld({ clock: systemClock, seed: 1, tempo: { ...QUICK, ...options.tempo } });
  const a = world.add({ name: "a", profile, adminPassword });
  const b = world.add({ name: "b", profile, adminPassword });
  const address = options.onLocalhost === true ? () => ({}) : ownAddress;
  const served = [await serveSandbox(a, address()), await serveSandbox(b, address())];
  const folder = await mkdtemp(join(tmpdir(), "tidelock-cli-"));
  const policies = join(folder, "policies.yaml");
  const store = join(folder, "state", "tidelock.db");
  const environment = { TIDELOCK_STATE: store, TIDELOCK_POLICIES: policies, HOME: folder };
  const settled = async (): Promise<void> => {
    await Promise.all(served.map((one) => one.settled()));
  };
  const stage: Stage = {
    world,
    a,
    b,
    folder,
    policies,
    store,
    environment,
    useStore: (path) => {
      stage.store = path;
      stage.environment = { ...stage.environment, TIDELOCK_STATE: path };
    },
    declare: (topologies, more = "") => {
      const account = `username: admin, password: "${adminPassword}"`;
      const registries = `registries:\n  a: { url: "${a.url}", ${account} }\n  b: { url: "${b.url}", ${account} }`;
      return stage.declareText(`apiVersion: tidelock/v1\n${registries}\ntopologies:${topologies}${more}`);
    },
    declareText: (text) => writeFile(policies, text),
    cli: (...argv) => stage.cliWith({}, ...argv),
    cliWith: (given, ...argv) =>
      runCli(argv, { ...given, environment: { ...stage.environment, ...given.environment } }),
    settled,
    quiet: async () => {
      for (let until = world.busyUntil(); until !== undefined; until = world.busyUntil()) {
        await systemClock.sleep(Math.max(1, until - systemClock.now()));
        world.catchUp();
      }
    },
    outage: async (meanwhile) => {
      a.faults.down();
      await settled();
      meanwhile();
      await stage.quiet();
      a.faults.up();
      await settled();
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(served.map((one) => one.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  await stage.declare(DUAL_MASTER);
  return stage;
}
