import type { Account } from "../../src/topology/model.ts";
import type { AccountSeen } from "../../src/cluster/evidence.ts";
import { createNodeClient } from "../../src/harbor/node-client.ts";
import type { NodePort, NodeRequest } from "../../src/harbor/node-port.ts";
import { createCleanup } from "../../src/probe/cleanup.ts";
import type { ProbeContext } from "../../src/probe/context.ts";
import { makeLabel } from "../../src/probe/label.ts";
import type { SandboxCluster } from "../../src/sandbox/cluster.ts";
import { inMemoryAdapter } from "../../src/sandbox/memory-front.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { seededRandom } from "../../src/sandbox/random.ts";
import { createSandboxWorld, type SandboxWorld } from "../../src/sandbox/world.ts";
import { ask } from "../sandbox/rig.ts";
import { AutoClock } from "../support/auto-clock.ts";

export const PROJECT = "tidelock-probe";
export const INSTALLATION = "here";

/** A sandbox cluster in memory, on virtual time, with a project for the probe; and what a proof is called with. */
export interface ProofRig {
  readonly world: SandboxWorld;
  readonly cluster: SandboxCluster;
  readonly clock: AutoClock;
  readonly context: ProbeContext;
  readonly signal: AbortSignal;
  readonly told: readonly string[];
  readonly hidden: readonly string[];
  /** As a probe ends: what had to stay comes back. */
  cleanUp(limitMs?: number): Promise<string[]>;
  /** What the cluster holds of ours, seen through a node. */
  objects(node?: string): {
    endpoints: string[];
    policies: string[];
    robots: string[];
    repositories: string[];
  };
}

export interface RigOptions {
  readonly profile?: ProfileName;
  readonly nodes?: readonly string[];
  readonly account?: { readonly username: string; readonly password: string } & AccountSeen;
  /** Rights that the robot lacks, as in `registry:create`. */
  readonly without?: readonly string[];
  readonly withFront?: boolean;
  readonly limits?: Partial<ProbeContext["limits"]>;
  readonly seed?: number;
  /** The world of another probe, to come after it. */
  readonly after?: ProofRig;
}

export function makeRig(options: RigOptions = {}): ProofRig {
  const { seed = 1, withFront = true } = options;
  const { clock, world, cluster } = options.after ?? makeGround(options);
  const first = cluster.nodes[0]!;
  ask(first, "POST", "/api/v2.0/projects", {
    body: { project_name: PROJECT, metadata: { public: "false" } },
  });
  if (options.account === robotAccount) makeRobot(first, options.without ?? []);
  const admin = { username: "admin", password: cluster.adminPassword, kind: "person", admin: true } as const;
  const { username, password, ...account } = options.account ?? admin;
  const credentials: Account = { username, password: secretOf(password) };
  const deps = { clock, random: seededRandom(seed), environment: {}, adapter: inMemoryAdapter(world) };
  const line = (name: string, url: string): NodePort =>
    createNodeClient({ name, url, insecureSkipVerify: false }, credentials, deps);
  const told: string[] = [];
  const hidden: string[] = [password];
  const cleanup = createCleanup(clock);
  const context: ProbeContext = {
    form: "full",
    nodes: cluster.nodes.map(({ name, url }) => line(name, url)),
    publicAddresses: withFront ? [cluster.front.url] : [],
    front: withFront ? line("front", cluster.front.url) : undefined,
    clock,
    random: seededRandom(seed + 1),
    topology: "ha",
    installation: INSTALLATION,
    project: PROJECT,
    label: makeLabel(INSTALLATION, clock.now(), seededRandom(seed + 2)),
    limits: {
      rounds: 1,
      visibleWithinMs: 2000,
      giveUpMs: 12_000,
      pingGapMs: 10_000,
      executions: 8,
      ...options.limits,
    },
    account,
    credentials,
    beforeWrite: () => Promise.resolve(),
    tell: (sentence) => told.push(sentence),
    hide: (secret) => hidden.push(secret),
    cleanup,
  };
  return {
    world,
    cluster,
    clock,
    context,
    signal: new AbortController().signal,
    told,
    hidden,
    cleanUp: (limitMs = 90_000) => cleanup.run(limitMs, new AbortController().signal),
    objects: (node) => objectsAt(node === undefined ? first : cluster.node(node)),
  };
}

function makeGround({ profile = "2.9", nodes = ["n1", "n2"], seed = 1 }: RigOptions) {
  const clock = new AutoClock();
  const world = createSandboxWorld({ clock, seed });
  return { clock, world, cluster: world.addCluster({ name: "ha", profile, nodes }) };
}

const SYSTEM = [
  ...["create", "read", "delete", "list"].map((action) => `registry:${action}`),
  ...["create", "read", "update", "delete", "list"].map((action) => `replication-policy:${action}`),
  ...["create", "read", "list"].map((action) => `replication:${action}`),
];
const IN_PROJECT = ["pull", "push", "delete", "list"].map((action) => `repository:${action}`);
export const ROBOT_RIGHTS = ["create", "delete", "list"].map((action) => `robot:${action}`);

/** A robot that may do all that a full probe needs, but for `without`; made with the rig. */
export const robotAccount = {
  username: "robot$prober",
  password: "robot-secret-1",
  kind: "robot",
  admin: false,
} as const;

function makeRobot(node: SandboxCluster["nodes"][number], without: readonly string[]): void {
  const access = (rights: readonly string[]) =>
    rights
      .filter((right) => !without.includes(right))
      .map((right) => ({ resource: right.split(":")[0]!, action: right.split(":")[1]! }));
  ask(node, "POST", "/api/v2.0/robots", {
    body: {
      name: "prober",
      secret: robotAccount.password,
      level: "system",
      duration: -1,
      permissions: [
        { kind: "system", namespace: "/", access: access(SYSTEM) },
        {
          kind: "project",
          namespace: PROJECT,
          access: access([...IN_PROJECT, "project:read", ...ROBOT_RIGHTS]),
        },
      ],
    },
  });
}

/** A node that answers some requests otherwise; `count` numbers the requests that were asked to this path, from 1. */
export function sees(
  node: NodePort,
  otherwise: (
    request: NodeRequest,
    count: number,
  ) => { readonly status: number; readonly text?: string } | undefined,
): NodePort {
  const counts = new Map<string, number>();
  return {
    name: node.name,
    url: node.url,
    ask: async (request, signal) => {
      const count = (counts.get(request.path) ?? 0) + 1;
      counts.set(request.path, count);
      const other = otherwise(request, count);
      if (other === undefined) return await node.ask(request, signal);
      const body = Buffer.from(other.text ?? "");
      return {
        kind: "reply",
        status: other.status,
        headers: {},
        cookies: [],
        body,
        cut: false,
        sentAt: 0,
        tookMs: 0,
      };
    },
    elsewhere: (url, signal) => node.elsewhere(url, signal),
    requestCount: () => node.requestCount(),
    close: () => node.close(),
  };
}

function objectsAt(node: SandboxCluster["nodes"][number]): ReturnType<ProofRig["objects"]> {
  const names = (path: string): string[] => {
    const { body } = ask(node, "GET", `/api/v2.0${path}`);
    return (Array.isArray(body) ? body : []).map((row) => String((row as { name?: unknown }).name));
  };
  return {
    endpoints: names("/registries"),
    policies: names("/replication/policies"),
    robots: names("/robots?q=Level%3Dproject").filter((name) => name.includes("+")),
    repositories: names(`/projects/${PROJECT}/repositories`),
  };
}

function secretOf(text: string): Account["password"] {
  return { reveal: () => text, toJSON: () => "***", toString: () => "***" };
}
