import { describe, expect, test } from "vitest";
import { findingsOf, type PassReport } from "../../src/reconcile/report.ts";
import { digestOf } from "../../src/sandbox/blob-store.ts";
import type { Request } from "../../src/sandbox/exchange.ts";
import { imageOf } from "../../src/sandbox/image.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { RemedyChoice, ReplicatedTopology } from "../../src/topology/model.ts";
import { ACCOUNTS, findings, Scene, tagsOf } from "../support/scene.ts";

const REPOSITORY = "library/app";
const TAG = `${REPOSITORY}:t`;

const isStart = ({ method, path }: Request): boolean =>
  method === "POST" && path.endsWith("/replication/executions");
const isPut = ({ method, path }: Request): boolean => method === "PUT" && path.includes("/manifests/");

/** Both agreed on an image; a's next push of it is not told to b, and has settled. */
async function behind(
  remedy: RemedyChoice,
  trigger: ReplicatedTopology["trigger"]["kind"] = "event",
  profile: ProfileName = "2.14",
): Promise<{ scene: Scene; pushed: string }> {
  const scene = await Scene.create({
    registries: { a: profile, b: profile },
    heal: { remedy },
    front: "memory",
    topology: { trigger: trigger === "event" ? { kind: "event" } : { kind: "manual" } },
  });
  await scene.pass();
  scene.sandbox("a").push(REPOSITORY, "t");
  scene.sandbox("a").push(REPOSITORY, "other");
  await scene.rest();
  await scene.pass();
  if (trigger === "event") scene.sandbox("a").faults.loseNextEvents(1);
  const pushed = scene.sandbox("a").push(REPOSITORY, "t");
  await scene.rest();
  return { scene, pushed };
}

/** Pushes to `where` when a is asked for what `when` says; gives the digest afterwards. */
function pushOn(scene: Scene, where: string, when: (request: Request) => boolean): () => string {
  let digest = "";
  const off = scene.sandbox("a").onRequest((request) => {
    if (digest !== "" || !when(request)) return;
    off();
    digest = scene.sandbox(where).push(REPOSITORY, "t");
  });
  return () => {
    expect(digest).not.toBe("");
    return digest;
  };
}

/** A pass that meets the race, and two more. */
async function threePasses(scene: Scene): Promise<PassReport[]> {
  const reports = [await scene.pass()];
  while (reports.length < 3) {
    await scene.rest();
    reports.push(await scene.pass());
  }
  return reports;
}

function displacedIn(reports: readonly PassReport[]): string[] {
  return reports.flatMap(({ content }) =>
    findingsOf(content)
      .filter(({ kind }) => kind === "displaced")
      .map(({ reason }) => reason),
  );
}

function ends(scene: Scene): unknown {
  return ["a", "b"].map((name) => tagsOf(scene.sandbox(name))[TAG]);
}

describe.each(["2.7", "2.14"] as const)("a push after our last look, on %s,", (profile) => {
  test("to the target of a temporary policy is kept, put back and carried on", async () => {
    const { scene } = await behind("scoped", "manual", profile);
    await using _ = scene;
    const pushed = pushOn(scene, "b", isStart);
    const reports = await threePasses(scene);
    expect(ends(scene)).toEqual([pushed(), pushed()]);
    expect(displacedIn(reports)).toEqual([expect.stringContaining(`${pushed()} was overtaken`)]);
    expect(await scene.store.rescues.of("east")).toMatchObject([
      { registry: "b", tag: "t", digest: pushed() },
    ]);
    expect(reports.at(-1)).toMatchObject({ verdict: "in-step", proven: true });
  });

  test("to the source of a touch is kept, put back and carried on", async () => {
    const { scene } = await behind("touch", "event", profile);
    await using _ = scene;
    const pushed = pushOn(scene, "a", isPut);
    const reports = await threePasses(scene);
    expect(ends(scene)).toEqual([pushed(), pushed()]);
    expect(displacedIn(reports)).toEqual([expect.stringContaining(`${pushed()} was overtaken`)]);
    expect(await scene.store.rescues.of("east")).toMatchObject([
      { registry: "a", tag: "t", digest: pushed() },
    ]);
    expect(reports.at(-1)).toMatchObject({ verdict: "in-step", proven: true, remedies: [] });
  });
});

describe("a push to the source of a touch", () => {
  test("is kept, put back and carried on where the answer to our write was lost", async () => {
    const { scene } = await behind("touch");
    await using _ = scene;
    const pushed = pushOn(scene, "a", isPut);
    scene
      .sandbox("a")
      .faults.reset({ method: "PUT", path: "/manifests/", from: "client", times: 1, applied: true });
    const reports = await threePasses(scene);
    expect(displacedIn(reports)).toEqual([expect.stringContaining(`${pushed()} was overtaken`)]);
    expect(await scene.store.rescues.of("east")).toMatchObject([
      { registry: "a", tag: "t", digest: pushed() },
    ]);
    expect(ends(scene)).toEqual([pushed(), pushed()]);
    expect(reports.at(-1)).toMatchObject({ verdict: "in-step", proven: true });
  });

  test("is kept, put back and carried on where the tag could not be read after our write", async () => {
    const { scene } = await behind("touch");
    await using _ = scene;
    const a = scene.sandbox("a");
    const pushed = pushOn(scene, "a", (request) => {
      if (!isPut(request)) return false;
      a.faults.fail(500, { method: "GET", path: /\/artifacts\/t/, from: "client", times: 2 });
      return true;
    });
    const reports = await threePasses(scene);
    expect(displacedIn(reports)).toEqual([expect.stringContaining(`${pushed()} was overtaken`)]);
    expect(ends(scene)).toEqual([pushed(), pushed()]);
    expect(reports.at(-1)).toMatchObject({ verdict: "in-step", proven: true });
  });

  test("is none where our write was refused, and nothing is left to be read back", async () => {
    const { scene } = await behind("touch");
    await using _ = scene;
    scene.sandbox("a").faults.fail(412, { method: "PUT", path: "/manifests/", from: "client" });
    const reports = await threePasses(scene);
    expect(displacedIn(reports)).toEqual([]);
    expect(reports.at(-1)).toMatchObject({ verdict: "in-step", proven: true });
    expect(await scene.store.overwrites.of("east")).toEqual([]);
  });
});

test("a push over the tag to which a displaced one is being put back is kept too", async () => {
  const { scene } = await behind("scoped", "manual");
  await using _ = scene;
  const pushed = pushOn(scene, "b", isStart);
  let newer = "";
  const b = scene.sandbox("b");
  const off = b.onRequest((request) => {
    if (!isPut(request) || !request.path.endsWith("/t")) return;
    // Our copy comes by a PUT too; what is put back is the first after it.
    if (tagsOf(b)[TAG] !== tagsOf(scene.sandbox("a"))[TAG]) return;
    off();
    newer = b.push(REPOSITORY, "t");
  });
  const reports = await threePasses(scene);
  expect(newer).not.toBe("");
  expect(displacedIn(reports)).toEqual(
    expect.arrayContaining([
      expect.stringContaining(`${pushed()} was overtaken`),
      expect.stringContaining(`${newer} was overtaken`),
    ]),
  );
  expect(Object.values(tagsOf(b))).toContain(newer);
  expect(await scene.store.overwrites.of("east")).toEqual([]);
});

describe("a push to the target whose event crosses our copy", () => {
  test.each([
    ["scoped", isStart],
    ["touch", isPut],
  ] as const)("ends under its tag on both sides (%s)", async (remedy, when) => {
    const { scene } = await behind(remedy);
    await using _ = scene;
    const pushed = pushOn(scene, "b", when);
    const reports = await threePasses(scene);
    expect(ends(scene)).toEqual([pushed(), pushed()]);
    expect(reports.at(-1)).toMatchObject({ verdict: "in-step", proven: true, remedies: [] });
  });
});

describe("what may only look displaced", () => {
  test("is kept but not put back where no log tells what it was", async () => {
    const { scene, pushed: ours } = await behind("scoped", "manual");
    await using _ = scene;
    const off = scene.sandbox("a").onRequest((request) => {
      if (isStart(request)) scene.sandbox("b").faults.loseNextEvents(1);
    });
    const pushed = pushOn(scene, "b", isStart);
    const reports = [await scene.pass()];
    off();
    expect(ends(scene)).toEqual([ours, ours]);
    expect(displacedIn(reports)).toEqual([expect.stringContaining("it is kept on b as")]);
    expect(Object.values(tagsOf(scene.sandbox("b")))).toContain(pushed());
    expect(reports).toMatchObject([{ verdict: "not-in-step" }]);
  });

  test("is left alone where it is a part of an index that is pushed meanwhile", async () => {
    const { scene, pushed } = await behind("scoped", "manual");
    await using _ = scene;
    const part = digestOf(imageOf({}, "part").manifest);
    let came = false;
    scene.sandbox("a").onRequest((request) => {
      if (came || !isStart(request)) return;
      came = true;
      scene.sandbox("b").push(REPOSITORY, part, { seed: "part" });
    });
    const reports = await threePasses(scene);
    expect(came).toBe(true);
    expect(displacedIn(reports)).toEqual([]);
    expect(ends(scene)).toEqual([pushed, pushed]);
    expect((await scene.port("b").artifact(REPOSITORY, part))?.tags).toEqual([]);
  });
});

/** Three images of a person, one after the other, each on both sides; the last one only on a. */
async function threeImages(): Promise<Scene> {
  const scene = await Scene.create({
    registries: { a: "2.14", b: "2.14" },
    heal: { remedy: "scoped" },
    front: "memory",
    topology: { trigger: { kind: "manual" } },
    separateAccounts: true,
  });
  await scene.pass();
  for (const seed of ["first", "second", "third"]) {
    expect((await scene.pass()).verdict).toBe("in-step");
    scene.sandbox("a").push(REPOSITORY, "t", { seed });
    await scene.rest();
  }
  return scene;
}

test("a roll-back to an image that had lost its tag is kept, put back and carried on like any other push", async () => {
  await using scene = await threeImages();
  let first = "";
  const off = scene.sandbox("a").onRequest((request) => {
    if (first !== "" || !isStart(request)) return;
    off();
    first = scene.sandbox("b").push(REPOSITORY, "t", { seed: "first" });
  });
  const reports = await threePasses(scene);
  expect(displacedIn(reports)).toEqual([expect.stringContaining(`${first} was overtaken`)]);
  expect(ends(scene)).toEqual([first, first]);
  expect(reports.at(-1)).toMatchObject({ verdict: "in-step", proven: true });
});

test("what was put back is missed when a late copy takes it away again", async () => {
  await using scene = await threeImages();
  const pushed = pushOn(scene, "b", isStart);
  expect((await threePasses(scene)).at(-1)).toMatchObject({ verdict: "in-step", proven: true });
  expect(ends(scene)).toEqual([pushed(), pushed()]);
  scene.clock.advance(60_000);
  for (const name of ["a", "b"]) {
    scene.sandbox(name).push(REPOSITORY, "t", { seed: "third", as: ACCOUNTS.replication });
  }
  await scene.rest();
  expect(findings(await scene.pass())).toEqual([`regressed ${TAG}`]);
});
