import { describe, expect, test } from "vitest";
import { workOf } from "../../src/failback/remedies.ts";
import type { PassReport } from "../../src/reconcile/report.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { findings, Scene, tagsOf } from "../support/scene.ts";

const REPOSITORY = "library/big";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A copy is begun in core, and a worker has taken it by then. */
const TAKEN_MS = 1_000;

/** m has an image that s lacks. */
async function lacking(profile: ProfileName = "2.14"): Promise<Scene> {
  const scene = await Scene.create({
    kind: "master-slave",
    registries: { m: profile, s: profile },
    heal: { remedy: "scoped" },
    topology: { trigger: { kind: "manual" } },
    front: "memory",
  });
  scene.sandbox("m").push(REPOSITORY, "v1");
  await scene.rest();
  return scene;
}

/** Calls back once, with the first request to m when so much time went by since its copy was started. */
function sinceStart(scene: Scene, ms: number, then: () => void): void {
  let startedAt: number | undefined;
  const off = scene.sandbox("m").onRequest(({ method, path }) => {
    if (method === "POST" && path.endsWith("/replication/executions")) startedAt ??= scene.clock.now();
    if (startedAt === undefined || scene.clock.now() - startedAt < ms) return;
    off();
    then();
  });
}

/** The copy rests as soon as a worker has taken it: its bytes take long. */
function restWhenTaken(scene: Scene): void {
  sinceStart(scene, TAKEN_MS, () => scene.sandbox("m").faults.pauseReplication());
}

function sent(scene: Scene, method: string, path: RegExp): number {
  const all = scene.sandbox("m").requests.all();
  return all.filter((one) => one.method === method && one.from === "client" && path.test(one.target)).length;
}

const starts = (scene: Scene): number => sent(scene, "POST", /\/replication\/executions$/);
const stops = (scene: Scene): number => sent(scene, "PUT", /\/replication\/executions\//);

async function temporaryPolicies(scene: Scene): Promise<number> {
  const policies = await scene.port("m").replicationPolicies();
  return policies.filter(({ name }) => name.includes(".heal-")).length;
}

async function failures(scene: Scene, { remedies: [outcome] }: PassReport): Promise<unknown> {
  if (outcome === undefined) throw new Error("something was to be healed");
  return scene.store.journal.failures("east", workOf(outcome.remedy));
}

describe.each(["2.1", "2.14"] as const)(
  "a copy that takes longer than the retries of Harbor, on %s,",
  (profile) => {
    test("is waited for, and not stopped", async () => {
      await using scene = await lacking(profile);
      restWhenTaken(scene);
      sinceStart(scene, 9 * MINUTE, () => scene.sandbox("m").faults.resumeReplication());
      const report = await scene.pass();
      expect(report.remedies.map(({ result }) => result)).toEqual(["arrived"]);
      expect(report).toMatchObject({ verdict: "in-step", proven: true });
      expect([starts(scene), stops(scene), await temporaryPolicies(scene)]).toEqual([1, 0, 0]);
    });

    test("and for hours is left to go on, told as still at work, and adopted by the next pass", async () => {
      await using scene = await lacking(profile);
      restWhenTaken(scene);
      const begun = scene.clock.now();
      const report = await scene.pass();
      expect(scene.clock.now() - begun).toBeLessThan(HOUR);
      expect(report.remedies).toMatchObject([
        { arrived: 0, reason: expect.stringContaining("still at work") as string },
      ]);
      expect(report.warnings.join()).toContain("still at work");
      expect(report).toMatchObject({ verdict: "not-in-step" });
      expect([starts(scene), stops(scene), await temporaryPolicies(scene)]).toEqual([1, 0, 1]);
      expect(await failures(scene, report)).toBeUndefined();

      scene.clock.advance(2 * HOUR);
      const since = scene.clock.now();
      const again = await scene.pass();
      expect(scene.clock.now() - since).toBeLessThan(3 * MINUTE);
      expect(again.remedies).toMatchObject([{ reason: expect.stringContaining("still at work") as string }]);
      expect([starts(scene), stops(scene), await temporaryPolicies(scene)]).toEqual([1, 0, 1]);
      expect(await failures(scene, again)).toBeUndefined();

      const off = scene.sandbox("m").onRequest(({ method, path }) => {
        if (method !== "GET" || !/\/replication\/executions\/\d+$/.test(path)) return;
        off();
        scene.sandbox("m").faults.resumeReplication();
      });
      const last = await scene.pass();
      expect(last.remedies.map(({ result }) => result)).toEqual(["arrived"]);
      expect(last).toMatchObject({ verdict: "in-step", proven: true });
      expect([starts(scene), stops(scene), await temporaryPolicies(scene)]).toEqual([1, 0, 0]);
      expect(tagsOf(scene.sandbox("s"))).toEqual(tagsOf(scene.sandbox("m")));
    });
  },
);

test("a copy that no worker takes hangs, is stopped, and counts as a failure", async () => {
  await using scene = await lacking();
  sinceStart(scene, 0, () => scene.sandbox("m").faults.pauseReplication());
  const report = await scene.pass();
  expect(report.remedies).toMatchObject([
    { result: "incomplete", reason: expect.stringContaining("hangs") as string },
  ]);
  expect([starts(scene), stops(scene), await temporaryPolicies(scene)]).toEqual([1, 1, 0]);
  expect(await failures(scene, report)).toMatchObject({ inARow: 1 });
});

test("a copy whose worker was lost is stopped after hours, and made anew", async () => {
  await using scene = await lacking();
  restWhenTaken(scene);
  await scene.pass();
  scene.clock.advance(7 * HOUR);
  const report = await scene.pass();
  expect(report.remedies).toMatchObject([
    { result: "incomplete", reason: expect.stringContaining("hangs") as string },
  ]);
  expect(stops(scene)).toBe(1);
  scene.sandbox("m").faults.resumeReplication();
  await scene.rest();
  expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
  expect([starts(scene), await temporaryPolicies(scene)]).toEqual([2, 0]);
});

/** A copy from a goes over a tag of b, rests while its pass gives up waiting, and somebody pushes to b meanwhile. */
async function leftOverwriting(): Promise<{ scene: Scene; pushed: string }> {
  const scene = await Scene.create({
    registries: { a: "2.14", b: "2.14" },
    heal: { remedy: "scoped" },
    topology: { trigger: { kind: "manual" } },
    front: "memory",
  });
  const [a, b] = [scene.sandbox("a"), scene.sandbox("b")];
  await scene.pass();
  a.push(REPOSITORY, "t");
  await scene.rest();
  await scene.pass();
  a.push(REPOSITORY, "t");
  await scene.rest();
  let taken = false;
  const off = a.onRequest(({ method, path }) => {
    if (taken || method !== "GET" || !/\/replication\/executions\/\d+$/.test(path)) return;
    taken = true;
    scene.clock.advance(TAKEN_MS);
    a.faults.pauseReplication();
  });
  const report = await scene.pass();
  off();
  expect(report.remedies).toMatchObject([{ reason: expect.stringContaining("still at work") as string }]);
  expect(await scene.store.overwrites.of("east")).toHaveLength(1);
  return { scene, pushed: b.push(REPOSITORY, "t") };
}

async function goesOn({ scene, pushed }: { scene: Scene; pushed: string }): Promise<void> {
  scene.sandbox("a").faults.resumeReplication();
  await scene.rest();
  expect(tagsOf(scene.sandbox("b"))[`${REPOSITORY}:t`]).not.toBe(pushed);
  expect(findings(await scene.pass())).toContain(`displaced ${REPOSITORY}:t`);
  expect(Object.values(tagsOf(scene.sandbox("b")))).toContain(pushed);
  expect(await scene.store.overwrites.of("east")).toEqual([]);
}

describe("what a copy overwrites after it was left to go on", () => {
  test("is read back by the next pass", async () => {
    const left = await leftOverwriting();
    await using _ = left.scene;
    await goesOn(left);
  });

  test("is read back once it is over, also where passes went by meanwhile", async () => {
    const left = await leftOverwriting();
    await using _ = left.scene;
    for (let pass = 0; pass < 2; pass += 1) {
      await left.scene.pass();
      expect(await left.scene.store.overwrites.of("east")).toHaveLength(1);
    }
    await goesOn(left);
  });
});
