import { describe, expect, it } from "vitest";
import { proveExecutions } from "../../src/probe/proofs/executions.ts";
import { provePings } from "../../src/probe/proofs/pings.ts";
import { ask } from "../sandbox/rig.ts";
import { makeRig, PROJECT, robotAccount, sees, type ProofRig } from "./proof-rig.ts";

const NOTHING = { endpoints: [], policies: [], robots: [], repositories: [] };

/** As the runner does: pings first. They are not what is looked at here, so they need not be far apart. */
async function executionsOf(rig: ProofRig, context = rig.context): ReturnType<typeof proveExecutions> {
  await provePings({ ...context, limits: { ...context.limits, pingGapMs: 0 } }, rig.signal);
  return await proveExecutions(context, rig.signal);
}

describe("executions", () => {
  it.each(["2.1", "2.7", "2.9", "2.14"] as const)(
    "succeed wherever they run in a sound %s",
    async (profile) => {
      const rig = makeRig({ profile });
      const { executions, skipped } = await executionsOf(rig);
      expect(skipped).toEqual([]);
      expect(executions).toHaveLength(8);
      expect(executions.filter(({ result, hasTask }) => result !== "succeeded" || !hasTask)).toEqual([]);
      expect(executions.filter(({ startedBy }) => startedBy === "n1")).toHaveLength(4);
      expect(new Set(executions.map(({ ranOn }) => ranOn))).toEqual(new Set(["n1", "n2"]));
      expect(executions.some(({ startedBy, ranOn }) => startedBy !== ranOn)).toBe(true);
      expect(await rig.cleanUp()).toEqual([]);
      expect(rig.objects()).toEqual(NOTHING);
    },
  );

  it("are not started where one node alone is left: the job service of the other may take them and never tell", async () => {
    const rig = makeRig();
    await provePings({ ...rig.context, limits: { ...rig.context.limits, pingGapMs: 0 } }, rig.signal);
    const alone = { ...rig.context, nodes: rig.context.nodes.slice(0, 1) };
    const { executions, skipped } = await proveExecutions(alone, rig.signal);
    expect(executions).toEqual([]);
    expect(skipped).toEqual([
      { proof: "execution", nodes: [], reason: "there is no second node to run a job" },
    ]);
    expect(rig.objects().policies).toEqual([]);
    expect(await rig.cleanUp()).toEqual([]);
  });

  it("run where they were started when Redis is not shared", async () => {
    const rig = makeRig();
    rig.cluster.break("redis");
    const { executions } = await executionsOf(rig);
    expect(executions.map(({ startedBy, ranOn }) => startedBy === ranOn)).toEqual(executions.map(() => true));
  });

  it("fail with 401 exactly where another node runs them when job services have other secrets", async () => {
    const rig = makeRig({ nodes: ["n1", "n2", "n3"], limits: { executions: 12 } });
    rig.cluster.break("job-secret", { node: "n2" });
    const { executions } = await executionsOf(rig);
    const crossing = executions.filter(({ startedBy, ranOn }) => (startedBy === "n2") !== (ranOn === "n2"));
    expect(crossing.length).toBeGreaterThan(0);
    for (const one of executions) expect(one.result).toBe(crossing.includes(one) ? "failed" : "succeeded");
    for (const { reason } of crossing) expect(reason).toMatch(/^failed to pull the manifest.*401/);
    expect(await rig.cleanUp()).toEqual([]);
    expect(rig.objects()).toEqual(NOTHING);
  });

  it("show that as well under a wrong secretkey, since each node uses what it stored itself", async () => {
    const rig = makeRig();
    rig.cluster.break("secretkey");
    const sound = await executionsOf(rig);
    expect(sound.executions.map(({ result }) => result)).toEqual(sound.executions.map(() => "succeeded"));
    await rig.cleanUp();
    rig.cluster.break("job-secret");
    const next = makeRig({ after: rig });
    const { executions } = await executionsOf(next);
    expect(executions.some(({ result, reason }) => result === "failed" && reason.includes("401"))).toBe(true);
    expect(await next.cleanUp()).toEqual([]);
  });

  it("have no task when they are started through a node without a job service", async () => {
    const rig = makeRig();
    rig.cluster.break("jobservice-down");
    const { executions } = await executionsOf(rig);
    const ofN2 = executions.filter(({ startedBy }) => startedBy === "n2");
    expect(ofN2.map(({ result, hasTask }) => `${result} ${hasTask}`)).toEqual(ofN2.map(() => "failed false"));
    for (const { reason } of ofN2) expect(reason).toMatch(/\/api\/v1\/jobs.*connection refused/);
    const ofN1 = executions.filter(({ startedBy }) => startedBy === "n1");
    expect(ofN1.map(({ result, ranOn }) => `${result} ${ranOn}`)).toEqual(ofN1.map(() => "succeeded n1"));
    expect(await rig.cleanUp()).toEqual([]);
  });

  it("are not started where the nodes show other objects under an id", async () => {
    const rig = makeRig();
    rig.cluster.break("database");
    const { executions, skipped } = await executionsOf(rig);
    expect(executions).toEqual([]);
    expect(skipped).toEqual([expect.objectContaining({ proof: "execution", nodes: [] })]);
    expect(rig.objects().policies).toEqual([]);
  });

  it("tell nobody as the runner where all nodes have all logs", async () => {
    const rig = makeRig();
    const [n1, n2] = rig.context.nodes;
    const all = [n1!, n2!].map((node) =>
      sees(node, ({ path }) => (path.endsWith("/log") ? { status: 200, text: "done" } : undefined)),
    );
    const { executions } = await executionsOf(rig, { ...rig.context, nodes: all });
    expect(executions.map(({ ranOn, hasTask }) => [ranOn, hasTask])).toEqual(
      executions.map(() => [undefined, true]),
    );
  });

  it("that go on for ever are given up within a minute, and nothing of them stays", async () => {
    const rig = makeRig();
    const stuck = rig.context.nodes.map((node) =>
      sees(node, ({ path }) =>
        path.includes("/tasks?") ? { status: 200, text: '[{"id":1,"status":"InProgress"}]' } : undefined,
      ),
    );
    await provePings({ ...rig.context, limits: { ...rig.context.limits, pingGapMs: 0 } }, rig.signal);
    const began = rig.clock.now();
    const { executions } = await proveExecutions({ ...rig.context, nodes: stuck }, rig.signal);
    expect(executions.map(({ result }) => result)).toEqual(executions.map(() => "unfinished"));
    expect(executions).toHaveLength(8);
    expect(rig.clock.now() - began).toBeLessThan(65_000);
    expect(await rig.cleanUp()).toEqual([]);
    expect(rig.objects()).toEqual(NOTHING);
  });

  it("copy inside the project of the probe only, and leave all else as it was", async () => {
    const rig = makeRig();
    const node = rig.cluster.nodes[0]!;
    ask(node, "POST", "/api/v2.0/projects", { body: { project_name: "theirs" } });
    const foreign = { name: "tidelock.ha.probe-x", url: rig.cluster.front.url, type: "harbor" };
    ask(node, "POST", "/api/v2.0/registries", { body: { ...foreign, credential: {} } });
    await executionsOf(rig);
    const { label } = rig.context;
    expect(rig.objects().repositories.sort()).toEqual([
      `${PROJECT}/${label}-copy/${label}-source`,
      `${PROJECT}/${label}-source`,
    ]);
    expect(await rig.cleanUp()).toEqual([]);
    expect(rig.objects()).toEqual({ ...NOTHING, endpoints: ["tidelock.ha.probe-x"] });
    expect(ask(node, "GET", "/api/v2.0/projects/theirs/repositories").body).toEqual([]);
  });

  it("are left out without an endpoint", async () => {
    const rig = makeRig();
    const { executions, skipped } = await proveExecutions(rig.context, rig.signal);
    expect(executions).toEqual([]);
    expect(skipped[0]?.reason).toMatch(/no endpoint/);
    expect(await rig.cleanUp()).toEqual([]);
  });

  it.each([
    ["replication-policy:create", /replication-policy:create/],
    ["replication:create", /403/],
  ])("say that a robot lacks %s", async (right, reason) => {
    const rig = makeRig({ profile: "2.14", account: robotAccount, without: [right] });
    const { executions, skipped } = await executionsOf(rig);
    const reasons = [...executions, ...skipped].map((one) => one.reason);
    expect(executions.filter(({ result }) => result !== "refused")).toEqual([]);
    expect(reasons.length).toBeGreaterThan(0);
    for (const one of reasons) expect(one).toMatch(reason);
    expect(await rig.cleanUp()).toEqual([]);
  });

  it("work with a robot that has the rights", async () => {
    const rig = makeRig({ profile: "2.14", account: robotAccount });
    const { executions } = await executionsOf(rig);
    expect(executions.map(({ result }) => result)).toEqual(executions.map(() => "succeeded"));
    expect(await rig.cleanUp()).toEqual([]);
    expect(rig.objects()).toMatchObject({ endpoints: [], policies: [], repositories: [] });
  });

  it("stand in no row with a secret", async () => {
    const rig = makeRig();
    rig.cluster.break("job-secret");
    const rows = JSON.stringify(await executionsOf(rig));
    for (const secret of rig.hidden) expect(rows + rig.told.join()).not.toContain(secret);
  });

  it("that keep their policy from being deleted in time leave it disabled, and told", async () => {
    const rig = makeRig();
    await executionsOf(rig);
    const left = await rig.cleanUp(2_000);
    expect(left.join()).toMatch(/replication policy .*412.*disabled/);
    expect(left.join()).not.toMatch(/robot|repository/);
    const policies = ask(rig.cluster.nodes[0]!, "GET", "/api/v2.0/replication/policies").body as {
      enabled?: boolean;
    }[];
    expect(policies.length).toBeGreaterThan(0);
    expect(policies.filter(({ enabled }) => enabled === true)).toEqual([]);
  });
});
