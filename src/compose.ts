import { hostname } from "node:os";
import { systemClock, systemRandom, type Clock, type Random } from "./clock.ts";
import type { Mistake } from "./config/mistake.ts";
import { readDeclared } from "./config/read-declared.ts";
import { settingsInForce, type Flags } from "./config/settings.ts";
import type { Environment } from "./config/substitute.ts";
import { AppError } from "./errors.ts";
import { createHarborClient } from "./harbor/client.ts";
import type { HarborPort } from "./harbor/port.ts";
import { createLog, type Log } from "./log.ts";
import { openStore } from "./store/embedded/open.ts";
import type { Store } from "./store/store.ts";
import type { Declared, RegistryName } from "./topology/model.ts";

export interface ComposeOptions {
  readonly environment: Environment;
  readonly flags: Flags;
  /** Takes whole lines for people, on standard error. */
  readonly err: (line: string) => void;
}

/** Everything a command works with. The adapters are made here and nowhere else. */
export interface App extends AsyncDisposable {
  readonly declared: Declared;
  readonly warnings: readonly Mistake[];
  readonly installation: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** What a one-shot command could not read, so that it asks once only. */
  readonly givenUp: Map<RegistryName, AppError>;
  portOf(name: RegistryName): HarborPort;
}

/** Reads what is declared, opens the store, and connects nothing yet: a registry is first talked to when it is needed. */
export async function compose(options: ComposeOptions): Promise<App> {
  const { environment, flags, err } = options;
  const before = settingsInForce({ flags, environment });
  const { declared, warnings } = await readDeclared(before.policies, { environment });
  const inForce = settingsInForce({ flags, environment, file: declared.settings });
  const log = createLog(inForce.logLevel, { write: (line) => err(line.trimEnd()) });
  const store = await openStore({
    path: embeddedPath(inForce.store),
    isAlive: isOwnerAlive,
    warn: (sentence, hint) => log.warn({ hint }, sentence),
  });
  const ports = new Map<RegistryName, HarborPort>();
  const portOf = (name: RegistryName): HarborPort => {
    const known = ports.get(name);
    if (known !== undefined) return known;
    const registry = declared.registries.get(name);
    if (registry === undefined) throw new AppError("BUG", `no registry is called ${name}`);
    const port = createHarborClient(registry, {
      clock: systemClock,
      random: systemRandom,
      environment,
      log: (note) => log.debug({ ...note }, "request"),
    });
    ports.set(name, port);
    return port;
  };
  return {
    declared,
    warnings,
    installation: declared.settings.installation,
    store,
    clock: systemClock,
    random: systemRandom,
    log,
    givenUp: new Map(),
    portOf,
    async [Symbol.asyncDispose]() {
      for (const port of ports.values()) port.close();
      await store.close();
    },
  };
}

function embeddedPath(place: string): string {
  if (!/^postgres(ql)?:/.test(place)) return place;
  throw new AppError("STORE_UNUSABLE", "opening the store failed: PostgreSQL is not supported yet", {
    hint: "name a file under settings.store, or leave it out",
  });
}

/** Who holds a lease: `host:process`. */
export function leaseOwner(): string {
  return `${hostname()}:${process.pid}`;
}

/** A process of this machine that is gone can't hold a lease; of other machines nothing is known. */
function isOwnerAlive(owner: string): boolean {
  const [host, pid] = owner.split(":");
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}
