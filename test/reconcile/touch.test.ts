import { describe, expect, test } from "vitest";
import type { NewReplicationPolicy } from "../../src/observed/model.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { RemedyChoice } from "../../src/topology/model.ts";
import { Scene, tagsOf } from "../support/scene.ts";

interface Behind {
  readonly profile?: ProfileName;
  readonly remedy?: RemedyChoice;
  /** How many tags of a new repository b lacks. */
  readonly count?: number;
}

/** Both in step; then the events of some pushes to a are lost, and settle. */
async function behind({ profile = "2.12", remedy = "auto", count = 3 }: Behind = {}): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: profile, b: profile }, heal: { remedy } });
  await scene.pass();
  scene.sandbox("a").faults.loseNextEvents(count);
  for (let i = 0; i < count; i += 1) scene.sandbox("a").push("library/app", `v${i}`);
  await scene.rest();
  return scene;
}

const isPolicies = ({ method, target }: { method: string; target: string }): boolean =>
  method === "POST" && target.includes("/replication/policies");

/** Which ways were gone on a: manifests that were put, and temporary policies that were made. */
function ways(scene: Scene): { puts: number; temporary: number } {
  const all = scene.sandbox("a").requests.all();
  const puts = all.filter(
    ({ method, target, from }) => method === "PUT" && target.includes("/manifests/") && from === "client",
  );
  return { puts: puts.length, temporary: all.filter(isPolicies).length - 1 };
}

async function foreignPolicy(scene: Scene, more: Partial<NewReplicationPolicy>): Promise<void> {
  const [ours] = await scene.port("a").replicationPolicies();
  if (ours === undefined) throw new Error("the pass made it");
  const { id, createdAt, ...rest } = ours;
  expect([id, createdAt]).toBeDefined();
  await scene.port("a").createReplicationPolicy({ ...rest, name: "theirs", description: "", ...more });
}

const FOREIGN_POLICY = 1;

async function healed(scene: Scene): Promise<void> {
  expect(await scene.pass({ configure: false })).toMatchObject({ verdict: "in-step", proven: true });
  expect(tagsOf(scene.sandbox("b"))).toEqual(tagsOf(scene.sandbox("a")));
}

describe.each(["2.1", "2.7", "2.16"] as const)("a few missing tags on %s", (profile) => {
  test("are brought by Harbor's own event policy, and nothing is made for it", async () => {
    await using scene = await behind({ profile });
    await healed(scene);
    expect(ways(scene)).toEqual({ puts: 3, temporary: 0 });
    const writes = scene.writes();
    await scene.rest();
    await healed(scene);
    expect(scene.writes()).toBe(writes);
  });
});

describe("touch is not used", () => {
  test("for many tags at once, unless it is asked for", async () => {
    await using scene = await behind({ count: 11 });
    await healed(scene);
    expect(ways(scene)).toEqual({ puts: 0, temporary: 1 });
    await using asked = await behind({ count: 11, remedy: "touch" });
    await healed(asked);
    expect(ways(asked)).toEqual({ puts: 11, temporary: 0 });
  });

  test.each(["auto", "touch"] as const)(
    "where somebody else's event policy takes the tags too (%s)",
    async (remedy) => {
      await using scene = await behind({ remedy });
      await foreignPolicy(scene, {});
      await healed(scene);
      expect(ways(scene)).toEqual({ puts: 0, temporary: 1 + FOREIGN_POLICY });
    },
  );

  test("but is where that policy is switched off, manual, or about other tags", async () => {
    await using scene = await behind();
    await foreignPolicy(scene, { name: "off", enabled: false });
    await foreignPolicy(scene, { name: "manual", trigger: { kind: "manual", cron: "" } });
    await foreignPolicy(scene, { name: "other", filters: [{ kind: "tag", value: "w*", excludes: false }] });
    await healed(scene);
    expect(ways(scene)).toEqual({ puts: 3, temporary: 3 * FOREIGN_POLICY });
  });

  test("where Harbor copies by schedule or by hand only", async () => {
    await using scene = await Scene.create({
      registries: { a: "2.9", b: "2.9" },
      topology: { trigger: { kind: "manual" } },
    });
    await scene.pass();
    scene.sandbox("a").push("library/app", "v1");
    await scene.rest();
    await healed(scene);
    expect(ways(scene)).toEqual({ puts: 0, temporary: 1 });
  });
});

describe("what a touch can't bring is brought by a temporary policy", () => {
  test("where the account may not push to the source", async () => {
    await using scene = await behind();
    scene.sandbox("a").faults.fail(403, { method: "PUT", path: "/manifests/", from: "client" });
    await healed(scene);
    expect(ways(scene)).toEqual({ puts: 1, temporary: 1 });
  });

  test("where the tags of the source are immutable", async () => {
    await using scene = await behind();
    const { url, adminPassword } = scene.sandbox("a");
    const answer = await fetch(`${url}/api/v2.0/projects/library/immutabletagrules`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Basic ${Buffer.from(`admin:${adminPassword}`).toString("base64")}`,
      },
      body: JSON.stringify({
        tag_selectors: [{ kind: "doublestar", decoration: "matches", pattern: "**" }],
        scope_selectors: { repository: [{ kind: "doublestar", decoration: "repoMatches", pattern: "**" }] },
      }),
    });
    expect(answer.status).toBe(201);
    await healed(scene);
    expect(ways(scene).temporary).toBe(1);
  });

  test("where the event of the touch is lost too", async () => {
    await using scene = await behind({ count: 1 });
    scene.sandbox("a").faults.loseNextEvents(1);
    await healed(scene);
    expect(ways(scene)).toEqual({ puts: 1, temporary: 1 });
  });
});

test("an index is touched whole", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.14" } });
  await scene.pass();
  scene.sandbox("a").faults.loseNextEvents(3);
  scene.sandbox("a").pushIndex("library/multi", "v1", ["amd64", "arm64"]);
  await scene.rest();
  await healed(scene);
  expect(ways(scene)).toEqual({ puts: 1, temporary: 0 });
});

test("a tag that moves between our look and our PUT is not touched back unseen: nothing of it is lost", async () => {
  await using scene = await behind({ count: 1 });
  const a = scene.sandbox("a");
  let newer = "";
  const off = a.onRequest(({ method, path }) => {
    if (newer !== "" || method !== "GET" || !path.includes("/v2/library/app/manifests/")) return;
    off();
    newer = a.push("library/app", "v0");
  });
  await scene.pass({ configure: false });
  await scene.rest();
  await scene.pass({ configure: false });
  expect(newer).not.toBe("");
  expect([tagsOf(a), tagsOf(scene.sandbox("b"))]).toEqual([
    { "library/app:v0": newer },
    { "library/app:v0": newer },
  ]);
});
