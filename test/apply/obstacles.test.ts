import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { applyPlan } from "../../src/apply/apply-plan.ts";
import type { ActionResult } from "../../src/apply/result.ts";
import { guarded, moreThanHalf } from "../../src/plan/guards.ts";
import type { ReplicationPolicy } from "../../src/observed/model.ts";
import { markOf } from "../../src/topology/mark.ts";
import { INSTALLATION, PROFILES, sandboxPair, type SandboxPair } from "./sandbox-pair.ts";

const DUAL = `
    kind: dual-master
    registries: [a, b]`;
const THERE = "tidelock.t.a-to-b";

async function configured(profile: (typeof PROFILES)[number] = "2.9"): Promise<SandboxPair> {
  const pair = await sandboxPair(profile);
  await pair.declare(DUAL);
  await pair.configure();
  return pair;
}

async function policyOf(pair: SandboxPair, name = THERE): Promise<ReplicationPolicy> {
  const policies = await pair.ports().get("a")!.replicationPolicies();
  return policies.find((one) => one.name === name)!;
}

/** Changes a policy as a person would, who is not Tidelock. */
async function byHand(pair: SandboxPair, change: Partial<ReplicationPolicy>): Promise<void> {
  await pair
    .ports()
    .get("a")!
    .updateReplicationPolicy({ ...(await policyOf(pair)), ...change });
}

function words(results: readonly ActionResult[]): string[] {
  return results.map(({ action, outcome }) => `${action.registry} ${action.kind} ${outcome.kind}`);
}

describe.each(PROFILES)("Harbor %s", (profile) => {
  it("waits with the endpoint to a peer that is down, and goes on with the rest", async () => {
    await using pair = await sandboxPair(profile);
    await pair.declare(DUAL);
    const before = await pair.plan();
    pair.b.faults.down();
    await pair.settled();
    const { results, stopped } = await pair.apply(before);
    expect(stopped).toBe(false);
    expect(words(results)).toEqual([
      "a create-endpoint waiting",
      "b create-endpoint waiting",
      "a create-policy waiting",
      "b create-policy waiting",
    ]);
    const during = await pair.plan();
    expect(during.findings.map(({ kind, registry }) => `${kind} ${registry}`)).toEqual(["unread b"]);
    expect(words((await pair.apply(during)).results)).toEqual([
      "a create-endpoint waiting",
      "a create-policy waiting",
    ]);

    pair.b.faults.up();
    await pair.settled();
    expect((await pair.configure()).filter((line) => !line.endsWith(": done"))).toEqual([]);
    expect((await pair.plan()).actions).toEqual([]);
  });

  it("renews credentials that the peer refuses", async () => {
    await using pair = await configured(profile);
    pair.b.faults.rotatePassword("admin", "New-Password1");
    await pair.declare(DUAL, { b: "username: admin, password: New-Password1" });
    const plan = await pair.plan();
    expect(plan.actions.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "rotate-credentials tidelock.t.b",
    ]);
    expect((await pair.apply(plan)).results.map(({ outcome }) => outcome.kind)).toEqual(["done"]);
    expect((await pair.plan()).actions).toEqual([]);
    const digest = pair.a.push("library/app", "v1");
    pair.clock.advance(120_000);
    expect(pair.b.tags().get("library/app")?.get("v1")).toBe(digest);
  });

  it("puts right what was changed by hand, whole, and keeps what is not declared", async () => {
    await using pair = await configured(profile);
    const chunks = (await pair.ports().get("a")!.capabilities()).copyByChunk;
    await byHand(pair, {
      override: false,
      filters: [{ kind: "name", value: "other/**", excludes: false }],
      copyByChunk: chunks,
      trigger: { kind: "manual", cron: "" },
    });
    const plan = await pair.plan();
    expect(plan.actions.map(({ kind }) => kind)).toEqual(["update-policy"]);
    expect(plan.actions[0]!.differences.map(({ field }) => field)).toEqual([
      "trigger",
      "filters",
      "override",
    ]);
    await pair.apply(plan);
    const after = await policyOf(pair);
    expect(after).toMatchObject({
      override: true,
      enabled: true,
      copyByChunk: chunks,
      trigger: { kind: "event_based" },
    });
    expect((await pair.plan()).actions).toEqual([]);
  });

  it("reports a policy that somebody disabled, and enables it only when told", async () => {
    await using pair = await configured(profile);
    await byHand(pair, { enabled: false });
    const plan = await pair.plan();
    expect(plan.actions).toEqual([]);
    expect(plan.findings.map(({ kind, registry }) => `${kind} ${registry}`)).toEqual(["disabled a"]);

    await pair.declare(`${DUAL}\n    replication: { override: false }`);
    await pair.configure();
    expect(await policyOf(pair)).toMatchObject({ enabled: false, override: false });

    await pair.declare(`${DUAL}\n    enforceEnabled: true`);
    await pair.configure();
    expect(await policyOf(pair)).toMatchObject({ enabled: true, override: true });
    expect(await pair.plan()).toMatchObject({ actions: [], findings: [] });
  });
});

describe("objects that are not ours", () => {
  it("are told and never touched, even where they have our name", async () => {
    await using pair = await configured();
    await byHand(pair, { description: "mine now", override: false });
    const writes = pair.a.requests.writes();
    const plan = await pair.plan();
    expect(plan.actions).toEqual([]);
    expect(plan.findings).toMatchObject([{ kind: "conflict", registry: "a", name: THERE }]);

    await byHand(pair, { description: markOf("elsewhere") });
    const other = await pair.plan({ prune: true });
    expect(other.actions).toEqual([]);
    expect(other.findings).toMatchObject([
      { kind: "conflict", message: expect.stringContaining("elsewhere") as string },
    ]);
    // The two changes by hand, of which the first came before `writes` was read.
    expect(pair.a.requests.writes() - writes).toBe(1);
  });

  it("are left alone when they were taken over after planning", async () => {
    await using pair = await configured();
    await pair.declare(`${DUAL}\n    replication: { override: false }`);
    const plan = await pair.plan();
    await byHand(pair, { description: "mine now" });
    const { results } = await pair.apply(plan);
    expect(words(results)).toEqual(["a update-policy failed", "b update-policy done"]);
    expect(await policyOf(pair)).toMatchObject({ description: "mine now", override: true });
  });

  it("are not deleted by name", async () => {
    await using pair = await configured();
    await pair.declare(`
    kind: master-slave
    master: b
    slaves: [a]`);
    const plan = await pair.plan({ prune: true });
    await byHand(pair, { description: "mine now" });
    const { results } = await pair.apply(plan);
    expect(words(results)).toEqual(["a delete-policy failed", "a delete-endpoint waiting"]);
    expect(await policyOf(pair)).toMatchObject({ name: THERE });
  });
});

describe("work that was cut short", () => {
  it("is taken up where it was left", async () => {
    await using pair = await sandboxPair("2.9");
    await pair.declare(DUAL);
    const plan = await pair.plan();
    const stop = new AbortController();
    const report = await applyPlan(plan, {
      ports: pair.ports(),
      clock: pair.clock,
      signal: stop.signal,
      onResult: ({ action }) => {
        if (action.kind === "create-policy") stop.abort();
      },
    });
    expect(report.stopped).toBe(true);
    expect(words(report.results)).toEqual([
      "a create-endpoint done",
      "b create-endpoint done",
      "a create-policy done",
    ]);
    expect((await pair.plan()).actions.map(({ kind, registry }) => `${kind} ${registry}`)).toEqual([
      "create-policy b",
    ]);
  });

  it("takes what an earlier run made for its own, if it carries the mark", async () => {
    await using pair = await sandboxPair("2.9");
    await pair.declare(DUAL);
    const plan = await pair.plan();
    await pair.apply(plan);
    const { results } = await pair.apply(plan);
    expect(words(results).filter((line) => !line.endsWith("done"))).toEqual([]);
    expect((await pair.plan()).actions).toEqual([]);
  });

  it("does not take a stranger's object that came up meanwhile", async () => {
    await using pair = await configured();
    const { description, ...rest } = await policyOf(pair);
    expect(description).toBe(markOf(INSTALLATION));
    await pair.declare(DUAL.replace("registries: [a, b]", 'registries: [a, b]\n    content: { tags: "v*" }'));
    const created = (await pair.plan()).actions.map((action) =>
      action.kind === "update-policy" ? { ...action, kind: "create-policy" as const } : action,
    );
    await byHand(pair, { ...rest, description: "mine" });
    const { results } = await pair.apply({ ...(await pair.plan()), actions: created });
    expect(words(results)).toEqual(["a create-policy failed", "b create-policy done"]);
    expect(results[0]!.outcome).toMatchObject({ error: { code: "HARBOR_CONFLICT" } });
  });
});

describe("what changed between plan and apply", () => {
  it("is noticed where an object has vanished", async () => {
    await using pair = await configured();
    await pair.declare(`${DUAL}\n    replication: { override: false }`, {
      b: "username: admin, password: Harbor12345, insecureSkipVerify: true",
    });
    const plan = await pair.plan();
    const a = pair.ports().get("a")!;
    await a.deleteReplicationPolicy((await policyOf(pair)).id);
    for (const { id } of await a.endpoints()) await a.deleteEndpoint(id);
    const { results } = await pair.apply(plan);
    expect(words(results)).toEqual([
      "a update-endpoint failed",
      "a update-policy failed",
      "b update-policy done",
    ]);
    expect((await pair.configure()).filter((line) => !line.endsWith(": done"))).toEqual([]);
    expect((await pair.plan()).actions).toEqual([]);
  });

  it("is noticed where an endpoint was taken over", async () => {
    await using pair = await configured();
    await pair.declare(DUAL, { b: "username: admin, password: Harbor12345, insecureSkipVerify: true" });
    const plan = await pair.plan();
    const a = pair.ports().get("a")!;
    const [endpoint] = await a.endpoints();
    await a.updateEndpoint(endpoint!.id, { ...endpoint!, description: "mine now", password: "Harbor12345" });
    const { results } = await pair.apply(plan);
    expect(results.map(({ outcome }) => outcome)).toMatchObject([
      { kind: "failed", error: { code: "HARBOR_CONFLICT" } },
    ]);
    expect((await a.endpoints())[0]).toMatchObject({ description: "mine now", insecure: false });
  });

  it("does not matter where somebody deleted what is to be deleted", async () => {
    await using pair = await configured();
    await pair.declare(`
    kind: master-slave
    master: b
    slaves: [a]`);
    const plan = await pair.plan({ prune: true });
    const a = pair.ports().get("a")!;
    await a.deleteReplicationPolicy((await policyOf(pair)).id);
    for (const { id } of await a.endpoints()) await a.deleteEndpoint(id);
    expect(words((await pair.apply(plan)).results)).toEqual([
      "a delete-policy done",
      "a delete-endpoint done",
    ]);
  });

  it("is made good where the endpoint of a policy came up, and only where it is ours", async () => {
    await using pair = await sandboxPair("2.9");
    await pair.declare(DUAL);
    const plan = await pair.plan();
    const onlyPolicies = { ...plan, actions: plan.actions.filter(({ kind }) => kind === "create-policy") };
    expect(words((await pair.apply(onlyPolicies)).results)).toEqual([
      "a create-policy waiting",
      "b create-policy waiting",
    ]);
    const onlyEndpoints = { ...plan, actions: plan.actions.filter(({ kind }) => kind === "create-endpoint") };
    await pair.apply(onlyEndpoints);
    expect(words((await pair.apply(onlyPolicies)).results)).toEqual([
      "a create-policy done",
      "b create-policy done",
    ]);
  });

  it("is a bug where a plan names a registry that nobody connected", async () => {
    await using pair = await configured();
    await pair.declare(`${DUAL}\n    replication: { override: false }`);
    const { results } = await applyPlan(await pair.plan(), { ports: new Map(), clock: pair.clock });
    expect(results.map(({ outcome }) => outcome)).toMatchObject([
      { error: { code: "BUG" } },
      { error: { code: "BUG" } },
    ]);
  });
});

describe("what Harbor refuses for now", () => {
  it("is waited for when executions of a policy still run", async () => {
    await using pair = await configured();
    pair.a.push("library/app", "v1");
    pair.a.faults.stopJobservice();
    await pair
      .ports()
      .get("a")!
      .startExecution((await policyOf(pair)).id);
    await pair.declare(`
    kind: master-slave
    master: b
    slaves: [a]`);
    const { results } = await pair.apply(await pair.plan({ prune: true }));
    expect(words(results)).toEqual(["a delete-policy waiting", "a delete-endpoint waiting"]);
  });

  it("costs nothing more where a registry went away in between", async () => {
    await using pair = await sandboxPair("2.9");
    await pair.declare(DUAL);
    const plan = await pair.plan();
    pair.a.faults.down();
    await pair.settled();
    const { results } = await pair.apply(plan);
    expect(results.filter(({ action }) => action.registry === "a").map(({ outcome }) => outcome)).toEqual([
      { kind: "waiting", reason: "a can't be reached" },
      { kind: "waiting", reason: "a can't be reached" },
    ]);
  });

  it("fails, and says so, when the account lacks the right", async () => {
    await using pair = await configured();
    await pair.declare(`${DUAL}\n    replication: { override: false }`);
    const plan = await pair.plan();
    pair.a.faults.fail(403, { path: /replication\/policies/, method: "PUT" });
    const { results } = await pair.apply(plan);
    expect(words(results)).toEqual(["a update-policy failed", "b update-policy done"]);
    expect(results[0]!.outcome).toMatchObject({ error: { code: "HARBOR_FORBIDDEN" } });
  });
});

describe("plans", () => {
  it("hold no password, and neither do their results", async () => {
    await using pair = await sandboxPair("2.9");
    await pair.declare(DUAL);
    const plan = await pair.plan();
    pair.b.faults.down();
    await pair.settled();
    const report = await pair.apply(plan);
    const printed = JSON.stringify([plan, report]) + inspect([plan, report], { depth: 20 });
    expect(printed).not.toContain("Harbor12345");
  });

  it("withhold a change of most of what is ours", async () => {
    await using pair = await configured();
    await pair.declare(`
    kind: master-slave
    master: a
    slaves: [b]
    content: { tags: "v*" }`);
    const { plan, withheld } = guarded(await pair.plan({ prune: true }), [moreThanHalf]);
    expect(plan.actions).toEqual([]);
    expect(withheld.map(({ action }) => action.kind)).toEqual([
      "update-policy",
      "delete-policy",
      "delete-endpoint",
    ]);
  });

  it("conclude nothing from a registry that does not know us", async () => {
    await using pair = await configured();
    pair.b.faults.anonymous();
    const plan = await pair.plan({ prune: true });
    // To a, b refuses the credentials: that is all that can be seen from there.
    expect(plan.actions.map(({ kind, registry }) => `${kind} ${registry}`)).toEqual(["rotate-credentials a"]);
    expect(plan.findings).toMatchObject([
      { kind: "unread", registry: "b", error: { code: "HARBOR_UNAUTHORIZED" } },
    ]);
  });
});
