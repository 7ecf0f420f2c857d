import { describe, expect, test } from "vitest";
import type { FaultName } from "../../src/cluster/faults.ts";
import type { ClusterFault } from "../../src/sandbox/cluster.ts";
import { ask } from "../sandbox/rig.ts";
import { makeRig, PROJECT, type ProofRig } from "./proof-rig.ts";
import { probe, watched } from "./probe-rig.ts";

const EMPTY = { endpoints: [], policies: [], robots: [], repositories: [] };
const named = (faults: readonly { readonly name: FaultName }[]): FaultName[] =>
  faults.map(({ name }) => name);

/** Something of somebody else's in the project of the probe, and a project that is none of its business. */
function addForeign(rig: ProofRig): () => unknown {
  const [node] = rig.cluster.nodes;
  const projects = [PROJECT, "team"];
  ask(node!, "POST", "/api/v2.0/projects", { body: { project_name: "team", metadata: { public: "false" } } });
  for (const project of projects) {
    for (const name of ["app", "tidelock-notes"]) node!.push(`${project}/${name}`, "1");
  }
  return () =>
    projects.map((project) => ask(node!, "GET", `/api/v2.0/projects/${project}/repositories`).body);
}

describe("a sound cluster", () => {
  test.each([
    ["small", 2, "2.9"],
    ["small", 3, "2.14"],
    ["full", 2, "2.9"],
    ["full", 3, "2.14"],
    ["full", 2, "2.1"],
  ] as const)(
    "is found sound by the %s form over %i nodes of %s, and left as it was",
    async (form, count, profile) => {
      const nodes = ["n1", "n2", "n3"].slice(0, count);
      const rig = makeRig({ nodes, profile });
      const report = await probe(rig, { form });
      expect(report.verdict).toMatchObject({ sound: true, faults: [] });
      expect(report.evidence.skipped).toEqual([]);
      expect(report.leftBehind).toEqual([]);
      expect(rig.objects()).toEqual(EMPTY);
      expect(report.visibility).toMatchObject({ never: 0 });
      if (form === "full" && count === 2) expect(report.evidence.front?.reached).toEqual(nodes);
      expect(report.requests).toBeGreaterThan(50);
    },
  );

  test("keeps what others have in the project, and elsewhere", async () => {
    const rig = makeRig();
    const foreign = addForeign(rig);
    const before = foreign();
    await probe(rig, { form: "full" });
    expect(foreign()).toEqual(before);
  });

  test("is no more expensive each minute than this", async () => {
    const costs: number[] = [];
    for (const nodes of [
      ["n1", "n2"],
      ["n1", "n2", "n3"],
    ]) {
      costs.push((await probe(makeRig({ nodes }))).requests);
    }
    expect(costs).toEqual([104, 200]);
  });

  test("may be slow to show what was written", async () => {
    const rig = makeRig();
    rig.cluster.visibility(() => 700);
    const { verdict, visibility } = await probe(rig);
    expect(verdict.faults).toEqual([]);
    expect(visibility.never).toBe(0);
    expect(visibility.maxMs).toBeGreaterThanOrEqual(700);
    expect(visibility.maxMs).toBeLessThan(1200);
  });
});

describe("the small form names", () => {
  const faults: ClusterFault[] = [
    "token-key",
    "storage",
    "storage-stale",
    "upload-secret",
    "database",
    "clock",
    "core-down",
    "registry-down",
    "registryctl-down",
    "version",
    "realm",
  ];
  test.each(faults)("%s, and leaves nothing behind", async (fault) => {
    const rig = makeRig({ nodes: ["n1", "n2", "n3"] });
    rig.cluster.break(fault);
    // Harbor tells late what it sees of its own parts.
    rig.clock.advance(11_000);
    const { verdict, leftBehind } = await probe(rig);
    expect(named(verdict.faults)).toEqual([fault]);
    expect(leftBehind).toEqual([]);
    rig.cluster.mend();
    expect(rig.objects()).toEqual(EMPTY);
  });
});

describe("a node that is down", () => {
  test("is left out, and the others are proven all the same", async () => {
    const rig = makeRig({ nodes: ["n1", "n2", "n3"] });
    rig.cluster.break("core-down", { node: "n2" });
    rig.cluster.break("registry-down", { node: "n3" });
    const { evidence, verdict } = await probe(rig);
    expect(named(verdict.faults)).toEqual(["core-down", "registry-down"]);
    expect(evidence.identities.map(({ node }) => node)).toEqual(["n1", "n3"]);
    expect(evidence.content.map(({ pushedBy }) => pushedBy)).toEqual(["n1"]);
    expect(evidence.skipped).toContainEqual({
      proof: "content",
      nodes: ["n3"],
      reason: "the registry of n3 does not answer",
    });
  });

  test("together with all others ends the probe", async () => {
    const rig = makeRig();
    for (const node of ["n1", "n2"]) rig.cluster.break("core-down", { node });
    await expect(probe(rig)).rejects.toMatchObject({ code: "HARBOR_UNREACHABLE" });
  });
});

test("an account that no node takes ends the probe, and is tried no more than it must be", async () => {
  const rig = makeRig({
    account: { username: "robot$nobody", password: "wrong-secret", kind: "robot", admin: false },
  });
  await expect(probe(rig)).rejects.toMatchObject({ code: "HARBOR_UNAUTHORIZED" });
  const asked = rig.context.nodes.map((node) => node.requestCount());
  expect(asked).toEqual([4, 4]);
});

describe("the database", () => {
  test("is not taken for one where it is not: no object is made by the full form", async () => {
    const rig = makeRig();
    rig.cluster.break("database");
    const posted: string[] = [];
    const nodes = watched(rig.context.nodes, (node, { method, path }) => {
      if (method === "POST" && path.startsWith("/api/")) posted.push(`${node.name} ${path}`);
    });
    const { evidence, verdict } = await probe(rig, { form: "full", nodes });
    expect(named(verdict.faults)).toContain("database");
    expect(evidence.skipped).toContainEqual({
      proof: "ping",
      nodes: ["n1", "n2"],
      reason: "the nodes are not proven to have one database",
    });
    expect(posted.filter((path) => /registries$|policies|robots/.test(path))).toEqual([]);
  });
});

describe("where nothing may be written", () => {
  test.each([
    ["the topology is only observed", { topology: { mode: "observe" as const } }],
    ["the caller says why", { looksOnly: "it is night" }],
  ])("since %s, it only looks", async (_why, changes) => {
    const rig = makeRig();
    const methods = new Set<string>();
    const nodes = watched(rig.context.nodes, (_, { method }) => methods.add(method));
    const { evidence } = await probe(rig, { form: "full", nodes, ...changes });
    expect([...methods]).toEqual(["GET"]);
    expect(evidence.tokens).toHaveLength(4);
    expect(evidence.content).toEqual([]);
    const reason = expect.stringMatching(/only observed|it is night/) as string;
    expect(evidence.skipped).toContainEqual({ proof: "content", nodes: [], reason });
  });
});

test("no secret turns up in the report", async () => {
  const rig = makeRig();
  rig.cluster.break("secretkey");
  const secrets: string[] = [rig.cluster.adminPassword];
  const nodes = watched(rig.context.nodes, (_, { as }) => {
    if (typeof as === "object" && "bearer" in as) secrets.push(as.bearer);
    if (typeof as === "object" && "cookies" in as)
      secrets.push(/sid=([^;]*)/.exec(as.cookies)?.[1] ?? "none");
  });
  const report = JSON.stringify(await probe(rig, { form: "full", nodes }));
  expect(new Set(secrets).size).toBeGreaterThan(4);
  const leaked = secrets.filter(
    (secret) => secret.length > 0 && secret !== "tidelock-probe" && report.includes(secret),
  );
  expect(leaked).toEqual([]);
});
