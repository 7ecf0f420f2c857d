import type { Clock } from "../clock.ts";
import { BlobStore } from "./blob-store.ts";
import { startBackground } from "./background.ts";
import type { Core } from "./core.ts";
import type { ContentEvent } from "./content-event.ts";
import { createContent, type SandboxContent } from "./direct-content.ts";
import { deliver, type Delivery } from "./delivery.ts";
import type { Request } from "./exchange.ts";
import { createFaults, type SandboxFaults } from "./faults.ts";
import { FaultTable, type Sender } from "./fault-table.ts";
import { createCommands, type SandboxCommands } from "./commands.ts";
import { createProject } from "./projects.ts";
import { Lanes } from "./lanes.ts";
import type { Profile } from "./profile.ts";
import { Slots } from "./slots.ts";
import { emptyState, nextId } from "./state.ts";
import { RequestLog } from "./request-log.ts";
import type { Surroundings } from "./surroundings.ts";

/** A Harbor that behaves. */
export interface Sandbox extends SandboxContent, SandboxCommands {
  readonly name: string;
  readonly profile: Profile;
  readonly clock: Clock;
  readonly faults: SandboxFaults;
  readonly requests: RequestLog;
  /** Where others reach it. */
  url: string;
  readonly adminPassword: string;
  /** Calls back before each request of a client is answered; returns what ends that. */
  onRequest(listener: (request: Request) => void): () => void;
  /** Calls back for everything that happens to content, whoever did it; returns what ends that. */
  onContent(listener: (event: ContentEvent) => void): () => void;
  /** The name of the replication policy whose job is writing to another Harbor at this very moment. */
  copyingFor(): string | undefined;
  /** Catches up with the clock and takes one request, faults included. What the fronts are made of. */
  receive(request: Request, from?: Sender): Delivery;
  /** Calls back when reachability changes; for the front that owns the listener. */
  onReachability(listener: (reachable: boolean) => void): () => void;
  /** Calls back when hanging connections are to break. */
  onHangOver(resume: () => void): void;
}

export interface NewSandbox {
  readonly name: string;
  readonly profile: Profile;
  readonly url: string;
  readonly adminPassword: string;
}

/** How many a core prepares at a time: 10 from 2.4 on. */
const FLOW_SLOTS = 10;
const OLD_FLOW_SLOTS = 1024;
const WORKERS = 10;

/** Makes an empty Harbor: the administrator and the project `library`. */
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
  const faults = new FaultTable();
  const core: Core = {
    name: wanted.name,
    profile: wanted.profile,
    tempo: world.tempo,
    random: world.random,
    faults,
    flowSlots: new Slots(wanted.profile.minor >= 4 ? FLOW_SLOTS : OLD_FLOW_SLOTS),
    workers: new Slots(WORKERS),
    locked: new Map(),
    uploads: new Map(),
    refreshes: new Set(),
    schedules: new Map(),
    derived: new Map(),
    contentListeners: new Set(),
    copyingFor: undefined,
    url: wanted.url,
    state: emptyState(),
    blobs: new BlobStore(),
    now: () => world.now() + faults.skewMs,
    schedule: (lane, delayMs, work) => lanes.add(lane, world.now() + delayMs, work, faults),
    survives: (lane) => lanes.survives(lane),
    call: (url, request) => world.call(url, request),
  };
  core.state.users.set("admin", {
    id: nextId(core.state, "user"),
    name: "admin",
    password: wanted.adminPassword,
    admin: true,
    createdAt: core.now(),
  });
  createProject(core, { name: "library", public: true, owner: "admin" });
  return core;
}
