import { describe, expect, it } from "vitest";
import { PROFILE_NAMES } from "../../src/sandbox/profile.ts";
import { ask, created, pair, refusal, replicate, row, type Row } from "./rig.ts";

const POLICIES = "/api/v2.0/replication/policies";

describe("an endpoint", () => {
  it("says healthy through a whole outage of its peer; only its ping tells", () => {
    const { a, b, pass } = pair("2.9");
    replicate(a, b);
    b.faults.down();
    pass(3_600_000);
    expect(row(ask(a, "GET", "/api/v2.0/registries/1"))["status"]).toBe("healthy");
    expect(ask(a, "POST", "/api/v2.0/registries/ping", { body: { id: 1 } }).status).toBe(500);
    b.faults.up();
    b.faults.rotatePassword("admin", "other");
    pass(600_000);
    expect(row(ask(a, "GET", "/api/v2.0/registries/1"))["status"]).toBe("unhealthy");
    expect(refusal(ask(a, "POST", "/api/v2.0/registries/ping", { body: { id: 1 } }))).toMatchObject({
      status: 400,
      message: "the registry is unhealthy",
    });
  });

  it("becomes unknown in 2.1, which answers 400 where others answer 500", () => {
    const { a, b, pass } = pair("2.1");
    replicate(a, b);
    b.faults.down();
    pass(3_600_000);
    expect(row(ask(a, "GET", "/api/v2.0/registries/1"))["status"]).toBe("unknown");
    expect(ask(a, "POST", "/api/v2.0/registries/ping", { body: { id: 1 } }).status).toBe(400);
  });

  it("passes an error status of the peer on as its own", () => {
    const { a, b } = pair("2.9");
    replicate(a, b);
    b.faults.fail(403, { path: "/api/version" });
    expect(ask(a, "POST", "/api/v2.0/registries/ping", { body: { id: 1 } }).status).toBe(403);
  });

  it("is updated in part, with flat names, and only while its peer is well", () => {
    const { a, b } = pair("2.9");
    replicate(a, b);
    expect(ask(a, "PUT", "/api/v2.0/registries/1", { body: { description: "new" } }).status).toBe(200);
    expect(row(ask(a, "GET", "/api/v2.0/registries/1"))).toMatchObject({
      description: "new",
      url: b.url,
      insecure: true,
    });
    expect(ask(a, "PUT", "/api/v2.0/registries/1", { body: { access_secret: "wrong" } }).status).toBe(400);
    b.faults.down();
    expect(ask(a, "PUT", "/api/v2.0/registries/1", { body: { description: "no" } }).status).toBe(500);
  });

  it("forgets its secret with a new URL from 2.16 on", () => {
    for (const [profile, status] of [
      ["2.14", 200],
      ["2.16", 400],
    ] as const) {
      const { a, b } = pair(profile);
      replicate(a, b);
      const answer = ask(a, "PUT", "/api/v2.0/registries/1", { body: { url: `${b.url}/x` } });
      expect(answer.status).toBe(status);
    }
  });
});

describe("a replication policy", () => {
  it.each(PROFILE_NAMES)("comes back from %s as it was written, when all of it is written", (profile) => {
    const { a, b } = pair(profile, "2.9");
    const id = replicate(a, b, { deletion: true, description: "all" });
    const before = row(ask(a, "GET", `${POLICIES}/${id}`));
    expect(ask(a, "PUT", `${POLICIES}/${id}`, { body: before }).status).toBe(200);
    const after = row(ask(a, "GET", `${POLICIES}/${id}`));
    // an update forgets who made it
    const changed = Object.keys(after).filter(
      (key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]),
    );
    expect(changed.filter((key) => key !== "update_time" && key !== "creator")).toEqual([]);
  });

  it("falls back to everything and disabled where a field is left out", () => {
    const { a, b } = pair("2.9");
    const id = replicate(a, b);
    ask(a, "PUT", `${POLICIES}/${id}`, { body: { name: "n", dest_registry: { id: 1 } } });
    const policy = row(ask(a, "GET", `${POLICIES}/${id}`));
    expect(policy).toMatchObject({
      filters: null,
      trigger: { type: "manual" },
      dest_namespace_replace_count: -1,
    });
    for (const key of ["enabled", "override", "deletion", "description"])
      expect(policy).not.toHaveProperty(key);
  });

  it.each([
    ["2.1", "*/5 * * * *", 201],
    ["2.7", "*/5 * * * *", 400],
    ["2.7", "5 * * * * *", 201],
    ["2.9", "5 * * * * *", 400],
    ["2.9", "0 * * * * *", 400],
    ["2.9", "0 */5 * * * *", 201],
    ["2.9", "@daily", 400],
    ["2.9", "0 61 * * * *", 400],
  ] as const)("on %s with the schedule %s answers %i", (profile, cron, status) => {
    const { a, b } = pair(profile, "2.9");
    replicate(a, b);
    const trigger = { type: "scheduled", trigger_settings: { cron } };
    const body = { name: "cron", dest_registry: { id: 1 }, trigger };
    expect(ask(a, "POST", POLICIES, { body }).status).toBe(status);
  });

  it("with filters beyond the column of the database answers 500", () => {
    const { a, b } = pair("2.9");
    replicate(a, b);
    const create = (length: number): number => {
      const filters = [{ type: "name", value: "x".repeat(length) }];
      return ask(a, "POST", POLICIES, { body: { name: `n${length}`, dest_registry: { id: 1 }, filters } })
        .status;
    };
    const around = JSON.stringify([{ type: "name", value: "" }]).length;
    expect(create(1024 - around)).toBe(201);
    expect(create(1025 - around)).toBe(500);
  });

  it("refuses what Harbor refuses", () => {
    const { a, b } = pair("2.14");
    replicate(a, b);
    const base: Row = { name: "x", dest_registry: { id: 1 } };
    const status = (change: Row): number => ask(a, "POST", POLICIES, { body: { ...base, ...change } }).status;
    expect(status({ name: "" })).toBe(400);
    expect(status({ trigger: { type: "hourly" } })).toBe(400);
    expect(status({ filters: [{ type: "colour", value: "red" }] })).toBe(400);
    expect(status({ filters: [{ type: "name", value: "x", decoration: "excludes" }] })).toBe(400);
    expect(status({ filters: [{ type: "label", value: "x" }] })).toBe(400);
    expect(status({ single_active_replication: true, trigger: { type: "event_based" } })).toBe(500);
    expect(status({ name: "y".repeat(300) })).toBe(500);
    expect(status({ src_registry: { id: 1 } })).toBe(400);
    expect(created(ask(a, "POST", POLICIES, { body: base }))).toBeGreaterThan(1);
  });
});
