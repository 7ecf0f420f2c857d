import { describe, expect, test } from "vitest";
import { rescueTagOf } from "../../src/failback/displaced.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { Scene, tagsOf } from "../support/scene.ts";

const REPOSITORY = "team/app";
const TAG = `${REPOSITORY}:t`;
const PREVENTS_VULNERABLE = { prevent_vul: "true", severity: "high" };
const WANTS_NOTARY = { enable_content_trust: "true" };

/** Two masters; the project of b serves nothing that its deployment security forbids. */
async function guarded(
  profile: ProfileName,
  metadata: Readonly<Record<string, string>> = PREVENTS_VULNERABLE,
): Promise<Scene> {
  const scene = await Scene.create({
    registries: { a: profile, b: profile },
    heal: { remedy: "scoped", conflicts: { prefer: "a" } },
    front: "memory",
  });
  scene.sandbox("b").addScanner();
  scene.sandbox("b").createProject("team", { metadata });
  await scene.pass();
  return scene;
}

/** Pushed without being replicated. */
async function pushSilently(scene: Scene, name: string): Promise<string> {
  scene.sandbox(name).faults.loseNextEvents(1);
  scene.clock.advance(10_000);
  const digest = scene.sandbox(name).push(REPOSITORY, "t");
  await scene.rest();
  return digest;
}

describe.each(["2.1", "2.7", "2.14"] as const)(
  "a project that prevents vulnerable images on %s",
  (profile) => {
    test("gets what it lacks, though it serves nobody what was not scanned yet", async () => {
      await using scene = await guarded(profile);
      const digest = await pushSilently(scene, "a");
      const report = await scene.pass();
      expect(report.remedies).toMatchObject([{ result: "arrived", arrived: 1 }]);
      expect(tagsOf(scene.sandbox("b"))).toEqual({ [TAG]: digest });
      // Its bytes can't be verified, and Harbor says why.
      expect(report.warnings.join()).toContain("without vulnerability scanning");
      expect(report).toMatchObject({ verdict: "in-step", proven: true });
      expect(await scene.look()).toMatchObject({ verdict: "in-step", proven: true });
    });

    test("gets what wins a conflict; what it had is kept", async () => {
      await using scene = await guarded(profile);
      const onB = await pushSilently(scene, "b");
      scene.sandbox("b").scan(REPOSITORY, "t", "Low");
      const onA = await pushSilently(scene, "a");
      const report = await scene.pass();
      expect(report.remedies).toMatchObject([{ result: "arrived", arrived: 1 }]);
      expect(await scene.look()).toMatchObject({ verdict: "in-step", proven: true });
      const rescueTag = rescueTagOf(onB, "t");
      expect(tagsOf(scene.sandbox("b"))).toEqual({ [TAG]: onA, [`${REPOSITORY}:${rescueTag}`]: onB });
      expect(await scene.store.rescues.of("east")).toMatchObject([{ registry: "b", digest: onB, rescueTag }]);
    });
  },
);

test("a project that wants Notary's signatures gets what wins a conflict; a rescue tag needs none to be kept", async () => {
  await using scene = await guarded("2.7", WANTS_NOTARY);
  const onB = await pushSilently(scene, "b");
  scene.sandbox("b").signInNotary(REPOSITORY, "t");
  const onA = await pushSilently(scene, "a");
  const report = await scene.pass();
  expect(report.remedies).toMatchObject([{ result: "arrived", arrived: 1 }]);
  expect(await scene.look()).toMatchObject({ verdict: "in-step", proven: true });
  const rescueTag = rescueTagOf(onB, "t");
  expect(tagsOf(scene.sandbox("b"))).toEqual({ [TAG]: onA, [`${REPOSITORY}:${rescueTag}`]: onB });
  expect(await scene.store.rescues.of("east")).toMatchObject([{ registry: "b", digest: onB, rescueTag }]);
});

test("Harbor itself can't put anything over what a project refuses to serve; the rescue is listed all the same", async () => {
  await using scene = await guarded("2.14");
  const onB = await pushSilently(scene, "b");
  const onA = await pushSilently(scene, "a");
  const report = await scene.pass();
  expect(report).toMatchObject({ verdict: "not-in-step" });
  expect(report.remedies).toMatchObject([
    { result: "incomplete", reason: expect.stringContaining("status code: 412") as string },
  ]);
  const rescueTag = rescueTagOf(onB, "t");
  expect(tagsOf(scene.sandbox("b"))).toEqual({ [TAG]: onB, [`${REPOSITORY}:${rescueTag}`]: onB });
  expect(tagsOf(scene.sandbox("a"))).toEqual({ [TAG]: onA });
  expect(await scene.store.rescues.of("east")).toMatchObject([{ registry: "b", digest: onB, rescueTag }]);

  // Nothing changes before somebody does something, so it is not tried again at once.
  const again = await scene.pass();
  expect(again.remedies).toEqual([]);
  expect(again.warnings.join()).toContain("the deployment security of the target project");

  scene.sandbox("b").scan(REPOSITORY, "t", "clean");
  scene.clock.advance(3_600_000);
  expect((await scene.pass()).remedies).toMatchObject([{ result: "arrived" }]);
  expect(await scene.look()).toMatchObject({ verdict: "in-step", proven: true });
  expect(tagsOf(scene.sandbox("b"))).toEqual({ [TAG]: onA, [`${REPOSITORY}:${rescueTag}`]: onB });
});
