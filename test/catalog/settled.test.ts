import { describe, expect, test } from "vitest";
import type { HarborPort } from "../../src/harbor/port.ts";
import type { ArtifactPage } from "../../src/observed/model.ts";
import { runPass } from "../../src/reconcile/pass.ts";
import { findings, LOOK, Scene } from "../support/scene.ts";

const PAIR = { topology: "east", left: "a", right: "b" };

async function settled(): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.12", b: "2.12" }, front: "memory" });
  for (const name of ["a", "b"]) {
    scene.sandbox(name).fill({ projects: 2, repositories: 2, tags: 4, prefix: "fill", seed: 3 });
  }
  await scene.rest();
  await scene.pass({ configure: false });
  return scene;
}

describe("a repository that is settled", () => {
  test("is judged without reading what is remembered of it, and as before", async () => {
    await using scene = await settled();
    const { base } = scene.store;
    const read: string[] = [];
    const entries = base.entries.bind(base);
    base.entries = (pair, repository) => {
      read.push(repository);
      return entries(pair, repository);
    };
    expect(await scene.look()).toMatchObject({
      verdict: "in-step",
      content: { pairs: [{ tags: 16, inStep: 16 }] },
    });
    expect(read).toEqual([]);
    scene.sandbox("a").push("fill1/repo0", "new");
    await scene.rest();
    expect(findings(await scene.look())).toEqual(["missing fill1/repo0:new a>b"]);
    expect(read).toEqual(["fill1/repo0"]);
  });

  test.each(["moved", "deleted", "pushed again after a deletion"])("sees a tag that was %s", async (what) => {
    await using scene = await settled();
    const a = scene.sandbox("a");
    const before = (await scene.store.base.settled(PAIR, "fill0/repo0")).print;
    expect(before).not.toBe("");
    if (what !== "moved") a.deleteTag("fill0/repo0", "v1");
    if (what !== "deleted") a.push("fill0/repo0", "v1");
    await scene.rest();
    const found = findings(await scene.look());
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^(stale|deleted) fill0\/repo0:v1/);
    expect((await scene.store.base.settled(PAIR, "fill0/repo0")).print).toBe("");
  });

  test("is none while a tag is listed twice, so that each is counted once", async () => {
    await using scene = await settled();
    await scene.store.base.open(PAIR, "another fingerprint");
    async function* twice(pages: AsyncIterable<ArtifactPage>): AsyncIterable<ArtifactPage> {
      for await (const { rows, lane } of pages) yield { rows: [...rows, ...rows], lane };
    }
    const portOf = (name: string): HarborPort => {
      const port = scene.port(name);
      return { ...port, artifactPages: (...about) => twice(port.artifactPages(...about)) };
    };
    for (let i = 0; i < 2; i += 1) {
      const report = await runPass(
        scene.topology,
        { ...scene.deps(), portOf },
        LOOK,
        new AbortController().signal,
      );
      expect(report).toMatchObject({ verdict: "in-step", content: { pairs: [{ tags: 16, inStep: 16 }] } });
    }
  });

  test("is so no more when somebody accepts that a side is older, or declares something else", async () => {
    await using scene = await settled();
    await scene.store.memory.accept("a");
    expect((await scene.store.base.settled(PAIR, "fill0/repo0")).print).toBe("");
    await scene.pass({ configure: false });
    expect((await scene.store.base.settled(PAIR, "fill0/repo0")).print).not.toBe("");
    await scene.store.base.open(PAIR, "another fingerprint");
    expect((await scene.store.base.settled(PAIR, "fill0/repo0")).print).toBe("");
  });

  test("is not settled by who read before somebody else wrote", async () => {
    await using scene = await settled();
    const { base } = scene.store;
    const { turn } = await base.settled(PAIR, "fill0/repo0");
    await base.write(PAIR, [{ repository: "fill0/repo0", tag: "v1" }]);
    await base.write(PAIR, [], { repository: "fill0/repo0", print: "from before", turn });
    expect((await base.settled(PAIR, "fill0/repo0")).print).toBe("");
    const now = await base.settled(PAIR, "fill0/repo0");
    await base.write(PAIR, [], { repository: "fill0/repo0", print: "from now", turn: now.turn });
    expect((await base.settled(PAIR, "fill0/repo0")).print).toBe("from now");
  });
});
