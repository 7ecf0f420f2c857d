import { expect, test } from "vitest";
import { findings, Scene, tagsOf } from "../support/scene.ts";

const REPOSITORY = "library/app";

/** b is behind on a tag, its copy is begun, and right after our last look a person pushes to b; then `trouble` keeps us from reading back. */
async function overtaken(trouble: (scene: Scene) => void): Promise<{ scene: Scene; pushed: string }> {
  const scene = await Scene.create({
    registries: { a: "2.7", b: "2.7" },
    heal: { remedy: "scoped" },
    front: "memory",
    topology: { trigger: { kind: "manual" } },
  });
  scene.sandbox("a").push(REPOSITORY, "t");
  await scene.pass();
  await scene.rest();
  await scene.pass();
  scene.sandbox("a").push(REPOSITORY, "t");
  await scene.rest();
  let pushed = "";
  const off = scene.sandbox("a").onRequest(({ method, path }) => {
    if (pushed !== "" || method !== "POST" || !path.endsWith("/replication/executions")) return;
    pushed = scene.sandbox("b").push(REPOSITORY, "t");
    trouble(scene);
  });
  await scene.pass().catch(() => undefined);
  off();
  expect(pushed).not.toBe("");
  return { scene, pushed };
}

async function keptByTheNextPass(scene: Scene, pushed: string): Promise<void> {
  await scene.rest();
  // The copy did go over it.
  expect(tagsOf(scene.sandbox("b"))[`${REPOSITORY}:t`]).not.toBe(pushed);
  const next = await scene.pass();
  expect(findings(next)).toContain(`displaced ${REPOSITORY}:t`);
  expect(next.verdict).toBe("not-in-step");
  expect(Object.values(tagsOf(scene.sandbox("b")))).toContain(pushed);
  expect(await scene.store.rescues.of("east")).toMatchObject([{ registry: "b", tag: "t", digest: pushed }]);
  expect(await scene.store.overwrites.of("east")).toEqual([]);
  const last = await scene.pass();
  expect(findings(last)).not.toContain(`displaced ${REPOSITORY}:t`);
}

test("what could not be read back, since the registry failed, is kept by the next pass", async () => {
  const { scene, pushed } = await overtaken((one) => {
    one.sandbox("b").faults.fail(500, { path: /\/artifacts/, from: "client" });
  });
  await using _ = scene;
  scene.sandbox("b").faults.clear();
  await keptByTheNextPass(scene, pushed);
});

test("so is what a run did not read back that was killed while it watched the copy", async () => {
  const alive: (() => void)[] = [];
  const { scene, pushed } = await overtaken((one) => {
    let left = 3;
    for (const name of ["a", "b"]) {
      const off = one.sandbox(name).onRequest(() => {
        left -= 1;
        if (left <= 0) throw new Error("killed");
      });
      alive.push(off);
    }
  });
  await using _ = scene;
  for (const off of alive) off();
  scene.renew();
  await keptByTheNextPass(scene, pushed);
});

test("nothing is left to be read back where nothing was overwritten, or all of it was read", async () => {
  const { scene } = await overtaken(() => undefined);
  await using _ = scene;
  expect(await scene.store.overwrites.of("east")).toEqual([]);
});
