import { expect, test } from "vitest";
import { tailAudit, type AuditTail } from "../../src/observed/tail-audit.ts";
import type { HarborPort } from "../../src/harbor/port.ts";
import { Scene } from "../support/scene.ts";

async function tail(
  scene: Scene,
  leavesGaps: boolean,
  port: HarborPort = scene.port("a"),
): Promise<AuditTail> {
  const source = { port, audit: scene.store.audit, now: scene.clock.now(), administrator: true, leavesGaps };
  return await tailAudit(source, new AbortController().signal);
}

async function one(profile: "2.9" | "2.14" = "2.9"): Promise<Scene> {
  return await Scene.create({ registries: { a: profile }, front: "memory" });
}

function push(scene: Scene, tag: string): void {
  scene.sandbox("a").push("team/app", tag);
  scene.clock.advance(1_000);
  scene.world.catchUp();
}

/** What is kept of the log. */
async function kept(scene: Scene): Promise<unknown> {
  return [await scene.store.audit.mark("a"), await scene.store.audit.facts("a", "team/app")];
}

const LEFT = { state: { kind: "read" }, continues: false };

test("a log that goes on is read on, whoever reads it", async () => {
  await using scene = await one();
  push(scene, "v1");
  await tail(scene, false);
  push(scene, "v2");
  expect(await tail(scene, true)).toMatchObject({ continues: true });
  expect(await scene.store.audit.facts("a", "team/app")).toHaveLength(2);
});

test("one that was never read is not begun, and nothing is asked", async () => {
  await using scene = await one();
  push(scene, "v1");
  const before = scene.port("a").requestCount();
  expect(await tail(scene, true)).toEqual(LEFT);
  expect(scene.port("a").requestCount()).toBe(before);
  expect(await kept(scene)).toEqual([undefined, []]);
});

test("a gap is left to the next reading, which tells it", async () => {
  await using scene = await one();
  push(scene, "v1");
  await tail(scene, false);
  scene.clock.advance(2 * 3_600_000);
  push(scene, "v2");
  scene.clock.advance(2 * 3_600_000);
  scene.sandbox("a").purgeAudit(1);
  push(scene, "v3");
  const before = await kept(scene);
  for (let i = 0; i < 2; i += 1) expect(await tail(scene, true)).toEqual(LEFT);
  expect(await kept(scene)).toEqual(before);
  expect((await tail(scene, false)).forgot).toMatch(/^has a gap/);
  expect(await tail(scene, true)).toMatchObject({ continues: true });
});

test("so is the log that an upgrade to 2.13 began", async () => {
  await using scene = await one("2.14");
  push(scene, "v1");
  const old = { id: 900, at: 5, username: "ann", operation: "create" };
  await scene.store.audit.append("a", { lastId: 900, lastAt: 5 }, []);
  const port = scene.port("a");
  const entry = { ...old, resource: "", resourceType: "", description: "" };
  const upgraded = {
    ...port,
    audit: (query: Parameters<typeof port.audit>[0]) =>
      query.frozen === true ? Promise.resolve([entry]) : port.audit(query),
  };
  expect(await tail(scene, true, upgraded)).toEqual(LEFT);
  expect(await scene.store.audit.mark("a")).toEqual({ lastId: 900, lastAt: 5 });
  await tail(scene, false, upgraded);
  expect(await scene.store.audit.facts("a", "team/app")).toHaveLength(1);
});
