import { describe, expect, test } from "vitest";
import { checkClock, checkClocksOf } from "../../src/doctor/clocks.ts";
import { checkConnection } from "../../src/doctor/connection.ts";
import { adviceFor } from "../../src/doctor/robots.ts";
import { isTriedByWriting, neededRights, type NeededRight } from "../../src/doctor/rights.ts";
import { rolesOf, type Role } from "../../src/doctor/roles.ts";
import { checkSelf } from "../../src/doctor/self.ts";
import type { Identity, Version } from "../../src/observed/model.ts";
import type { ReplicatedTopology } from "../../src/topology/model.ts";
import { registryAt } from "../support/harbor-at.ts";
import { declaredFrom, replicatedIn } from "../config/declare.ts";

const REGISTRIES = `
registries:
  a: { url: https://a.example.com, username: tide, password: pa }
  b: { url: https://b.example.com, username: tide, password: pb }
  c: { url: https://c.example.com, username: tide, password: pc }`;

async function roles(topologies: string): Promise<Map<string, Role>> {
  const { declared } = await declaredFrom(`${REGISTRIES}\ntopologies:\n${topologies}`);
  return new Map(rolesOf(declared).map((role) => [role.registry.name, role]));
}

const PAIR = "  - { name: t, kind: dual-master, registries: [a, b]";
const version = (minor: number): Version => ({ major: 2, minor, patch: 0, text: `v2.${minor}.0` });

describe("the role of a registry", () => {
  test("comes from its flows, and one in no topology needs nothing", async () => {
    const all = await roles("  - { name: t, kind: master-slave, master: a, slaves: [b] }");
    const brief = [...all.values()].map((one) => [one.registry.name, one.isSource, one.isTarget]);
    expect(brief).toEqual([
      ["a", true, false],
      ["b", false, true],
      ["c", false, false],
    ]);
    expect([...all.values()].map(({ peers }) => peers.map(({ name }) => name))).toEqual([["b"], [], []]);
    const c = all.get("c");
    expect(c && [neededRights(c, "account"), neededRights(c, "replicationAccount")]).toEqual([[], []]);
  });

  test("is the sum of its topologies: one that acts, one that only observes", async () => {
    const observing = await roles(`${PAIR}, mode: observe, heal: { deletions: replay } }`);
    expect(observing.get("a")).toMatchObject({
      acts: false,
      isTarget: false,
      isSource: true,
      needsAudit: false,
    });
    const both = await roles(
      `${PAIR}, mode: observe, content: { projects: [x] } }\n  - { name: u, kind: dual-master, registries: [a, c], content: { projects: [y] } }`,
    );
    expect(both.get("a")).toMatchObject({ acts: true, isTarget: true });
    expect(both.get("b")).toMatchObject({ acts: false, isTarget: false });
    expect(both.get("a")?.peers.map(({ name }) => name)).toEqual(["b", "c"]);
  });
});

describe("the rights that are needed", () => {
  const must = (role: Role | undefined): string[] =>
    role === undefined ? [] : neededRights(role, "account").flatMap((one) => (one.must ? [one.right] : []));

  test.each([
    ["deletions: replay", ["audit-log:list", "tag:delete"]],
    ["conflicts: newest", ["audit-log:list", "tag:create"]],
    ["conflicts: { prefer: a }", ["tag:create"]],
    ["conflicts: report", []],
  ])("%s makes a must of %o", async (choice, more) => {
    const plain = must((await roles(`${PAIR} }`)).get("a"));
    const chosen = must((await roles(`${PAIR}, heal: { ${choice} } }`)).get("a"));
    expect(chosen.filter((right) => !plain.includes(right))).toEqual(more);
  });

  test("are tried by writing where Harbor would refuse it while read-only", async () => {
    const role = (await roles(`${PAIR} }`)).get("a");
    const writing = role === undefined ? [] : neededRights(role, "account").filter(isTriedByWriting);
    expect(writing.map(({ right }) => right)).toEqual([
      ...["registry:read", "registry:create", "registry:update", "registry:delete"],
      ...["replication-policy:create", "replication-policy:update", "replication-policy:delete"],
      ...["replication:create", "tag:create", "tag:delete"],
    ]);
  });
});

describe("the robot to create", () => {
  const rights: readonly NeededRight[] = [
    { on: "system", right: "registry:list", must: true, purpose: "" },
    { on: "audit", right: "audit-log:list", must: false, purpose: "" },
    { on: "project", right: "tag:delete", must: true, purpose: "" },
    { on: "content", right: "repository:pull", must: true, purpose: "" },
  ];

  test("has rights on the system and on projects from 2.10 on", () => {
    expect(adviceFor("a", "account", rights, version(10)).robot).toEqual({
      name: "tidelock",
      description: "Tidelock's own account",
      level: "system",
      duration: -1,
      disable: false,
      permissions: [
        {
          kind: "system",
          namespace: "/",
          access: [
            { resource: "registry", action: "list" },
            { resource: "audit-log", action: "list" },
          ],
        },
        {
          kind: "project",
          namespace: "*",
          access: [
            { resource: "tag", action: "delete" },
            { resource: "repository", action: "pull" },
          ],
        },
      ],
    });
  });

  test.each([
    [9, "account", /so that it would take two/],
    [3, "account", /so that it would take two/],
    [2, "account", /only an administrator may manage endpoints/],
    [1, "account", /only an administrator may manage endpoints/],
    [1, "replicationAccount", /has no robots of the whole system/],
  ] as const)("is none in 2.%i for its %s", (minor, account, why) => {
    const { robot, text } = adviceFor("a", account, rights, version(minor));
    expect(robot).toBeUndefined();
    expect(text).toMatch(why);
  });

  test.each([2, 9])(
    "has no rights on the system in 2.%i, which would take those on projects away",
    (minor) => {
      const { robot } = adviceFor("a", "replicationAccount", rights, version(minor));
      expect(robot?.permissions.map(({ kind }) => kind)).toEqual(["project"]);
    },
  );
});

describe("clocks", () => {
  test.each([
    [0, "ok", "as ours"],
    [-2_000, "ok", "2.0 s behind ours"],
    [2_001, "warning", "2.0 s ahead of ours"],
    [-61_000, "warning", "61.0 s behind ours"],
  ])("%i ms off is %s", (offset, state, text) => {
    expect(checkClock("a", offset)).toMatchObject({ state, text });
  });

  test("of two registries count against each other, even if each is near ours", async () => {
    const { declared } = await declaredFrom(`${REGISTRIES}\ntopologies:\n${PAIR} }`);
    const topology: ReplicatedTopology = replicatedIn(declared);
    const apart = (a: number, b: number): string[] =>
      checkClocksOf(topology, new Map(Object.entries({ a, b }))).map(({ text }) => text);
    expect(apart(1_500, -1_500)).toEqual([expect.stringMatching(/^a and b are 3\.0 s apart/)]);
    expect(apart(1_000, -1_000)).toEqual([]);
    expect(checkClocksOf(topology, new Map([["a", 90_000]]))).toEqual([]);
  });
});

describe("the way to a registry", () => {
  const identity: Identity = {
    username: "tide",
    administrator: false,
    robot: false,
    version: version(9),
    readOnly: false,
  };
  test.each([
    ["https://a.example.com", {}, "ok", "https, trusted by a public authority"],
    ["https://a.example.com", { ca: "PEM" }, "ok", "https, trusted by the authority in caFile"],
    ["https://a.example.com", { insecureSkipVerify: true }, "warning", "the certificate is not looked at"],
    ["http://a.example.com", {}, "warning", "plain http: passwords cross the network in clear"],
    ["http://127.0.0.1:8080", {}, "ok", "plain http, which stays inside this machine"],
  ])("%s with %o is %s", (url, more, state, text) => {
    const checks = checkConnection(registryAt(url, more), identity);
    expect(checks.find(({ subject }) => subject === "transport")).toMatchObject({ state, text });
  });
});

describe("Tidelock itself", () => {
  const self = { store: { place: "x.db", impaired: undefined }, warnings: 0, registries: 2, topologies: 1 };
  test.each([
    ["20.19.0", "ok"],
    ["24.1.0", "ok"],
    ["20.18.3", "fault"],
    ["18.20.0", "fault"],
  ])("on Node %s is %s", (nodeVersion, state) => {
    expect(checkSelf({ ...self, nodeVersion })[0]).toMatchObject({ subject: "node", state });
  });

  test("with a store that can't be written, or warnings, says so", () => {
    const store = { place: "x.db", impaired: "the disk is full" };
    const checks = checkSelf({ ...self, nodeVersion: "22.1.0", store, warnings: 1 });
    expect(checks.map(({ subject, state }) => [subject, state])).toEqual([
      ["node", "ok"],
      ["declarations", "warning"],
      ["store", "fault"],
    ]);
    expect(checks[2]?.text).toContain("the disk is full");
  });
});
