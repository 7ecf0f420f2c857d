import type { Clock } from "../clock.ts";
import { createCluster, type NewCluster, type SandboxCluster } from "./cluster.ts";
import type { Core, Reply } from "./core.ts";
import { deliver, type Delivery } from "./delivery.ts";
import { DueEvents } from "./due-events.ts";
import type { Listener } from "./listener.ts";
import { PROFILES, type ProfileName } from "./profile.ts";
import { seededRandom } from "./random.ts";
import { createSandbox, type NewSandbox, type Sandbox } from "./sandbox.ts";
import { type Turns } from "./sandbox-front.ts";
import type { Surroundings } from "./surroundings.ts";
import { HARBOR_TEMPO, type Tempo } from "./tempo.ts";

export interface WorldOptions {
  readonly clock: Clock;
  readonly seed?: number;
  /** What is left out takes as long as in a real Harbor. */
  readonly tempo?: Partial<Tempo>;
}

export interface SandboxOptions {
  readonly name: string;
  readonly profile: ProfileName;
  /** Where the other sandboxes reach it; `http://<name>.test` by default, the served address once it is served. */
  readonly url?: string;
  readonly adminPassword?: string;
}

const ADMIN_PASSWORD = "Harbor12345";

/** Several Harbors, one time, one network between them. */
export interface SandboxWorld {
  readonly clock: Clock;
  add(options: SandboxOptions): Sandbox;
  /** Nodes that share what a cluster shares, with one address in front of them. */
  addCluster(options: NewCluster): SandboxCluster;
  sandboxes(): readonly Sandbox[];
  /** The sandbox that listens at the origin of the URL. */
  at(url: string): Sandbox | undefined;
  /** The sandbox, or the front of a cluster, that listens there. */
  listenerAt(url: string): Listener | undefined;
  /** Runs everything that is due by now, in order. */
  catchUp(): void;
  /** The time of the next due event that is not a mere timer; undefined when all is quiet. */
  busyUntil(): number | undefined;
}

/** Makes an empty world. All randomness comes from the seed, all time from the clock. */
export function createSandboxWorld(options: WorldOptions): SandboxWorld {
  const due = new DueEvents();
  const waiting = new Map<number, number>();
  const sandboxes: { sandbox: Sandbox; core: Core }[] = [];
  const clusters: { cluster: SandboxCluster; turns: Turns }[] = [];
  let time = options.clock.now();
  let running = false;

  const later = (at: number, background: boolean, work: () => void): void => {
    if (!background) waiting.set(at, (waiting.get(at) ?? 0) + 1);
    due.add(at, () => {
      if (!background) forget(waiting, at);
      work();
    });
  };
  const catchUp = (): void => {
    if (running) return;
    running = true;
    try {
      const now = options.clock.now();
      for (let next = due.take(now); next !== undefined; next = due.take(now)) {
        time = Math.max(time, next.at);
        next.work();
      }
      time = Math.max(time, now);
    } finally {
      running = false;
    }
  };
  // Nearly always the very address; taking addresses apart costs more than many an answer.
  const listening = (url: string): { sandbox: Sandbox; core: Core } | undefined =>
    sandboxes.find(({ core }) => core.url === url) ?? sandboxes.find(isAt(url));
  const surroundings: Surroundings = {
    clock: options.clock,
    tempo: { ...HARBOR_TEMPO, ...options.tempo },
    random: seededRandom(options.seed ?? 1),
    now: () => time,
    catchUp,
    later,
    call: (url, request) => {
      const target = listening(url) ?? clusters.find((one) => isFrontAt(one, url))?.turns.take();
      if (target === undefined) return refused(url);
      return replyOf(url, target.core, deliver(target.core, request, "replication"));
    },
  };
  const make = (wanted: NewSandbox): { sandbox: Sandbox; core: Core } => {
    const made = createSandbox(surroundings, wanted);
    sandboxes.push(made);
    return made;
  };

  return {
    clock: options.clock,
    add: (wanted) =>
      make({
        name: wanted.name,
        profile: PROFILES[wanted.profile],
        url: (wanted.url ?? `http://${wanted.name}.test`).replace(/\/+$/, ""),
        adminPassword: wanted.adminPassword ?? ADMIN_PASSWORD,
      }).sandbox,
    addCluster: (wanted) => {
      const made = createCluster(surroundings, make, {
        ...wanted,
        adminPassword: wanted.adminPassword ?? ADMIN_PASSWORD,
      });
      clusters.push(made);
      return made.cluster;
    },
    sandboxes: () => sandboxes.map((one) => one.sandbox),
    at: (url) => listening(url)?.sandbox,
    listenerAt: (url) =>
      listening(url)?.sandbox ?? clusters.find((one) => isFrontAt(one, url))?.cluster.front,
    catchUp,
    busyUntil: () => {
      const times = [...waiting.keys()];
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}

function forget(waiting: Map<number, number>, at: number): void {
  const left = (waiting.get(at) ?? 1) - 1;
  if (left <= 0) waiting.delete(at);
  else waiting.set(at, left);
}

function isAt(url: string): (one: { core: Core }) => boolean {
  const origin = originOf(url);
  return ({ core }) => originOf(core.url) === origin;
}

function isFrontAt({ cluster }: { cluster: SandboxCluster }, url: string): boolean {
  return originOf(cluster.front.url) === originOf(url);
}

function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return url;
  }
}

function address(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port !== "" ? port : protocol === "https:" ? "443" : "80"}`;
}

function refused(url: string): Reply {
  return { kind: "failed", text: `dial tcp ${address(url)}: connect: connection refused` };
}

/** How a delivery looks to a client written in Go. */
function replyOf(url: string, core: Core, delivery: Delivery): Reply {
  switch (delivery.kind) {
    case "refused":
      return refused(url);
    case "hang":
      return { kind: "hang", whenOver: (resume) => core.faults.whenHangOver(resume) };
    case "reset":
      return { kind: "failed", text: `read tcp ${address(url)}: read: connection reset by peer` };
    case "answer":
      return { kind: "answer", response: delivery.response, delayMs: delivery.delayMs };
  }
}
