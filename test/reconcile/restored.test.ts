import { describe, expect, test } from "vitest";
import { rescueTagOf } from "../../src/failback/displaced.ts";
import type { HealSettings } from "../../src/topology/model.ts";
import { findings, Scene, tagsOf } from "../support/scene.ts";

const REPOSITORY = "library/app";
const TAG = `${REPOSITORY}:t`;

interface Echo {
  readonly scene: Scene;
  readonly older: string;
  readonly lost: string;
}

/**
 * Both agreed on what a person pushed to a; the next push of a person reached both sides, or only a, and then replication brought the older image back.
 * Replication pulls under the name of the job service, people push as `dev`, and Tidelock is `tidelock`.
 */
async function echoed(reached: "both" | "a", regressions: HealSettings["regressions"]): Promise<Echo> {
  const scene = await Scene.create({
    registries: { a: "2.14", b: "2.14" },
    heal: { regressions, remedy: "scoped" },
    topology: { trigger: { kind: "manual" } },
    front: "memory",
  });
  for (const name of ["a", "b"]) {
    scene.sandbox(name).addUser("tidelock", "secret", true);
    scene.sandbox(name).addUser("dev", "secret", true);
    scene.login(name, { username: "tidelock", password: "secret" });
  }
  await scene.pass();
  const older = scene.sandbox("a").push(REPOSITORY, "t", { seed: "older", as: "dev" });
  scene.sandbox("a").push(REPOSITORY, "other", { as: "dev" });
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  const lost = scene.sandbox("a").push(REPOSITORY, "t", { as: "dev" });
  await scene.rest();
  if (reached === "both") expect((await scene.pass()).verdict).toBe("in-step");
  for (const name of ["a", "b"]) {
    if (tagsOf(scene.sandbox(name))[TAG] !== older)
      scene.sandbox(name).push(REPOSITORY, "t", { seed: "older", as: "harbor-jobservice" });
  }
  await scene.rest();
  return { scene, older, lost };
}

function ends(scene: Scene): unknown {
  return ["a", "b"].map((name) => tagsOf(scene.sandbox(name))[TAG]);
}

describe.each(["both", "a"] as const)("a stale echo over a push that reached %s", (reached) => {
  test("is reported, and repaired only where that is declared", async () => {
    const { scene, older } = await echoed(reached, "report");
    await using _ = scene;
    const writes = scene.writes();
    for (let pass = 0; pass < 2; pass += 1) {
      const report = await scene.pass();
      expect(findings(report)).toEqual([`regressed ${TAG}`]);
      expect(report).toMatchObject({ verdict: "not-in-step", remedies: [] });
    }
    expect([ends(scene), scene.writes()]).toEqual([[older, older], writes]);
  });

  test("is repaired from wherever the lost image is kept, and the older one is kept too", async () => {
    const { scene, older, lost } = await echoed(reached, "repair");
    await using _ = scene;
    const report = await scene.pass();
    expect(report.remedies).toMatchObject([{ remedy: { kind: "restore" }, result: "arrived" }]);
    expect(ends(scene)).toEqual([lost, lost]);
    for (const name of ["a", "b"]) {
      expect(tagsOf(scene.sandbox(name))[`${REPOSITORY}:${rescueTagOf(older, "t")}`]).toBe(older);
    }
    await scene.rest();
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true, remedies: [] });
    expect(ends(scene)).toEqual([lost, lost]);
  });

  test("is left as it is where nobody keeps the lost image, and that is said", async () => {
    const { scene, older, lost } = await echoed(reached, "repair");
    await using _ = scene;
    for (const name of reached === "both" ? ["a", "b"] : ["a"]) {
      scene.sandbox(name).deleteArtifact(REPOSITORY, lost);
    }
    const report = await scene.pass();
    expect(report.remedies).toMatchObject([
      { result: "incomplete", reason: expect.stringContaining("no registry keeps the lost image") as string },
    ]);
    expect([ends(scene), report.verdict]).toEqual([[older, older], "not-in-step"]);
  });
});

test("a tag that moves before it is put back is left alone", async () => {
  const { scene } = await echoed("both", "repair");
  await using _ = scene;
  let newer = "";
  const off = scene.sandbox("a").onRequest(({ method, path }) => {
    if (method !== "POST" || !path.endsWith("/tags")) return;
    off();
    newer = scene.sandbox("a").push(REPOSITORY, "t", { as: "dev" });
  });
  await scene.pass();
  expect(await scene.store.overwrites.of("east")).toEqual([]);
  await scene.rest();
  expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
  expect(newer).not.toBe("");
  expect(ends(scene)).toEqual([newer, newer]);
});

test("a push between our last look and our own write is not lost with it", async () => {
  const { scene, lost } = await echoed("both", "repair");
  await using _ = scene;
  let newer = "";
  const off = scene.sandbox("a").onRequest(({ method, path }) => {
    if (method !== "PUT" || !path.endsWith("/manifests/t")) return;
    off();
    newer = scene.sandbox("a").push(REPOSITORY, "t", { as: "dev" });
  });
  const report = await scene.pass();
  expect(newer).not.toBe("");
  expect(findings(report)).toContain(`displaced ${TAG}`);
  expect(report.remedies).toContainEqual(
    expect.objectContaining({ displaced: [expect.objectContaining({ registry: "a", digest: newer })] }),
  );
  expect(await scene.store.rescues.of("east")).toContainEqual(
    expect.objectContaining({ registry: "a", tag: "t", digest: newer, displaced: true }),
  );
  expect(await scene.store.overwrites.of("east")).toEqual([]);
  await scene.rest();
  expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
  // Once both held what was restored, the later push goes its usual way.
  expect(ends(scene)).toEqual([newer, newer]);
  expect(newer).not.toBe(lost);
});

test("a write that a registry refuses leaves nothing to be read back", async () => {
  const { scene } = await echoed("both", "repair");
  await using _ = scene;
  scene.sandbox("a").faults.fail(412, { method: "PUT", path: /\/manifests\/t$/ });
  expect((await scene.pass()).remedies).toMatchObject([{ remedy: { kind: "restore" }, arrived: 0 }]);
  expect(await scene.store.overwrites.of("east")).toEqual([]);
});

test("what a write displaced whose answer was lost is kept by the next pass", async () => {
  const { scene } = await echoed("both", "repair");
  await using _ = scene;
  let newer = "";
  const a = scene.sandbox("a");
  a.faults.reset({ method: "PUT", path: "/manifests/t", from: "client", times: 1, applied: true });
  const off = a.onRequest(({ method, path }) => {
    if (method !== "PUT" || !path.endsWith("/manifests/t")) return;
    off();
    newer = a.push(REPOSITORY, "t", { as: "dev" });
  });
  const first = await scene.pass();
  expect(newer).not.toBe("");
  const next = await scene.pass();
  expect([...findings(first), ...findings(next)]).toContain(`displaced ${TAG}`);
  expect(Object.values(tagsOf(a))).toContain(newer);
  expect(await scene.store.overwrites.of("east")).toEqual([]);
});

describe("deletions", () => {
  async function deleted(tags: readonly string[]): Promise<Scene> {
    const scene = await Scene.create({
      registries: { a: "2.14", b: "2.14" },
      heal: { deletions: "replay" },
      front: "memory",
    });
    for (const name of ["a", "b"]) {
      scene.sandbox(name).addUser("tidelock", "secret", true);
      scene.sandbox(name).addUser("dev", "secret", true);
      scene.login(name, { username: "tidelock", password: "secret" });
    }
    await scene.pass();
    for (const tag of [...tags, "other"]) scene.sandbox("a").push(REPOSITORY, tag, { as: "dev" });
    await scene.rest();
    expect((await scene.pass()).verdict).toBe("in-step");
    for (const tag of tags) scene.sandbox("b").deleteTag(REPOSITORY, tag, "dev");
    await scene.rest();
    return scene;
  }

  test("of a person are replayed, and the next pass writes nothing", async () => {
    await using scene = await deleted(["t", "u"]);
    const report = await scene.pass();
    expect(report).toMatchObject({ verdict: "in-step", proven: true });
    expect(report.remedies).toMatchObject([{ remedy: { kind: "delete" }, result: "arrived", arrived: 2 }]);
    expect(Object.keys(tagsOf(scene.sandbox("a")))).toEqual([`${REPOSITORY}:other`]);
    const writes = scene.writes();
    await scene.rest();
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", remedies: [] });
    expect(scene.writes()).toBe(writes);
  });

  test("are not replayed over a push that comes in between, and the others are", async () => {
    await using scene = await deleted(["t", "u"]);
    const a = scene.sandbox("a");
    let newer = "";
    const off = a.onRequest(({ method, path }) => {
      if (method !== "DELETE" || !path.endsWith("/t")) return;
      off();
      newer = a.push(REPOSITORY, "t", { as: "dev" });
    });
    const report = await scene.pass();
    expect(newer).not.toBe("");
    expect(report.remedies).toMatchObject([{ result: "outdated", arrived: 1 }]);
    expect(tagsOf(a)).toMatchObject({ [TAG]: newer });
    expect(tagsOf(a)).not.toHaveProperty([`${REPOSITORY}:u`]);
    await scene.rest();
    await scene.pass();
    expect(ends(scene)).toEqual([newer, newer]);
  });

  test("that Harbor refuses for one tag are made for the others", async () => {
    await using scene = await deleted(["t", "u"]);
    scene.sandbox("a").faults.fail(412, { method: "DELETE", path: /\/tags\/t$/ });
    const report = await scene.pass();
    expect(report.remedies).toMatchObject([{ result: "incomplete", arrived: 1 }]);
    expect(Object.keys(tagsOf(scene.sandbox("a")))).toEqual([`${REPOSITORY}:other`, TAG]);
  });

  test("of a tag that came back on the side where it was deleted are not replayed", async () => {
    await using scene = await deleted(["t"]);
    const b = scene.sandbox("b");
    let newer = "";
    const off = b.onRequest(({ method, path }) => {
      if (newer !== "" || method !== "GET" || !path.endsWith("/artifacts/t")) return;
      off();
      newer = b.push(REPOSITORY, "t", { as: "dev" });
    });
    await scene.pass();
    await scene.rest();
    await scene.pass();
    expect(newer).not.toBe("");
    expect(ends(scene)).toEqual([newer, newer]);
  });
});
