import { describe, expect, it } from "vitest";
import type { Json } from "../../src/sandbox/json.ts";
import { ask, created, executions, pair, refusal, replicate, row, run, type Row, textOf } from "./rig.ts";

const HOUR = 3_600_000;

function get(on: ReturnType<typeof pair>, id: Json | undefined): Row {
  return row(ask(on.a, "GET", `/api/v2.0/replication/executions/${textOf(id)}`));
}

describe("the status of an execution", () => {
  it("lags behind its counters from 2.8 on, and is exact before", () => {
    for (const [profile, status] of [
      ["2.7", "Succeed"],
      ["2.9", "InProgress"],
    ] as const) {
      const on = pair(profile);
      const policy = replicate(on.a, on.b);
      on.a.push("pair/app", "v1");
      on.pass(2000);
      expect(executions(on.a, policy)).toMatchObject([{ status, succeed: 1, total: 1 }]);
      on.pass(30_000);
      expect(executions(on.a, policy)).toMatchObject([{ status: "Succeed", succeed: 1, total: 1 }]);
    }
  });

  it("stays InProgress for ever when core dies with the flow in memory; only stopping ends it", () => {
    const on = pair("2.9");
    const policy = replicate(on.a, on.b);
    on.a.push("pair/app", "v1");
    on.pass(10);
    on.a.restart({ loseQueue: true });
    on.settle();
    const [zombie] = executions(on.a, policy);
    expect(zombie).toMatchObject({ status: "InProgress", total: 0 });
    expect(refusal(ask(on.a, "DELETE", `/api/v2.0/replication/policies/${policy}`)).status).toBe(412);
    expect(ask(on.a, "PUT", `/api/v2.0/replication/executions/${textOf(zombie?.["id"])}`).status).toBe(200);
    expect(get(on, zombie?.["id"])["status"]).toBe("Stopped");
    expect(ask(on.a, "DELETE", `/api/v2.0/replication/policies/${policy}`).status).toBe(200);
  });

  it("becomes Succeed for a zombie after seven days", () => {
    const on = pair("2.9");
    const policy = replicate(on.a, on.b);
    on.a.push("pair/app", "v1");
    on.pass(10);
    on.a.restart({ loseQueue: true });
    on.pass(6 * 24 * HOUR);
    expect(executions(on.a, policy)).toMatchObject([{ status: "InProgress" }]);
    on.pass(26 * HOUR);
    expect(executions(on.a, policy)).toMatchObject([{ status: "Succeed", total: 0 }]);
    expect(on.b.tags().size).toBe(0);
  });

  it("is wedged when core dies between the end of a task and the refresh; stopping changes nothing then", () => {
    const on = pair("2.9");
    const policy = replicate(on.a, on.b);
    on.a.push("pair/app", "v1");
    on.pass(2000);
    on.a.restart({ loseQueue: true });
    on.settle();
    const [wedged] = executions(on.a, policy);
    expect(wedged).toMatchObject({ status: "InProgress", succeed: 1, total: 1 });
    expect(ask(on.a, "PUT", `/api/v2.0/replication/executions/${textOf(wedged?.["id"])}`).status).toBe(200);
    on.settle();
    expect(get(on, wedged?.["id"])["status"]).toBe("InProgress");
    expect(ask(on.a, "DELETE", `/api/v2.0/replication/policies/${policy}`).status).toBe(412);
  });

  it("of a flow that hung when core died stays InProgress, and its slot is free again", () => {
    const on = pair("2.9");
    const policy = replicate(on.a, on.b);
    on.b.faults.hang();
    for (let n = 0; n < 12; n++) on.a.push("pair/app", `v${n}`);
    on.pass(1000);
    on.a.restart({ loseQueue: true });
    on.b.faults.clear();
    on.settle();
    expect(new Set(executions(on.a, policy).map((one) => one["status"]))).toEqual(new Set(["InProgress"]));
    expect(run(on, on.a, policy)).toMatchObject({ status: "Succeed", total: 1 });
  });

  it("leaves its tasks as they are when the queue of the job service is lost", () => {
    const on = pair("2.7");
    const policy = replicate(on.a, on.b);
    on.a.push("pair/app", "v1");
    on.pass(300);
    on.a.restart({ loseJobs: true });
    on.pass(HOUR);
    expect(executions(on.a, policy)).toMatchObject([{ status: "InProgress", in_progress: 1 }]);
  });

  it("is Stopped at once for running tasks, and they copy nothing any more", () => {
    const on = pair("2.7");
    const policy = replicate(on.a, on.b, { trigger: { type: "manual" } });
    on.a.push("pair/app", "v1");
    const id = created(
      ask(on.a, "POST", "/api/v2.0/replication/executions", { body: { policy_id: policy } }),
    );
    on.pass(500);
    ask(on.a, "PUT", `/api/v2.0/replication/executions/${id}`);
    on.settle();
    expect(get(on, id)).toMatchObject({ status: "Stopped", stopped: 1 });
    expect(on.b.tags().size).toBe(0);
  });
});

describe("the sweep keeps fifty executions", () => {
  const count = (profile: "2.1" | "2.7" | "2.9" | "2.12", wait: number): number => {
    const on = pair(profile, "2.9");
    const policy = replicate(on.a, on.b);
    for (let n = 0; n < 60; n++) on.a.push("pair/app", "v1", { seed: 1 });
    on.settle();
    on.a.push("pair/app", "v1", { seed: 1 });
    on.settle();
    on.pass(wait);
    return executions(on.a, policy).length;
  };
  it("on every new one up to 2.7, hourly from 2.8, daily from 2.12, never in 2.1", () => {
    expect(count("2.7", 0)).toBe(50);
    expect(count("2.9", 0)).toBe(61);
    expect(count("2.9", HOUR)).toBe(50);
    expect(count("2.12", HOUR)).toBe(61);
    expect(count("2.12", 24 * HOUR)).toBe(50);
    expect(count("2.1", 48 * HOUR)).toBe(61);
  });
});

describe("schedules", () => {
  it("start at their times in UTC, and not while disabled", () => {
    const on = pair("2.9");
    on.a.push("pair/app", "v1");
    const trigger = { type: "scheduled", trigger_settings: { cron: "0 30 3 * * *" } };
    const policy = replicate(on.a, on.b, { trigger });
    on.pass(3 * HOUR);
    expect(executions(on.a, policy)).toEqual([]);
    on.pass(HOUR);
    expect(executions(on.a, policy)).toMatchObject([{ trigger: "scheduled", status: "Succeed" }]);
    const body = row(ask(on.a, "GET", `/api/v2.0/replication/policies/${policy}`));
    ask(on.a, "PUT", `/api/v2.0/replication/policies/${policy}`, { body: { ...body, enabled: false } });
    on.pass(48 * HOUR);
    expect(executions(on.a, policy)).toHaveLength(1);
  });
});

describe("single_active_replication", () => {
  it("fails the second execution at once, and for ever behind a zombie", () => {
    const on = pair("2.14");
    on.a.push("pair/app", "v1");
    const policy = replicate(on.a, on.b, { trigger: { type: "manual" }, single_active_replication: true });
    const start = (): number =>
      created(ask(on.a, "POST", "/api/v2.0/replication/executions", { body: { policy_id: policy } }));
    start();
    on.a.restart({ loseQueue: true });
    on.settle();
    expect(get(on, start())).toMatchObject({
      status: "Failed",
      status_text: "Execution skipped: active replication still in progress.",
    });
  });

  it("is unknown to 2.9", () => {
    const on = pair("2.9");
    const policy = replicate(on.a, on.b, { single_active_replication: true });
    expect(row(ask(on.a, "GET", `/api/v2.0/replication/policies/${policy}`))).not.toHaveProperty(
      "single_active_replication",
    );
    expect(run(on, on.a, policy)["status"]).toBe("Succeed");
  });
});
