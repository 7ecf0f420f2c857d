import { setMaxListeners } from "node:events";
import { createHarborClient } from "../../src/harbor/client.ts";
import type { ConnectionDeps } from "../../src/harbor/connection.ts";
import { examine, type Login } from "../../src/doctor/examine.ts";
import type { Check, CheckState, Diagnosis } from "../../src/doctor/model.ts";
import { createRegistryV2Client } from "../../src/registry-v2/client.ts";
import { serveSandbox } from "../../src/sandbox/http-front.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Permission } from "../../src/sandbox/state.ts";
import { createSandboxWorld } from "../../src/sandbox/world.ts";
import type {
  Account,
  Declared,
  HealSettings,
  Registry,
  ReplicatedTopology,
} from "../../src/topology/model.ts";
import { makeSecret } from "../../src/topology/secret.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { ownAddress } from "../support/own-address.ts";

export interface Given {
  /** Tidelock's own in `a`; the administrator by default. */
  readonly account?: Account;
  /** What `b` writes to `a` with; the administrator by default. */
  readonly replicationAccount?: Account;
  /** More of what is declared of `a`. */
  readonly registry?: Partial<Registry>;
  readonly topology?: Partial<Omit<ReplicatedTopology, "heal">>;
  readonly heal?: Partial<HealSettings>;
}

/** Two registries under one topology; `b` is in order, `a` is the patient. */
export interface Clinic extends AsyncDisposable {
  readonly a: Sandbox;
  readonly b: Sandbox;
  declared(given?: Given): Declared;
  diagnose(given?: Given): Promise<Diagnosis>;
  settled(): Promise<void>;
}

const HEAL: HealSettings = {
  remedy: "auto",
  conflicts: "report",
  deletions: "report",
  regressions: "report",
  slaveDeletions: "restore",
  firstContact: "copy",
  settleMs: 240_000,
  remediesPerHour: 100,
};

export async function clinicOf(profile: ProfileName): Promise<Clinic> {
  const clock = new AutoClock({ turns: 1 });
  const world = createSandboxWorld({ clock, seed: 1 });
  const a = world.add({ name: "a", profile });
  const b = world.add({ name: "b", profile });
  const fronts = [await serveSandbox(a, ownAddress()), await serveSandbox(b, ownAddress())];
  for (const sandbox of [a, b]) {
    sandbox.createProject("team");
    sandbox.push("team/app", "v1");
  }
  const connection: ConnectionDeps = { clock, random: () => 0.5, environment: {} };
  const declared = (given: Given = {}): Declared => declare(a, b, given);
  return {
    a,
    b,
    declared,
    diagnose: async (given) => {
      const open: Login[] = [];
      const all = declared(given);
      const loginAs = (name: string, account: Account): Login => {
        const registry = all.registries.get(name);
        if (registry === undefined) throw new Error(`no registry ${name}`);
        const as = { ...registry, account };
        const login = {
          harbor: createHarborClient(as, connection),
          distribution: createRegistryV2Client(as, connection),
        };
        open.push(login);
        return login;
      };
      try {
        const { signal } = new AbortController();
        setMaxListeners(0, signal);
        return await examine({ declared: all, installation: "test", loginAs }, signal);
      } finally {
        for (const { harbor, distribution } of open) {
          harbor.close();
          distribution.close();
        }
      }
    },
    settled: async () => {
      await Promise.all(fronts.map((front) => front.settled()));
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(fronts.map((front) => front.close()));
    },
  };
}

function declare(a: Sandbox, b: Sandbox, given: Given): Declared {
  const registry = (sandbox: Sandbox, more: Partial<Registry>): Registry => ({
    name: sandbox.name,
    url: sandbox.url,
    endpointUrl: sandbox.url,
    insecureSkipVerify: false,
    account: administrator(sandbox),
    replicationAccount: administrator(sandbox),
    ...more,
  });
  const { account, replicationAccount } = given;
  const topology: ReplicatedTopology = {
    name: "east",
    kind: "dual-master",
    mode: "act",
    registries: ["a", "b"],
    content: { projects: ["team*"], repositories: ["**"], tags: "**", excludeTags: [] },
    trigger: { kind: "event" },
    replication: { override: true, deletions: false, speedKbps: 0 },
    enforceEnabled: false,
    ignoreForeign: [],
    ...given.topology,
    heal: { ...HEAL, ...given.heal },
  };
  return {
    registries: new Map([
      [
        "a",
        registry(a, {
          ...(account === undefined ? {} : { account }),
          ...(replicationAccount === undefined ? {} : { replicationAccount }),
          ...given.registry,
        }),
      ],
      ["b", registry(b, {})],
    ]),
    topologies: [topology],
    settings: {
      installation: "test",
      schedule: "0 * * * * *",
      probe: { everySeconds: 10, failAfter: 3, riseAfter: 3 },
      health: { warnSeconds: 300, criticalSeconds: 900 },
    },
  };
}

function administrator(sandbox: Sandbox): Account {
  return { username: "admin", password: makeSecret(sandbox.adminPassword) };
}

/** A robot whose rights are written as `registry:list,create tag:delete`. */
export function robotIn(
  sandbox: Sandbox,
  { name = "r", system = "", projects = "" }: { name?: string; system?: string; projects?: string },
): Account {
  const permissions: Permission[] = [
    ...(system === "" ? [] : [{ kind: "system", namespace: "/", access: accessOf(system) }]),
    ...(projects === "" ? [] : [{ kind: "project", namespace: "*", access: accessOf(projects) }]),
  ];
  return {
    username: sandbox.addRobot(name, "secret-of-robot", permissions),
    password: makeSecret("secret-of-robot"),
  };
}

function accessOf(rights: string): Permission["access"] {
  return rights.split(" ").flatMap((one) => {
    const [resource = "", actions = ""] = one.split(":");
    return actions.split(",").map((action) => ({ resource, action }));
  });
}

/** Subjects of `a` in that state, in order. */
export function subjects({ checks }: Pick<Diagnosis, "checks">, state: CheckState, registry = "a"): string[] {
  return checks
    .filter((one) => one.registry === registry && one.state === state)
    .map(({ subject }) => subject);
}

/** The first check about it. */
export function checkOf({ checks }: Pick<Diagnosis, "checks">, subject: string, registry?: string): Check {
  const found = checks.find(
    (one) => one.subject === subject && (registry === undefined || one.registry === registry),
  );
  if (found === undefined) throw new Error(`nothing about ${subject}`);
  return found;
}

/** Changes settings of a Harbor as its administrator would. */
export function set(sandbox: Sandbox, settings: Readonly<Record<string, unknown>>): void {
  asAdministrator(sandbox, "PUT", "/api/v2.0/configurations", settings);
}

/** The body of the answer. */
export function asAdministrator(sandbox: Sandbox, method: string, path: string, body: unknown): string {
  const authorization = `Basic ${Buffer.from(`admin:${sandbox.adminPassword}`).toString("base64")}`;
  const sent = {
    method,
    path,
    query: "",
    headers: { authorization },
    body: Buffer.from(JSON.stringify(body)),
  };
  const delivery = sandbox.receive(sent);
  if (delivery.kind !== "answer" || delivery.response.status >= 300) {
    throw new Error(`${method} ${path} failed`);
  }
  return delivery.response.body.toString();
}
