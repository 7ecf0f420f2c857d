import { describe, expect, test } from "vitest";
import { tailAudit, type AuditTail } from "../../src/observed/tail-audit.ts";
import { PROFILE_NAMES, type ProfileName } from "../../src/sandbox/profile.ts";
import { Scene } from "../support/scene.ts";

async function one(profile: ProfileName = "2.9"): Promise<Scene> {
  return await Scene.create({ registries: { a: profile } });
}

async function tail(scene: Scene): Promise<AuditTail> {
  const { administrator } = await scene.port("a").identify();
  const source = { port: scene.port("a"), audit: scene.store.audit, now: scene.clock.now(), administrator };
  return await tailAudit(source, new AbortController().signal);
}

function reasonOf({ state }: AuditTail): string {
  return state.kind === "read" ? "" : state.reason;
}

function push(scene: Scene, ...tags: readonly string[]): void {
  for (const tag of tags) scene.sandbox("a").push("team/app", tag);
  scene.clock.advance(1_000);
  scene.world.catchUp();
}

async function acts(scene: Scene): Promise<string[]> {
  const facts = await scene.store.audit.facts("a", "team/app");
  return facts.map(({ act, tag = "" }) => `${act} ${tag}`.trim());
}

async function configure(scene: Scene, body: Readonly<Record<string, unknown>>): Promise<void> {
  const { url, adminPassword } = scene.sandbox("a");
  const answer = await fetch(`${url}/api/v2.0/configurations`, {
    method: "PUT",
    headers: { Authorization: `Basic ${btoa(`admin:${adminPassword}`)}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
}

describe.each(PROFILE_NAMES)("on %s", (profile) => {
  test("what is new is kept once, and nothing new costs one request", async () => {
    await using scene = await one(profile);
    push(scene, "v1", "v2");
    expect(await tail(scene)).toMatchObject({ state: { kind: "read" }, continues: false });
    expect(await acts(scene)).toEqual(["push v1", "push v2"]);
    scene.sandbox("a").deleteTag("team/app", "v1");
    scene.clock.advance(1_000);
    expect(await tail(scene)).toEqual({ state: { kind: "read" }, continues: true });
    expect(await acts(scene)).toEqual(["push v1", "push v2", "delete-tag v1"]);
    const before = scene.port("a").requestCount();
    expect(await tail(scene)).toEqual({ state: { kind: "read" }, continues: true });
    expect(scene.port("a").requestCount() - before).toBe(1);
  });

  test("a log with more than a page is read to its end, at first and later", async () => {
    await using scene = await one(profile);
    const tags = Array.from({ length: 150 }, (_, i) => `v${i}`);
    push(scene, ...tags);
    await tail(scene);
    expect(await acts(scene)).toHaveLength(150);
    push(scene, ...tags.map((tag) => `more-${tag}`));
    await tail(scene);
    expect(await acts(scene)).toHaveLength(300);
  });

  test("an old backup is seen by the end of the log", async () => {
    await using scene = await one(profile);
    push(scene, "v1");
    const backup = scene.sandbox("a").faults.backup();
    push(scene, "v2", "v3");
    await tail(scene);
    const mark = await scene.store.audit.mark("a");
    scene.sandbox("a").faults.restore(backup);
    const after = await tail(scene);
    expect(after.state.kind).toBe("unavailable");
    expect(after.rewound).toMatch(/read up to entry \d+, and ends with \d+ now/);
    expect(await scene.store.audit.mark("a")).toEqual(mark);
  });

  test("an old backup whose log grew since is seen by the time of the last entry", async () => {
    await using scene = await one(profile);
    push(scene, "v1");
    const backup = scene.sandbox("a").faults.backup();
    push(scene, "v2", "v3");
    await tail(scene);
    scene.sandbox("a").faults.restore(backup);
    scene.clock.advance(60_000);
    push(scene, "v4", "v5", "v6", "v7");
    expect((await tail(scene)).rewound).toMatch(/entry \d+ of its audit log was of .*, and is of/);
  });
});

describe("what makes a log unavailable, or begin anew", () => {
  test("a robot without the right sees nothing, with 200", async () => {
    await using scene = await one();
    push(scene, "v1");
    const username = scene.sandbox("a").addRobot("weak", "Weak12345", []);
    scene.login("a", { username, password: "Weak12345" });
    expect(reasonOf(await tail(scene))).toContain("audit-log:list");
  });

  test("a robot that lost the right does not make the registry look rewound", async () => {
    await using scene = await one();
    push(scene, "v1");
    await tail(scene);
    const username = scene.sandbox("a").addRobot("weak", "Weak12345", []);
    scene.login("a", { username, password: "Weak12345" });
    const after = await tail(scene);
    expect(after.state.kind).toBe("unavailable");
    expect(after).not.toHaveProperty("rewound");
  });

  test("an empty log of a Harbor where nothing happened is a log", async () => {
    await using scene = await one();
    expect(await tail(scene)).toEqual({ state: { kind: "read" }, continues: false });
  });

  test("a log that fails is unavailable with its reason, and the next time it is read on", async () => {
    await using scene = await one();
    push(scene, "v1");
    await tail(scene);
    await scene.down("a");
    expect(reasonOf(await tail(scene))).toContain("could not be read");
    await scene.up("a");
    push(scene, "v2");
    expect((await tail(scene)).continues).toBe(true);
    expect(await acts(scene)).toEqual(["push v1", "push v2"]);
  });

  test("switched off: what comes later is lacking, and what was read stays", async () => {
    await using scene = await one();
    push(scene, "v1");
    await tail(scene);
    await configure(scene, { skip_audit_log_database: true });
    push(scene, "v2");
    await tail(scene);
    expect(await acts(scene)).toEqual(["push v1"]);
    expect(await scene.port("a").settings()).toMatchObject({ auditNotKept: true });
  });

  test("what is told to be left out is left out, from 2.13 on", async () => {
    await using scene = await one("2.14");
    await configure(scene, { disabled_audit_log_event_types: "create_artifact" });
    push(scene, "v1");
    scene.sandbox("a").deleteTag("team/app", "v1");
    scene.clock.advance(1_000);
    await tail(scene);
    expect(await acts(scene)).toEqual(["delete-tag v1"]);
    expect(await scene.port("a").settings()).toMatchObject({ auditWithout: ["create_artifact"] });
  });

  test("purged entries that were read are no loss", async () => {
    await using scene = await one();
    push(scene, "v1");
    scene.clock.advance(50 * 3_600_000);
    await tail(scene);
    scene.sandbox("a").purgeAudit(24);
    push(scene, "v2");
    expect(await tail(scene)).toEqual({ state: { kind: "read" }, continues: true });
    expect(await acts(scene)).toEqual(["push v1", "push v2"]);
  });

  test("a purge of everything, which was read just before, is no loss either", async () => {
    await using scene = await one();
    push(scene, "v1");
    scene.clock.advance(50 * 3_600_000);
    await tail(scene);
    scene.sandbox("a").purgeAudit(24);
    expect(await tail(scene)).toMatchObject({ state: { kind: "read" }, continues: true });
    expect(await acts(scene)).toEqual(["push v1"]);
  });

  test("entries purged before they were read are a gap: what was known before is forgotten", async () => {
    await using scene = await one();
    push(scene, "v1");
    await tail(scene);
    scene.clock.advance(2 * 3_600_000);
    push(scene, "v2");
    scene.clock.advance(2 * 3_600_000);
    scene.sandbox("a").purgeAudit(1);
    push(scene, "v3");
    const after = await tail(scene);
    expect([after.state.kind, after.forgot]).toEqual([
      "read",
      "has a gap: entries were removed from it before they were read",
    ]);
    expect(await acts(scene)).toEqual(["push v3"]);
    push(scene, "v4");
    expect(await tail(scene)).toEqual({ state: { kind: "read" }, continues: true });
  });

  test("where only some operations were purged, an older entry that is left is no backup", async () => {
    await using scene = await one();
    push(scene, "v1");
    scene.sandbox("a").deleteTag("team/app", "v1");
    scene.clock.advance(50 * 3_600_000);
    await tail(scene);
    scene.sandbox("a").purgeAudit(24, ["delete"]);
    expect(await tail(scene)).toEqual({ state: { kind: "read" }, continues: true });
  });

  test("an upgrade to 2.13, where a new log begins at 1, is no backup", async () => {
    await using scene = await one("2.14");
    push(scene, "v1", "v2");
    const old = { id: 900, at: 5, act: "push", repository: "team/app", tag: "old", username: "ann" } as const;
    await scene.store.audit.append("a", { lastId: 900, lastAt: 5 }, [old]);
    const port = scene.port("a");
    const frozen = {
      id: 900,
      at: 5,
      username: "ann",
      operation: "create",
      resource: "",
      resourceType: "",
      description: "",
    };
    const upgraded = {
      ...port,
      audit: (query: Parameters<typeof port.audit>[0]) =>
        query.frozen === true ? Promise.resolve([frozen]) : port.audit(query),
    };
    const source = { port: upgraded, audit: scene.store.audit, now: scene.clock.now(), administrator: true };
    const after = await tailAudit(source, new AbortController().signal);
    expect(after).toEqual({ state: { kind: "read" }, continues: false });
    expect(await acts(scene)).toEqual(["push v1", "push v2"]);
  });

  test("an entry that appears after a younger one is not missed", async () => {
    await using scene = await one();
    push(scene, "v1", "v2", "v3");
    const port = scene.port("a");
    const rows = await port.latestAudit(100);
    const late = rows[1];
    const early = { ...port, latestAudit: () => Promise.resolve(rows.filter((row) => row !== late)) };
    const source = { audit: scene.store.audit, now: scene.clock.now(), administrator: true };
    await tailAudit({ ...source, port: early }, new AbortController().signal);
    expect(await acts(scene)).toEqual(["push v1", "push v3"]);
    push(scene, "v4");
    await tail(scene);
    expect(await acts(scene)).toEqual(["push v1", "push v2", "push v3", "push v4"]);
  });
});
