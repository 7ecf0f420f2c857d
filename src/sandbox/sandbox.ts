import { BlobStore } from "./blob-store.ts";
import { startBackground } from "./background.ts";
import type { Core, Database, Redis } from "./core.ts";
import type { ContentEvent } from "./content-event.ts";
import { createContent, type SandboxContent } from "./direct-content.ts";
import { deliver } from "./delivery.ts";
import type { Request } from "./exchange.ts";
import { createFaults, type SandboxFaults } from "./faults.ts";
import { FaultTable } from "./fault-table.ts";
import { createCommands, type SandboxCommands } from "./commands.ts";
import type { Files, Sight } from "./files.ts";
import { emptyFiles } from "./files.ts";
import { install } from "./installation.ts";
import type { Listener } from "./listener.ts";
import { preparedSettings, type NodeSettings } from "./node-settings.ts";
import { Lanes } from "./lanes.ts";
import type { Profile } from "./profile.ts";
import { Slots } from "./slots.ts";
import { emptyState } from "./state.ts";
import { emptyRedis } from "./redis.ts";
import { RequestLog } from "./request-log.ts";
import type { Surroundings } from "./surroundings.ts";

/** A Harbor that behaves. */
export interface Sandbox extends SandboxContent, SandboxCommands, Listener {
  readonly name: string;
  readonly profile: Profile;
  readonly faults: SandboxFaults;
  readonly requests: RequestLog;
  readonly adminPassword: string;
  /** Calls back before each request of a client is answered; returns what ends that. */
  onRequest(listener: (request: Request) => void): () => void;
  /** Calls back for everything that happens to content, whoever did it, with its time by this Harbor's own clock; returns what ends that. */
  onContent(listener: (event: ContentEvent, at: number) => void): () => void;
  /** The name of the replication policy whose job is writing to another Harbor at this very moment. */
  copyingFor(): string | undefined;
}

export interface NewSandbox {
  readonly name: string;
  readonly profile: Profile;
  readonly url: string;
  readonly adminPassword: string;
  /** What a node of a cluster is made over; a Harbor by itself makes all of it anew. */
  readonly ground?: Ground;
}

export interface Ground {
  readonly settings: NodeSettings;
  /** A database with nothing in it is installed. */
  readonly database: Database;
  /** When that was, in milliseconds since 1970. */
  readonly installedAt: number;
  readonly redis: Redis;
  readonly files: Files;
  readonly sight: Sight | undefined;
}

/** How many a core prepares at a time: 10 from 2.4 on. */
const FLOW_SLOTS = 10;
const OLD_FLOW_SLOTS = 1024;
const WORKERS = 10;

/** Makes an empty Harbor: the administrator and the project `library`; or a node over what others have already. */
export function createSandbox(
  world: Surroundings,
  wanted: NewSandbox,
): { readonly sandbox: Sandbox; readonly core: Core } {
  const requests = new RequestLog();
  const listeners = new Set<(request: Request) => void>();
  const reachability = new Set<(reachable: boolean) => void>();
  const lanes = new Lanes(world);
  const core = createCore(world, wanted, lanes);
  startBackground(core);
  const before = (): void => world.catchUp();
  const sandbox: Sandbox = {
    name: wanted.name,
    profile: wanted.profile,
    clock: world.clock,
    adminPassword: wanted.adminPassword,
    requests,
    get url() {
      return core.url;
    },
    set url(url: string) {
      core.url = url.replace(/\/+$/, "");
    },
    faults: createFaults(core, before, lanes, (reachable) => {
      for (const listener of reachability) listener(reachable);
    }),
    ...createContent(core, before),
    ...createCommands(core, before, lanes),
    onRequest: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onContent: (listener) => {
      core.contentListeners.add(listener);
      return () => core.contentListeners.delete(listener);
    },
    copyingFor: () => core.copyingFor,
    onReachability: (listener) => {
      reachability.add(listener);
      return () => reachability.delete(listener);
    },
    onHangOver: (resume) => core.faults.whenHangOver(resume),
    receive: (request, from = "client") => {
      before();
      for (const listener of listeners) listener(request);
      before();
      const delivery = deliver(core, request, from);
      requests.add(request, from, delivery.kind === "answer" ? delivery.response.status : 0);
      return delivery;
    },
  };
  return { sandbox, core };
}

function createCore(world: Surroundings, wanted: NewSandbox, lanes: Lanes): Core {
  const faults = new FaultTable(() => world.now());
  const ground = wanted.ground ?? ownGround(world, wanted);
  const core: Core = {
    name: wanted.name,
    profile: wanted.profile,
    tempo: world.tempo,
    random: world.random,
    faults,
    flowSlots: new Slots(wanted.profile.minor >= 4 ? FLOW_SLOTS : OLD_FLOW_SLOTS),
    workers: new Slots(WORKERS),
    locked: new Map(),
    refreshes: new Set(),
    derived: new Map(),
    contentListeners: new Set(),
    copyingFor: undefined,
    url: wanted.url,
    settings: ground.settings,
    database: ground.database,
    redis: ground.redis,
    files: ground.files,
    sight: ground.sight,
    blobs: new BlobStore(ground.files, ground.redis.descriptors, ground.sight),
    waitedMs: 0,
    get state() {
      return core.database.state;
    },
    now: () => world.now() + faults.skewMs,
    schedule: (lane, delayMs, work) => lanes.add(lane, world.now() + delayMs, work, faults),
    survives: (lane) => lanes.survives(lane),
    call: (url, request) => world.call(url, request),
  };
  ground.redis.workers.push(core);
  if (core.state.users.size === 0) install(core, wanted.adminPassword, ground.installedAt);
  return core;
}

function ownGround(world: Surroundings, wanted: NewSandbox): Ground {
  return {
    settings: preparedSettings(wanted.name, wanted.profile.harborVersion),
    database: { state: emptyState() },
    installedAt: world.now() - apart(wanted.name),
    redis: emptyRedis(),
    files: emptyFiles(),
    sight: undefined,
  };
}

/** No two Harbors are installed in one millisecond, though the time of a test may stand still. */
function apart(name: string): number {
  let sum = 1;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 59_999;
  return sum;
}
