import { describe, expect, it } from "vitest";
import {
  ask,
  created,
  executions,
  pair,
  receive,
  refusal,
  replicate,
  row,
  rows,
  run,
  tagsOf,
} from "./rig.ts";

describe("an event", () => {
  it("reaches the peer, and echoes once where the pair is mutual", () => {
    const { a, b, settle } = pair("2.9");
    const policyA = replicate(a, b);
    const policyB = replicate(b, a);
    const digest = a.push("pair/app", "v1");
    settle();
    expect(tagsOf(b)).toEqual({ v1: digest });
    expect(executions(a, policyA)).toMatchObject([{ status: "Succeed", total: 1, trigger: "event_based" }]);
    expect(executions(b, policyB)).toMatchObject([{ status: "Succeed", total: 1, trigger: "event_based" }]);
  });

  it("fires also for a push that changes nothing, and n+1 times for an index of n", () => {
    const { a, b, settle } = pair("2.9");
    const policy = replicate(a, b);
    a.push("pair/app", "v1", { seed: 1 });
    a.push("pair/app", "v1", { seed: 1 });
    settle();
    expect(executions(a, policy)).toHaveLength(2);
    const index = a.pushIndex("pair/multi", "all", ["amd64", "arm64"]);
    settle();
    expect(executions(a, policy)).toHaveLength(5);
    expect(tagsOf(b, "pair/multi")).toEqual({ all: index });
  });

  it("is lost without a trace when core dies before it is told", () => {
    const { a, b, settle } = pair("2.9");
    const policy = replicate(a, b);
    a.faults.loseNextEvents(1);
    a.push("pair/app", "v1");
    settle();
    expect(executions(a, policy)).toEqual([]);
    expect(b.tags().size).toBe(0);
    expect(rows(ask(a, "GET", "/api/v2.0/audit-logs?q=resource_type%3Dartifact"))).toEqual([]);
  });

  it("of a deletion replicates only where `deletion` is set, by tag whatever the digest", () => {
    const { a, b, settle } = pair("2.9");
    replicate(a, b, {
      deletion: false,
      replicate_deletion: true,
      filters: [{ type: "name", value: "keep/**" }],
    });
    replicate(a, b, { deletion: true });
    for (const repository of ["keep/app", "pair/app"]) a.push(repository, "v1");
    settle();
    b.push("pair/app", "v1");
    for (const repository of ["keep/app", "pair/app"]) a.deleteArtifact(repository, "v1");
    settle();
    expect(Object.keys(tagsOf(b, "keep/app"))).toEqual(["v1"]);
    expect(tagsOf(b, "pair/app")).toEqual({});
  });

  it("of a deleted tag leaves the artifact untagged on both sides", () => {
    const { a, b, settle } = pair("2.9");
    replicate(a, b, { deletion: true });
    a.push("pair/app", "v1");
    settle();
    a.deleteTag("pair/app", "v1");
    settle();
    const untagged = rows(ask(b, "GET", "/api/v2.0/projects/pair/repositories/app/artifacts"));
    expect(untagged).toMatchObject([{ tags: null }]);
  });

  it("is stopped for all policies by one pattern that cannot be read", () => {
    const { a, b, settle } = pair("2.9");
    replicate(a, b);
    replicate(a, b, { filters: [{ type: "name", value: "{pair" }] });
    a.push("pair/app", "v1");
    settle();
    expect(b.tags().size).toBe(0);
  });
});

describe("what is copied", () => {
  it("obeys override: false skips the different tag and says Succeed", () => {
    const on = pair("2.9");
    const policy = replicate(on.a, on.b, { override: false, trigger: { type: "manual" } });
    on.a.push("pair/app", "v1");
    on.a.push("pair/app", "new");
    const theirs = on.b.push("pair/app", "v1");
    expect(run(on, on.a, policy)).toMatchObject({ status: "Succeed", total: 1 });
    expect(tagsOf(on.b)).toEqual({ v1: theirs, new: tagsOf(on.a)["new"] });
  });

  it("makes the project as public as its source", () => {
    const on = pair("2.9");
    on.a.createProject("pair", { public: true });
    on.a.push("pair/app", "v1");
    run(on, on.a, replicate(on.a, on.b));
    expect(row(ask(on.b, "GET", "/api/v2.0/projects/pair"))["metadata"]).toEqual({ public: "true" });
  });

  it("is nothing at a proxy cache, and the execution succeeds", () => {
    const on = pair("2.9");
    replicate(on.b, on.a);
    on.b.createProject("pair", { proxyOf: 1 });
    on.a.push("pair/app", "v1");
    const execution = run(on, on.a, replicate(on.a, on.b));
    expect(execution).toMatchObject({
      status: "Succeed",
      total: 0,
      status_text: "no resources need to be replicated",
    });
  });

  it("fails for ever on an immutable tag and on a full quota, after three runs", () => {
    const on = pair("2.9");
    on.a.push("pair/app", "rel-1");
    on.b.push("pair/app", "rel-1");
    const rule = {
      tag_selectors: [{ kind: "doublestar", decoration: "matches", pattern: "rel-*" }],
      scope_selectors: { repository: [{ kind: "doublestar", decoration: "repoMatches", pattern: "**" }] },
    };
    created(ask(on.b, "POST", "/api/v2.0/projects/pair/immutabletagrules", { body: rule }));
    on.a.push("small/app", "v1");
    on.b.createProject("small", { quotaBytes: 10 });
    const policy = replicate(on.a, on.b, { filters: [], trigger: { type: "manual" } });
    const before = on.clock.now();
    expect(run(on, on.a, policy)).toMatchObject({ status: "Failed", total: 2, failed: 2 });
    expect(on.clock.now() - before).toBeGreaterThan(47_000);
  });

  it("goes where dest_namespace says", () => {
    const on = pair("2.9");
    on.a.push("pair/deep/app", "v1");
    const trigger = { type: "manual" };
    const bases: [number, string][] = [
      [-1, "other/app"],
      [0, "other/pair/deep/app"],
      [1, "other/deep/app"],
    ];
    for (const [count, repository] of bases) {
      const policy = replicate(on.a, on.b, {
        trigger,
        dest_namespace: "other",
        dest_namespace_replace_count: count,
      });
      run(on, on.a, policy);
      expect(Object.keys(tagsOf(on.b, repository))).toEqual(["v1"]);
    }
    const tooDeep = replicate(on.a, on.b, {
      trigger,
      dest_namespace: "other",
      dest_namespace_replace_count: 3,
    });
    expect(run(on, on.a, tooDeep)).toMatchObject({ status: "Failed", total: 0 });
  });

  it("takes signatures along in a full run, although the tag filter would drop them", () => {
    const on = pair("2.9");
    const digest = on.a.push("pair/app", "v1");
    const signature = on.a.sign("pair/app", digest);
    const filters = [
      { type: "name", value: "pair/app" },
      { type: "tag", value: "v*" },
    ];
    run(on, on.a, replicate(on.a, on.b, { filters }));
    expect(on.b.accessories("pair/app", digest)).toEqual([signature]);
  });

  it("is decided by names, tags and decorations", () => {
    const on = pair("2.9");
    for (const tag of ["v1", "v2-rc", "latest"]) on.a.push("pair/app", tag);
    on.a.push("pair/other", "v1");
    const filters = [
      { type: "name", value: "pair/app" },
      { type: "tag", value: "{*-rc,latest}", decoration: "excludes" },
    ];
    run(on, on.a, replicate(on.a, on.b, { filters }));
    expect([...on.b.tags()].map(([name, tags]) => [name, [...tags.keys()]])).toEqual([["pair/app", ["v1"]]]);
  });
});

describe("the destination", () => {
  it("that dies after the task was made gets two more runs, and the status flips between them", () => {
    const { a, b, pass, settle } = pair("2.7");
    const policy = replicate(a, b);
    a.push("pair/app", "v1");
    pass(500);
    b.faults.down();
    pass(2000);
    expect(executions(a, policy)).toMatchObject([{ status: "Failed", failed: 1, status_text: "" }]);
    pass(17_000);
    b.faults.up();
    settle();
    expect(executions(a, policy)).toMatchObject([{ status: "Succeed", succeed: 1 }]);
    expect(Object.keys(tagsOf(b))).toEqual(["v1"]);
  });

  it("that refuses the password fails the flow when its project is private, the task when it is public", () => {
    const { a, b, settle } = pair("2.9");
    const policy = replicate(a, b, { filters: [{ type: "name", value: "{pair,open}/**" }] });
    b.createProject("open", { public: true });
    b.faults.rotatePassword("admin", "changed");
    a.push("pair/app", "v1");
    settle();
    const [failed] = executions(a, policy);
    expect(failed).toMatchObject({ status: "Failed", total: 0 });
    expect(failed?.["status_text"]).toContain("http error: code 401");
    a.push("open/app", "v1");
    settle();
    expect(executions(a, policy)[0]).toMatchObject({ status: "Failed", total: 1, failed: 1 });
  });

  it("that hangs pins ten flow slots, and then nothing replicates although executions look InProgress", () => {
    const { a, b, world, pass } = pair("2.9");
    const c = world.add({ name: "c", profile: "2.9" });
    const hanging = replicate(a, b);
    const healthy = replicate(a, c, { filters: [{ type: "name", value: "fine/**" }] });
    b.faults.hang();
    for (let n = 0; n < 10; n++) a.push("pair/app", `v${n}`);
    pass(1000);
    a.push("fine/app", "v1");
    pass(3_600_000);
    expect(executions(a, healthy)).toMatchObject([{ status: "InProgress", total: 0 }]);
    expect(new Set(executions(a, hanging).map((one) => one["status"]))).toEqual(new Set(["InProgress"]));
    b.faults.clear();
    pass(60_000);
    expect(Object.keys(tagsOf(c, "fine/app"))).toEqual(["v1"]);
    expect(new Set(executions(a, hanging).map((one) => one["status"]))).toEqual(new Set(["Failed"]));
  });

  it("that hangs is given up after half an hour from 2.16 on", () => {
    const { a, b, pass } = pair("2.16");
    const policy = replicate(a, b);
    b.faults.hang();
    a.push("pair/app", "v1");
    pass(1_700_000);
    expect(executions(a, policy)).toMatchObject([{ status: "InProgress" }]);
    pass(200_000);
    expect(executions(a, policy)).toMatchObject([{ status: "Failed", total: 0 }]);
  });

  it("answers through the same faults: an error page becomes the text of the execution", () => {
    const { a, b, settle } = pair("2.9");
    const policy = replicate(a, b);
    b.faults.fail(502, { path: "/api/version", times: 1, from: "replication" });
    a.push("pair/app", "v1");
    settle();
    expect(executions(a, policy)[0]?.["status_text"]).toContain("http error: code 502, message <html>");
    expect(receive(b, "GET", "/api/version").kind).toBe("answer");
  });
});

describe("jobs", () => {
  it("that cannot be submitted fail the execution without a task", () => {
    const { a, b, pass, settle } = pair("2.9");
    const policy = replicate(a, b);
    a.faults.stopJobservice();
    a.push("pair/app", "v1");
    settle();
    expect(executions(a, policy)).toMatchObject([{ status: "Failed", total: 0 }]);
    // core looks every ten seconds
    pass(10_000);
    expect(row(ask(a, "GET", "/api/v2.0/health"))["status"]).toBe("unhealthy");
  });

  it("that are taken rest while the queue is paused, and run afterwards with the tags of that moment", () => {
    const { a, b, pass, settle } = pair("2.9");
    const policy = replicate(a, b);
    a.push("pair/app", "v1");
    a.faults.pauseReplication();
    pass(60_000);
    expect(executions(a, policy)).toMatchObject([{ status: "InProgress", total: 1 }]);
    a.faults.resumeReplication();
    const moved = a.push("pair/app", "v1");
    settle();
    expect(tagsOf(b)).toEqual({ v1: moved });
  });

  it("cannot be started for a disabled policy", () => {
    for (const [profile, code] of [
      ["2.1", "BAD_REQUEST"],
      ["2.9", "PRECONDITION"],
    ] as const) {
      const { a, b } = pair(profile, "2.9");
      const policy = replicate(a, b, { enabled: false });
      const answer = refusal(
        ask(a, "POST", "/api/v2.0/replication/executions", { body: { policy_id: policy } }),
      );
      expect(answer).toMatchObject({ code, message: `the policy ${policy} is disabled` });
    }
  });
});
