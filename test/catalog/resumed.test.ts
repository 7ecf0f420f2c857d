import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setMaxListeners } from "node:events";
import { expect, test } from "vitest";
import { runPass } from "../../src/reconcile/pass.ts";
import { openStore } from "../../src/store/embedded/open.ts";
import type { Store } from "../../src/store/store.ts";
import { findings, LOOK, Scene } from "../support/scene.ts";

const PROJECTS = 8;
const PAIR = { topology: "east", left: "a", right: "b" };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function filled(): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.12", b: "2.12" }, front: "memory" });
  for (const name of ["a", "b"]) {
    scene.sandbox(name).fill({ projects: PROJECTS, repositories: 3, tags: 40, tagsPerArtifact: 4, seed: 3 });
  }
  scene.sandbox("a").push("fill2/repo1", "lacking");
  await scene.rest();
  return scene;
}

function opened(path: string): Promise<Store> {
  return openStore({ path, isAlive: () => false, warn: () => undefined });
}

/** Looks from a store, and tells of which repositories it read what is remembered of their tags. */
function look(scene: Scene, store: Store, signal: AbortSignal) {
  const read: string[] = [];
  const base = {
    ...store.base,
    entries: (...about: Parameters<Store["base"]["entries"]>) => {
      read.push(about[1]);
      return store.base.entries(...about);
    },
  };
  const pass = runPass(scene.topology, { ...scene.deps(), store: { ...store, base } }, LOOK, signal);
  return { pass, read };
}

/** What was asked about artifacts and their tags. */
function askedOf(scene: Scene): string[] {
  const asked = ["a", "b"].flatMap((name) => scene.sandbox(name).requests.all());
  return asked.map(({ target }) => target).filter((target) => /\/(artifacts|manifests)\b/.test(target));
}

test("a comparison that was killed goes on where it was: what it had settled is listed, not judged again, and nothing is lost", async () => {
  await using scene = await filled();
  const folder = await mkdtemp(join(tmpdir(), "resumed-"));
  const path = join(folder, "store.db");
  const [dying, killed] = [new AbortController(), await opened(path)];
  setMaxListeners(0, dying.signal);
  scene.sandbox("b").faults.hang({ path: "/projects/fill6/artifacts", times: 1 });
  const first = look(scene, killed, dying.signal);
  const abandoned = first.pass.catch((thrown: unknown) => thrown);
  const isDone = async (project: string): Promise<boolean> =>
    await killed.base.isWarm(PAIR, `${project}/repo0`).catch(() => false);
  while (!(await isDone("fill5")) || !(await isDone("fill7"))) await turn();

  // Nothing of the first process is closed, written or waited for.
  scene.renew();
  for (const name of ["a", "b"]) scene.sandbox(name).requests.clear();
  const store = await opened(path);
  const second = look(scene, store, new AbortController().signal);
  const report = await second.pass;
  expect(findings(report)).toEqual(["unproven fill2/repo1:lacking a>b"]);
  expect(report.content?.pairs).toMatchObject([
    { tags: PROJECTS * 120 + 1, inStep: PROJECTS * 120, unread: [] },
  ]);
  expect(second.read.toSorted()).toEqual(["fill2/repo1", "fill6/repo0", "fill6/repo1", "fill6/repo2"]);

  // Nothing more is asked than by a pass that follows one which was not killed.
  const resumed = askedOf(scene);
  for (const name of ["a", "b"]) scene.sandbox(name).requests.clear();
  const third = look(scene, store, new AbortController().signal);
  expect((await third.pass).content?.pairs).toMatchObject([{ inStep: PROJECTS * 120 }]);
  expect(third.read).toEqual(["fill2/repo1"]);
  expect(resumed).toEqual(askedOf(scene));

  dying.abort(new Error("killed"));
  await abandoned;
  await Promise.all([killed.close(), store.close()]);
  await rm(folder, { recursive: true });
});
