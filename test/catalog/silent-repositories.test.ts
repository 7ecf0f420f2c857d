import { describe, expect, test } from "vitest";
import { RowBudget } from "../../src/catalog/project-rows.ts";
import { readProject, type ProjectReading } from "../../src/catalog/read-project.ts";
import { createHarborClient } from "../../src/harbor/client.ts";
import { selects } from "../../src/topology/selection.ts";
import { Scene } from "../support/scene.ts";

const REPOSITORIES = 60;

/** Reads a project of a Harbor that lists by repository, where nobody waits long for an answer. */
async function read(scene: Scene): Promise<Extract<ProjectReading, { kind: "read" }>> {
  const port = createHarborClient(scene.registry("a"), {
    clock: scene.clock,
    random: () => 0.5,
    environment: {},
    limits: { totalMs: 400, idleMs: 400 },
  });
  const part = {
    chosen: selects(scene.topology.content),
    place: { budget: new RowBudget(1e6), spills: scene.store.spills },
  };
  const reading = await readProject(port, "fill0", undefined, part, new AbortController().signal);
  port.close();
  if (reading.kind !== "read") throw new Error("the project could not be read");
  await reading.rows.close();
  return reading;
}

async function filled(): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  scene.sandbox("a").fill({ projects: 1, repositories: REPOSITORIES, tags: 1, seed: 1 });
  return scene;
}

const listed = (scene: Scene): number =>
  scene
    .sandbox("a")
    .requests.all()
    .filter(({ target }) => /artifacts\?/.test(target)).length;

describe("repositories that do not answer", () => {
  test("all of a project: it is given up after some, and what was not asked for is unread as well", async () => {
    await using scene = await filled();
    scene.sandbox("a").faults.hang({ path: "/artifacts?" });
    const { unread } = await read(scene);
    expect(unread.size).toBe(REPOSITORIES);
    expect(new Set([...unread.values()].map(({ code }) => code))).toEqual(new Set(["HARBOR_TIMEOUT"]));
    expect(listed(scene)).toBeLessThan(REPOSITORIES / 2);
  });

  test("some of them: all others are read", async () => {
    await using scene = await filled();
    const broken = Array.from({ length: 10 }, (_, i) => `repo${i * 6}`);
    scene.sandbox("a").faults.hang({ path: new RegExp(`/repositories/(${broken.join("|")})/artifacts\\?`) });
    const { unread, rows } = await read(scene);
    expect([...unread.keys()].toSorted()).toEqual(broken.map((name) => `fill0/${name}`).toSorted());
    expect([...rows.repositories()]).toHaveLength(REPOSITORIES - broken.length);
  });

  test("those that answer with a failure are no reason to give up", async () => {
    await using scene = await filled();
    scene.sandbox("a").faults.fail(403, { path: /\/repositories\/repo[1-5]\d?\/artifacts\?/ });
    const { rows } = await read(scene);
    expect([...rows.repositories()].map((name) => name.replace("fill0/repo", "")).toSorted()).toEqual([
      "0",
      "6",
      "7",
      "8",
      "9",
    ]);
  });
});
