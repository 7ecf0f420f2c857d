import { expect, test } from "vitest";
import { startDaemon, type Daemon } from "../../src/daemon/daemon.ts";
import type { PassReport } from "../../src/reconcile/report.ts";
import { collectingLog } from "../support/collecting-log.ts";
import { declaredCluster } from "../support/declared-cluster.ts";
import { Scene, tagsOf } from "../support/scene.ts";

/** Enough that a request of a pass is answered while the loops beside it sleep for a second. */
const TURNS = 50;

interface Running {
  readonly scene: Scene;
  readonly daemon: Daemon;
  /** Reasons and verdicts of the passes so far. */
  readonly passes: string[];
  readonly until: (done: () => boolean | Promise<boolean>) => Promise<void>;
}

/** A daemon whose schedule never comes, so that only probes and executions move it. */
function running(scene: Scene): Running {
  const passes: string[] = [];
  const { settings } = scene.deps().declared;
  const daemon = startDaemon({
    topologies: [scene.topology],
    settings: { ...settings, schedule: "0 0 0 29 2 *" },
    portOf: (name) => scene.port(name),
    outages: scene.store.outages,
    installation: "test",
    clock: scene.clock,
    log: collectingLog().log,
    pass: async (_, reason) => {
      const report: PassReport = await scene.pass();
      passes.push(`${reason}: ${report.verdict}`);
    },
  });
  const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
    for (let i = 0; i < 2_000 && !(await done()); i += 1) await scene.clock.sleep(1_000);
    expect(await done()).toBe(true);
  };
  return { scene, daemon, passes, until };
}

test("an outage is noticed, recorded, and its gap healed as soon as the registry is back, without anybody asking", async () => {
  await using scene = await Scene.create({
    registries: { a: "2.9", b: "2.14" },
    front: "memory",
    turns: TURNS,
  });
  const { daemon, passes, until } = running(scene);
  await until(() => passes.length > 0);
  const [a, b] = [scene.sandbox("a"), scene.sandbox("b")];
  a.push("library/app", "1.0");
  await until(() => b.tags().get("library/app")?.has("1.0") === true);
  await scene.down("a");
  await until(async () => (await scene.store.outages.outages("a")).length === 1);
  b.push("library/app", "2.0");
  b.push("library/app", "1.0");
  await scene.clock.sleep(60_000);
  expect(a.tags().get("library/app")?.has("2.0")).toBe(false);
  await scene.up("a");
  await until(() => passes.includes("a is back: in-step"));
  expect(tagsOf(a)).toEqual(tagsOf(b));
  const [outage] = await scene.store.outages.outages("a");
  expect(outage?.to).toBeGreaterThan(outage?.from ?? Infinity);
  await daemon.stop();
});

test("an outage too short for the probe is found by the execution that died of it", async () => {
  await using scene = await Scene.create({
    registries: { a: "2.9", b: "2.9" },
    front: "memory",
    turns: TURNS,
  });
  const { daemon, passes, until } = running(scene);
  await until(() => passes.length > 0);
  // The first look at executions only remembers what is there.
  await scene.clock.sleep(60_000);
  await scene.down("a");
  scene.sandbox("b").push("library/app", "1.0");
  await scene.clock.sleep(2_000);
  await scene.up("a");
  await until(() => passes.some((pass) => pass.startsWith("an execution of tidelock.east.b-to-a")));
  expect(scene.sandbox("a").tags().get("library/app")?.has("1.0")).toBe(true);
  expect(await scene.store.outages.outages("a")).toEqual([]);
  await daemon.stop();
});

test("stop ends after the pass at work, and nothing is asked of a registry any more", async () => {
  await using scene = await Scene.create({
    registries: { a: "2.9", b: "2.9" },
    front: "memory",
    turns: TURNS,
  });
  const { daemon, passes } = running(scene);
  await daemon.stop();
  expect(passes).toEqual(["start: in-step"]);
  const before = scene.sandbox("a").requests.total();
  await scene.clock.sleep(600_000);
  expect(scene.sandbox("a").requests.total()).toBe(before);
});

const NO_DAY = "0 0 0 30 2 *";

test.each([
  ["the schedule of passes", NO_DAY, declaredCluster()],
  ["that of a cluster's probes", "0 0 0 29 2 *", declaredCluster({ small: NO_DAY })],
])("where %s can't be kept nothing is begun at all, so the process may end", async (_, schedule, cluster) => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, front: "memory" });
  const { settings } = scene.deps().declared;
  const begun: string[] = [];
  const start = (): Daemon =>
    startDaemon({
      topologies: [scene.topology],
      settings: { ...settings, schedule },
      portOf: (name) => scene.port(name),
      outages: scene.store.outages,
      installation: "test",
      clock: scene.clock,
      log: collectingLog().log,
      pass: (_topology, reason) => Promise.resolve(void begun.push(reason)),
      shared: {
        clusters: [declaredCluster(), cluster],
        probe: (_topology, form) => Promise.resolve(void begun.push(form)),
      },
    });
  expect(start).toThrow(/impossible day/);
  const before = scene.sandbox("a").requests.total();
  await scene.clock.sleep(600_000);
  expect([begun, scene.sandbox("a").requests.total()]).toEqual([[], before]);
});
