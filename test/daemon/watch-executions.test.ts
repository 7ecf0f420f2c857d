import { expect, test } from "vitest";
import { watchExecutions } from "../../src/daemon/watch-executions.ts";
import { collectingLog } from "../support/collecting-log.ts";
import { Scene } from "../support/scene.ts";

const REPOSITORY = "library/app";

async function configured(): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, front: "memory" });
  await scene.pass();
  return scene;
}

/** Watches for a while; what happens at the n-th look is the test's. */
async function watched(scene: Scene, happenings: readonly (() => Promise<void> | void)[]): Promise<string[]> {
  const stop = new AbortController();
  const wishes: string[] = [];
  const watching = watchExecutions(
    {
      topologies: [scene.topology],
      portOf: (name) => scene.port(name),
      installation: "test",
      clock: scene.clock,
      log: collectingLog().log,
      wish: (_, reason) => wishes.push(reason),
    },
    stop.signal,
  );
  for (const happening of happenings) {
    await scene.clock.sleep(60_000);
    await happening();
  }
  await scene.clock.sleep(60_000);
  stop.abort();
  await watching;
  return wishes;
}

const nothing = (): void => undefined;

async function lostPush(scene: Scene, tag: string): Promise<void> {
  await scene.down("a");
  scene.sandbox("b").push(REPOSITORY, tag);
  await scene.clock.sleep(10_000);
  await scene.up("a");
}

test("an execution that dies without tasks is a wish for a pass, once", async () => {
  await using scene = await configured();
  const wishes = await watched(scene, [nothing, () => lostPush(scene, "1.0"), nothing, nothing]);
  expect(wishes.length).toBe(1);
  expect(wishes[0]).toContain("tidelock.east.b-to-a");
});

test("a later one is a wish again", async () => {
  await using scene = await configured();
  const wishes = await watched(scene, [
    nothing,
    () => lostPush(scene, "1.0"),
    nothing,
    () => lostPush(scene, "2.0"),
    nothing,
  ]);
  expect(wishes.length).toBe(2);
});

test("what died before the daemon began is not news: the pass at its start looks at everything", async () => {
  await using scene = await configured();
  await lostPush(scene, "1.0");
  expect(await watched(scene, [nothing, nothing])).toEqual([]);
});

test("executions that succeed are no reason for a pass", async () => {
  await using scene = await configured();
  const push = (): void => void scene.sandbox("b").push(REPOSITORY, "1.0");
  expect(await watched(scene, [nothing, push, nothing])).toEqual([]);
  expect(scene.sandbox("a").tags().get(REPOSITORY)?.has("1.0")).toBe(true);
});

test("a registry that does not answer ends no watch over the other", async () => {
  await using scene = await configured();
  const b = scene.sandbox("b");
  b.faults.fail(500, { path: "/replication/executions", from: "client" });
  const push = async (): Promise<void> => {
    await scene.down("b");
    scene.sandbox("a").push(REPOSITORY, "1.0");
    await scene.clock.sleep(10_000);
    await scene.up("b");
  };
  const wishes = await watched(scene, [nothing, push, nothing]);
  expect(wishes.length).toBe(1);
  expect(wishes[0]).toContain("tidelock.east.a-to-b");
});
