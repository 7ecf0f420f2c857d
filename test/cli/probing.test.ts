import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { clusterHealth } from "../../src/cli/commands/cluster-health.ts";
import { systemClock } from "../../src/clock.ts";
import { compose } from "../../src/compose.ts";
import { openStore } from "../../src/store/embedded/open.ts";
import { clusterStage, type ClusterStage } from "../support/cluster-stage.ts";
import { lastJson, type Ran } from "../support/run-cli.ts";

interface ProbeJson {
  readonly name: string;
  readonly sound: boolean | null;
  readonly faults: readonly { readonly name: string; readonly nodes: readonly string[] }[];
  readonly untested: readonly { readonly name: string; readonly reason: string }[];
  readonly leftBehind: readonly string[];
  readonly form: string;
  readonly failure?: { readonly code: string };
}

function probed(ran: Ran): ProbeJson {
  const [first] = lastJson(ran)["topologies"] as ProbeJson[];
  if (first === undefined) throw new Error("no topology was probed");
  return first;
}

const QUIET_IO = {
  environment: {},
  out: () => undefined,
  err: () => undefined,
  isTerminal: false,
  signal: new AbortController().signal,
  isStopping: () => false,
};
const SMALL = ["probe", "--form", "small"];
const SMALL_JSON = [...SMALL, "--output", "json"];

describe("one cluster", () => {
  let stage: ClusterStage;
  beforeAll(async () => {
    stage = await clusterStage();
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(() => stage.declare());

  test("a sound one ends with 0, says so first, leaves nothing behind, and touches no project but its own", async () => {
    const [node] = stage.cluster.nodes;
    node?.push("library/app", "1.0");
    const before = [...(node?.tags() ?? [])].map(([repository]) => repository);
    const ran = await stage.cli(...SMALL);
    expect([ran.code, ran.out[0]]).toEqual([0, expect.stringMatching(/^ha: SOUND/)]);
    expect(ran.out.at(-1)).toMatch(/small form, 2 nodes, \d+ requests in/);
    expect([...(node?.tags() ?? [])].map(([repository]) => repository)).toEqual(before);
    const json = probed(await stage.cli(...SMALL_JSON, "ha"));
    expect(json).toMatchObject({ name: "ha", sound: true, faults: [], leftBehind: [], form: "small" });
    expect(json.untested.map(({ name }) => name)).toContain("secretkey");
  });

  test("health believes the last probe while it is young, and asks nobody", async () => {
    await stage.cli(...SMALL);
    const asked = stage.requests();
    const ran = await stage.cli("health");
    expect([ran.code, ran.out.length]).toEqual([0, 1]);
    expect(ran.out[0]).toMatch(/^OK - ha: sound, .*\| faults=0 untested=\d+ visibility_p95=\d+ms;1000$/);
    expect(stage.requests()).toBe(asked);
  });

  test("a faulty one ends with 2, opens an incident, and is CRITICAL until a probe finds it mended", async () => {
    stage.cluster.break("token-key");
    const ran = await stage.cli(...SMALL);
    expect([ran.code, ran.out[0]]).toEqual([2, expect.stringMatching(/^ha: FAULTY: token-key/)]);
    expect(ran.out.join("\n")).toMatch(/seen: .*401[\s\S]*look: .*private_key\.pem/);
    const health = await stage.cli("health");
    expect([health.code, health.out[0]]).toEqual([
      2,
      expect.stringMatching(/^CRITICAL - ha: faulty: token-key/),
    ]);
    const status = await stage.cli("status");
    expect(status.out[0]).toMatch(/^ha: faulty: token-key at n1, n2 \(small form, \S+ ago\)$/);
    expect(status.out[1]).toMatch(/^ha: incident #\d+ {2}fault {2}ha {2}token-key {2}open for/);
    const incident = await stage.cli("incident", /#(\d+)/.exec(status.out[1] ?? "")?.[1] ?? "");
    expect(incident.out[0]).toMatch(/^# Incident \d+: fault of token-key in ha$/);
    stage.cluster.mend();
    expect((await stage.cli(...SMALL)).code).toBe(0);
    expect((await stage.cli("health")).code).toBe(0);
    expect((await stage.cli("incidents")).out.join("\n")).toMatch(/token-key {2}closed/);
  });

  test("planned maintenance: a probe by hand tells, opens no incident, and health says OK", async () => {
    await stage.cli("pause", "ha", "--for", "1h");
    stage.cluster.break("clock");
    expect((await stage.cli(...SMALL)).code).toBe(2);
    const health = await stage.cli("health", "--output", "json");
    expect(health.code).toBe(0);
    expect(lastJson(health)).toMatchObject({ topologies: [{ name: "ha", state: "OK", faults: ["clock"] }] });
    expect((await stage.cli("incidents")).out.join("\n")).not.toMatch(/clock/);
    stage.cluster.mend();
    await stage.cli("resume", "ha");
    expect((await stage.cli(...SMALL)).code).toBe(0);
  });

  test.each([
    ["mode: observe", { mode: "observe" as const }, {}],
    ["TIDELOCK_READ_ONLY", {}, { TIDELOCK_READ_ONLY: "true" }],
  ])(
    "%s: only what looks is proven, and the rest is untested for that reason",
    async (word, given, environment) => {
      await stage.declare(given);
      const before = stage.writes();
      stage.cluster.break("token-key");
      const ran = await stage.cliWith({ environment }, ...SMALL_JSON);
      stage.cluster.mend();
      expect(stage.writes()).toBe(before);
      expect(ran.code).toBe(2);
      const { faults, untested } = probed(ran);
      expect(faults.map(({ name }) => name)).toEqual(["token-key"]);
      expect(untested.find(({ name }) => name === "storage")?.reason).toContain(word);
    },
  );

  test("what can't be probed ends with 1, and stops no other", async () => {
    await stage.declare({
      account: "{ username: admin, password: wrong-one }",
      more: `  - name: hb
    kind: shared-storage
    account: { username: admin, password: "${stage.cluster.adminPassword}" }
    nodes: { m1: { url: "http://127.0.0.1:9" }, m2: { url: "http://127.0.0.2:9" } }\n`,
    });
    const ran = await stage.cli(...SMALL_JSON);
    expect(ran.code).toBe(1);
    const all = lastJson(ran)["topologies"] as ProbeJson[];
    expect(all.map(({ name, sound, failure }) => [name, sound, failure?.code])).toEqual([
      ["ha", null, "HARBOR_UNAUTHORIZED"],
      ["hb", null, "HARBOR_UNREACHABLE"],
    ]);
    expect(ran.text).not.toContain("wrong-one");
    const health = await stage.cli("health", "--only", "hb");
    expect([health.code, health.out[0]]).toEqual([2, expect.stringMatching(/^CRITICAL - hb: /)]);
    expect((await stage.cli("incidents")).out.join("\n")).toMatch(/fault {2}hb {2}core-down {2}open/);
  });

  test("a name that no cluster has is a mistake of the command line", async () => {
    const ran = await stage.cli("probe", "hq");
    expect([ran.code, ran.out]).toEqual([64, []]);
    expect(ran.err.join("\n")).toMatch(/no cluster over shared storage is called hq[\s\S]*did you mean ha/);
    expect((await stage.cli("probe", "--rounds", "21")).code).toBe(64);
    expect((await stage.cli("probe", "--form", "whole")).code).toBe(64);
  });
});

test("health makes a small probe where there is no young one", async () => {
  await using stage = await clusterStage();
  const first = await stage.cli("health");
  expect([first.code, first.out[0]]).toEqual([0, expect.stringMatching(/^OK - ha: sound/)]);
  expect(stage.requests()).toBeGreaterThan(0);
});

test("health uses the probe that somebody else is at", async () => {
  await using stage = await clusterStage();
  await stage.cli(...SMALL);
  // Another machine's process counts as alive.
  const store = await openStore({ path: stage.store, isAlive: () => true, warn: () => undefined });
  const old = await store.passes.latest("ha");
  const now = systemClock.now();
  await store.leases.take("ha", "elsewhere:1", now, 60_000);
  await store.passes.save({ topology: "ha", at: now - 3_600_000, report: old?.report });
  const asked = stage.requests();
  await using app = await compose({
    environment: stage.environment,
    flags: {},
    err: () => undefined,
  });
  const waits: number[] = [];
  // The other one is done while we wait for it the first time.
  const sleep = async (ms: number): Promise<void> => {
    waits.push(ms);
    await store.passes.save({ topology: "ha", at: now + 3_600_000, report: old?.report });
  };
  const [topology] = app.declared.topologies;
  if (topology?.kind !== "shared-storage") throw new Error("no cluster is declared");
  const judged = await clusterHealth({ ...app, clock: { ...app.clock, sleep } }, topology, QUIET_IO);
  expect([judged.state, waits.length, stage.requests()]).toEqual(["OK", 1, asked]);
  await store.close();
});

test("a cluster that is not there is told, and nothing is asked", async () => {
  await using stage = await clusterStage();
  stage.cluster.break("core-down", { node: "n1" });
  await stage.settled();
  const ran = await stage.cli(...SMALL_JSON);
  expect([ran.code, probed(ran).faults]).toMatchObject([2, [{ name: "core-down", nodes: ["n1"] }]]);
});

test.each(["plan", "diff", "reconcile"])(
  "%s says that nothing replicates, and how clusters are looked at",
  async (command) => {
    await using stage = await clusterStage();
    const all = await stage.cli(command);
    expect([all.code, all.text]).toEqual([
      0,
      expect.stringMatching(/nothing declared replicates.*tidelock probe/),
    ]);
    const named = await stage.cli(command, "--only", "ha");
    expect([named.code, named.text]).toEqual([
      64,
      expect.stringMatching(/ha is a cluster[\s\S]*tidelock probe ha/),
    ]);
  },
);

test("the daemon works where only clusters are declared, and leaves nothing behind when it is stopped at once", async () => {
  await using stage = await clusterStage();
  const ran = await stage.cli("daemon");
  expect([ran.code, ran.out]).toEqual([0, []]);
  expect(ran.err.join("\n")).toMatch(/"topologies":\["ha"\][\s\S]*daemon started[\s\S]*daemon stopped/);
  const left = stage.cluster.nodes.flatMap((node) => [...node.tags().keys()]);
  expect(left.filter((repository) => repository.startsWith("tidelock-probe/"))).toEqual([]);
});
