import { describe, expect, test } from "vitest";
import type { Decision } from "../../src/failback/decision.ts";
import { isHealPolicyName } from "../../src/desired/names.ts";
import { Scene, tagsOf } from "../support/scene.ts";

const REPOSITORY = "library/app";
const TAG = `${REPOSITORY}:t`;

interface Story {
  readonly scene: Scene;
  /** Every digest that was acknowledged and may not lose its last tag. */
  readonly acknowledged: readonly string[];
  /** What both sides hold in the end. */
  readonly end: string | undefined;
}

/** Both sides moved the tag, and one of them is preferred. */
async function overwriting(): Promise<Story> {
  const scene = await Scene.create({
    registries: { a: "2.9", b: "2.9" },
    heal: { remedy: "scoped", conflicts: { prefer: "a" } },
    front: "memory",
  });
  await scene.pass();
  scene.sandbox("a").push(REPOSITORY, "t");
  await scene.rest();
  await scene.pass();
  const [winner = "", loser = ""] = ["a", "b"].map((name) => {
    scene.sandbox(name).faults.loseNextEvents(1);
    return scene.sandbox(name).push(REPOSITORY, "t");
  });
  await scene.rest();
  return { scene, acknowledged: [winner, loser], end: winner };
}

/** The tag was deleted on b, and a person accepted that. */
async function deleting(): Promise<Story> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, front: "memory" });
  await scene.pass();
  const kept = scene.sandbox("a").push(REPOSITORY, "other");
  const gone = scene.sandbox("a").push(REPOSITORY, "t");
  await scene.rest();
  await scene.pass();
  scene.sandbox("b").deleteTag(REPOSITORY, "t");
  await scene.rest();
  const decision: Decision = {
    topology: "east",
    left: "a",
    right: "b",
    repository: REPOSITORY,
    tag: "t",
    choice: "accept-deletion",
    at: scene.clock.now(),
    leftDigest: gone,
  };
  await scene.store.decisions.put(decision);
  scene.clock.advance(10);
  return { scene, acknowledged: [kept], end: undefined };
}

/** Runs a pass that ends at the n-th request that writes; false when it was over before. */
async function killedAt(scene: Scene, nth: number): Promise<boolean> {
  const process = new AbortController();
  let writes = 0;
  const offs = ["a", "b"].map((name) =>
    scene.sandbox(name).onRequest(({ method, path }) => {
      if (method === "GET" || method === "HEAD" || path.endsWith("/registries/ping")) return;
      writes += 1;
      if (writes === nth) process.abort(new Error("killed"));
    }),
  );
  const died = await scene.pass({}, scene.topology, process).then(
    () => false,
    () => true,
  );
  for (const off of offs) off();
  // A new process has new connections.
  scene.renew();
  return died;
}

describe.each([
  ["that rescues and overwrites", overwriting, 4],
  ["that deletes", deleting, 1],
] as const)("a pass %s, killed at any of its writes,", (_, prepare, writes) => {
  test("is completed by the next ones, and nothing acknowledged is lost", async () => {
    let nth = 1;
    for (; ; nth += 1) {
      const { scene, acknowledged, end } = await prepare();
      await using __ = scene;
      const died = await killedAt(scene, nth);
      const tagged = (): string[] => ["a", "b"].flatMap((name) => Object.values(tagsOf(scene.sandbox(name))));
      expect(tagged()).toEqual(expect.arrayContaining([...acknowledged]));
      await scene.rest();
      await scene.pass();
      await scene.rest();
      expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
      expect(["a", "b"].map((name) => tagsOf(scene.sandbox(name))[TAG])).toEqual([end, end]);
      expect(tagged()).toEqual(expect.arrayContaining([...acknowledged]));
      for (const name of ["a", "b"]) {
        const policies = await scene.port(name).replicationPolicies();
        expect(policies.filter((one) => !one.enabled || isHealPolicyName(one.name))).toEqual([]);
      }
      if (!died) break;
    }
    expect(nth).toBeGreaterThan(writes);
  });
});
