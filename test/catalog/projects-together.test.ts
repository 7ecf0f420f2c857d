import { describe, expect, test } from "vitest";
import { findings, Scene } from "../support/scene.ts";

async function fivePushed(): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.12", b: "2.12" } });
  for (const name of ["a", "b"]) {
    scene.sandbox(name).fill({ projects: 5, repositories: 2, tags: 5, prefix: "fill", seed: 3 });
  }
  await scene.rest();
  await scene.pass({ configure: false });
  for (let i = 0; i < 5; i += 1) scene.sandbox("a").push(`fill${i}/repo0`, "extra");
  await scene.rest();
  return scene;
}

const PAIR = { topology: "east", left: "a", right: "b" };
const isWarm = (scene: Scene, repository: string): Promise<boolean> =>
  scene.store.base.isWarm(PAIR, repository);

const GAPS = [0, 1, 2, 3, 4].map((i) => `missing fill${i}/repo0:extra a>b`);

describe("projects are compared side by side", () => {
  test("one that can't be read is unread, and the others are judged", async () => {
    await using scene = await fivePushed();
    scene.sandbox("b").faults.fail(500, { path: "/projects/fill1/artifacts" });
    const report = await scene.look();
    expect(findings(report)).toEqual(GAPS.filter((gap) => !gap.includes("fill1")));
    expect(report.content?.pairs[0]?.unread.map(({ subject }) => subject)).toEqual(["fill1/**"]);
    expect(await isWarm(scene, "fill1/repo0")).toBe(true);
    await scene.store.base.open(PAIR, "another fingerprint");
    await scene.look();
    // Whatever is only on one side of it later is not known to be new.
    expect(await isWarm(scene, "fill1/repo0")).toBe(false);
    expect(await isWarm(scene, "fill2/repo0")).toBe(true);
  });

  test("one that never answers does not keep the others from being read meanwhile", async () => {
    await using scene = await fivePushed();
    const b = scene.sandbox("b");
    b.faults.hang({ path: "/projects/fill0/artifacts" });
    b.requests.clear();
    const looking = scene.look();
    const listed = (): string[] =>
      b.requests.all().flatMap(({ target }) => /projects\/(fill\d)\/artifacts\?/.exec(target)?.[1] ?? []);
    while (new Set(listed()).size < 5) await new Promise((resolve) => setImmediate(resolve));
    // All were asked for while the first one hangs.
    b.faults.clear();
    const report = await looking;
    expect(findings(report).toSorted()).toEqual(GAPS);
  });

  test("what was proven about projects stays so when a pass is stopped at another one", async () => {
    await using scene = await Scene.create({ registries: { a: "2.12", b: "2.12" } });
    for (const name of ["a", "b"]) {
      scene.sandbox(name).fill({ projects: 6, repositories: 1, tags: 3, prefix: "fill", seed: 3 });
    }
    await scene.rest();
    const stop = new AbortController();
    const b = scene.sandbox("b");
    b.faults.hang({ path: "/projects/fill5/artifacts" });
    const stopped = scene.pass({ configure: false }, scene.topology, stop).catch((thrown: unknown) => thrown);
    const pair = { topology: "east", left: "a", right: "b" };
    const isDone = (): Promise<boolean> => scene.store.base.isWarm(pair, "fill4/repo0").catch(() => false);
    while (!(await isDone())) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error("stopped"));
    expect(await stopped).toMatchObject({ message: "stopped" });
    expect(await scene.store.base.isWarm(pair, "fill5/repo0")).toBe(false);
    const known = await scene.store.base.entries(pair, "fill4/repo0");
    expect([...known.keys()]).toEqual(["v0", "v1", "v2"]);
    b.faults.clear();
    expect((await scene.pass({ configure: false })).verdict).toBe("in-step");
  });
});
