import { describe, expect, test } from "vitest";
import { judgeHealth } from "../../src/cli/health-verdict.ts";
import type { PassReport } from "../../src/reconcile/report.ts";
import { Scene } from "../support/scene.ts";
import { configurationLines } from "../../src/cli/render/configuration.ts";

const PLAN = { compare: false, heal: false, dryRun: true };

/** A pair of which `a` lost its core `ms` after a push. */
async function broken(ms: number): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  await scene.pass();
  scene.sandbox("a").push("library/app", "v1");
  scene.clock.advance(ms);
  scene.world.catchUp();
  scene.sandbox("a").restart({ loseQueue: true });
  return scene;
}

/** A pass whose topology wants nothing of the first part of its flows any more. */
function narrowed(scene: Scene): Promise<PassReport> {
  const wanted = { ...scene.topology, kind: "master-slave" as const, registries: ["b", "a"] };
  return scene.pass({ compare: false, heal: false, prune: true }, wanted);
}

/** What became of the policy from a to b. */
function deleted(report: PassReport): string {
  const lines = configurationLines("east", report.configuration!);
  return lines.find((line) => line.includes("delete the replication policy")) ?? "";
}

async function policiesOfA(scene: Scene): Promise<string[]> {
  return (await scene.port("a").replicationPolicies()).map(
    ({ name, enabled, filters }) => `${name} ${enabled} ${filters.map(({ value }) => String(value)).join()}`,
  );
}

describe("an execution without tasks that Harbor never ends", () => {
  test("is named by plan, and by a comparison, and left alone", async () => {
    await using scene = await broken(10);
    await scene.rest();
    const [execution] = await scene.port("a").executions({ policyId: 1, limit: 1 });
    expect(execution).toMatchObject({ state: "running", total: 0 });
    const sentence = `execution ${execution!.id} hangs without tasks, and Harbor will not end it by itself for days`;
    expect((await scene.pass(PLAN)).warnings).toEqual([`a: tidelock.east.a-to-b: ${sentence}`]);
    const report = await scene.pass({ heal: false, dryRun: true });
    expect(report.content?.warnings).toContain(`a → b: ${sentence}`);
    expect(await scene.port("a").execution(execution!.id)).toMatchObject({ state: "running" });
  });

  test("is named by health, which is well otherwise", async () => {
    await using scene = await broken(10);
    await scene.rest();
    await scene.pass();
    const report = await scene.pass({ heal: false, dryRun: true });
    const seen = { healing: false, pause: undefined, now: scene.clock.now() };
    const health = judgeHealth(report, { warnSeconds: 300, criticalSeconds: 900 }, seen);
    expect(health.state).toBe("OK");
    expect(health.reason).toMatch(/^in step, 1 tags equal; a → b: execution \d+ hangs without tasks, /);
  });

  test("is stopped and named where it keeps a policy from being deleted", async () => {
    await using scene = await broken(10);
    await scene.rest();
    const [execution] = await scene.port("a").executions({ policyId: 1, limit: 1 });
    const report = await narrowed(scene);
    expect(deleted(report)).toMatch(
      new RegExp(
        `^  done: .* \\(execution ${execution!.id} hangs without tasks, .*: stopped, since it kept the policy\\)$`,
      ),
    );
    expect(await policiesOfA(scene)).toEqual([]);
  });

  test("is no zombie while it is young: the deletion waits, and nothing is stopped", async () => {
    await using scene = await broken(10);
    const report = await narrowed(scene);
    expect(deleted(report)).toContain("waiting: ");
    expect(deleted(report)).toMatch(/\(its executions are not over yet: \d+\)$/);
    expect(await scene.port("a").executions({ policyId: 1, limit: 1 })).toMatchObject([{ state: "running" }]);
    expect(await policiesOfA(scene)).toEqual(["tidelock.east.a-to-b true **,tidelock-rescue-*"]);
  });
});

describe("an execution whose tasks all ended, but that runs on", () => {
  test("is named, its policy is switched off and covers nothing until Harbor lets it go", async () => {
    await using scene = await broken(2000);
    await scene.rest();
    const [execution] = await scene.port("a").executions({ policyId: 1, limit: 1 });
    expect(execution).toMatchObject({ state: "running", total: 1, succeeded: 1 });
    const sentence = `execution ${execution!.id} counts as running though all its tasks ended`;
    expect((await scene.pass(PLAN)).warnings).toEqual([expect.stringContaining(sentence)]);
    expect(deleted(await narrowed(scene))).toContain(sentence);
    const left = ["tidelock.east.a-to-b false TIDELOCK/NOTHING"];
    expect(await policiesOfA(scene)).toEqual(left);

    const writes = scene.writes();
    expect(deleted(await narrowed(scene))).toContain("the policy is switched off and covers nothing");
    expect(await policiesOfA(scene)).toEqual(left);
    expect(scene.writes() - writes).toBeLessThanOrEqual(2);

    scene.clock.advance(8 * 24 * 3_600_000);
    scene.world.catchUp();
    expect(deleted(await narrowed(scene))).toContain("done: ");
    expect(await policiesOfA(scene)).toEqual([]);
  });

  test("does not keep the policy away for ever: declared again, it is switched on again", async () => {
    await using scene = await broken(2000);
    await scene.rest();
    await narrowed(scene);
    const report = await scene.pass();
    expect(report.configuration).toMatchObject({ settled: true });
    expect(await policiesOfA(scene)).toEqual(["tidelock.east.a-to-b true **,tidelock-rescue-*"]);
  });

  test("is not taken for one that Harbor has only not noticed yet", async () => {
    await using scene = await broken(2000);
    const [execution] = await scene.port("a").executions({ policyId: 1, limit: 1 });
    expect(execution).toMatchObject({ state: "running", total: 1, succeeded: 1 });
    expect((await scene.pass(PLAN)).warnings).toEqual([]);
    expect(deleted(await narrowed(scene))).toContain("its executions are not over yet");
    expect(await policiesOfA(scene)).toEqual(["tidelock.east.a-to-b true **,tidelock-rescue-*"]);
  });
});
