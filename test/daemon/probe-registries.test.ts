import { describe, expect, test } from "vitest";
import { probeOnce, probeRegistries } from "../../src/daemon/probe-registries.ts";
import { collectingLog } from "../support/collecting-log.ts";
import { Scene } from "../support/scene.ts";

const LIMITS = { failAfter: 3, riseAfter: 2 };

async function probed(scene: Scene, lines: boolean[]): Promise<(string | undefined)[]> {
  const { signal } = new AbortController();
  const context = {
    outages: scene.store.outages,
    limits: LIMITS,
    clock: scene.clock,
    log: collectingLog().log,
  };
  const turns: (string | undefined)[] = [];
  for (const up of lines) {
    await (up ? scene.up("a") : scene.down("a"));
    turns.push(await probeOnce(context, scene.port("a"), signal));
    scene.clock.advance(10_000);
  }
  return turns;
}

describe("an outage as our own probe sees it", () => {
  test("begins after so many failures in a row and ends after so many answers in a row; it lasts from the last answer before to the end", async () => {
    await using scene = await Scene.create({ registries: { a: "2.9" }, front: "memory" });
    const begin = scene.clock.now();
    const turns = await probed(scene, [true, false, false, false, true, true]);
    expect(turns).toEqual([undefined, undefined, undefined, "down", undefined, "up"]);
    expect(await scene.store.outages.outages("a")).toEqual([{ from: begin, to: begin + 50_000 }]);
  });

  test("is none while failures never come in a row long enough", async () => {
    await using scene = await Scene.create({ registries: { a: "2.9" }, front: "memory" });
    const turns = await probed(scene, [true, false, false, true, false, false, true]);
    expect(turns.every((turn) => turn === undefined)).toBe(true);
    expect(await scene.store.outages.outages("a")).toEqual([]);
  });

  test("is one while a link flaps", async () => {
    await using scene = await Scene.create({ registries: { a: "2.9" }, front: "memory" });
    await probed(scene, [true, false, false, false, true, false, true, false, true, true]);
    expect((await scene.store.outages.outages("a")).length).toBe(1);
  });

  test("goes on over a restart of the daemon, since the store remembers it", async () => {
    await using scene = await Scene.create({ registries: { a: "2.9" }, front: "memory" });
    const begin = scene.clock.now();
    await probed(scene, [true, false, false, false]);
    expect(await scene.store.outages.outages("a")).toEqual([{ from: begin }]);
    await probed(scene, [true, true]);
    expect(await scene.store.outages.outages("a")).toEqual([{ from: begin, to: begin + 50_000 }]);
  });
});

test("each registry is probed on its own: one that is down keeps nobody from the others", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, front: "memory" });
  await scene.down("a");
  const turned: string[] = [];
  const stop = new AbortController();
  const { log } = collectingLog();
  const context = { outages: scene.store.outages, limits: LIMITS, clock: scene.clock, log };
  await probeRegistries(
    context,
    [scene.port("a"), scene.port("b")],
    10_000,
    (registry, to) => {
      turned.push(`${registry} ${to}`);
      if (to === "down") void scene.up("a");
      else stop.abort();
    },
    stop.signal,
  );
  expect(turned).toEqual(["a down", "a up"]);
  expect(await scene.store.outages.outages("b")).toEqual([]);
  expect((await scene.store.outages.reach("b"))?.up).toBe(true);
});
