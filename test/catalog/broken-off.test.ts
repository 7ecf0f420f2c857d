import { setMaxListeners } from "node:events";
import { describe, expect, test } from "vitest";
import type { HarborPort } from "../../src/harbor/port.ts";
import type { ArtifactPage, ListedArtifact } from "../../src/observed/model.ts";
import { runPass } from "../../src/reconcile/pass.ts";
import type { PassReport } from "../../src/reconcile/report.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Spill } from "../../src/store/store.ts";
import { findings, LOOK, Scene } from "../support/scene.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const SIGNATURE = { digest: `sha256:${"1".repeat(64)}`, type: "signature.cosign", attachedAt: 0 };
/** More than is held in memory. */
const MANY: readonly ListedArtifact[] = [
  {
    id: 1,
    digest: `sha256:${"0".repeat(64)}`,
    repository: "fill0/repo0",
    tags: [{ name: "many", pushedAt: 0, immutable: false }],
    accessories: Array.from({ length: 200_001 }, () => SIGNATURE),
  },
];

async function filled(profile: ProfileName, projects: number): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: profile, b: profile }, front: "memory" });
  for (const name of ["a", "b"]) {
    scene.sandbox(name).fill({ projects, repositories: 2, tags: 2, prefix: "fill", seed: 3 });
  }
  await scene.rest();
  return scene;
}

type Pages = HarborPort["artifactPages"];

interface Broken {
  /** What takes the place of listings; undefined leaves one as it is. */
  readonly pages: (registry: string, ...about: Parameters<Pages>) => AsyncIterable<ArtifactPage> | undefined;
  readonly bendSpill?: (spill: Spill) => Partial<Spill>;
}

/** A look with listings of another kind; counts what is put aside on the disk and not removed again. */
function brokenLook(scene: Scene, { pages, bendSpill }: Broken) {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const open = new Set<Spill>();
  const spills = {
    open: async (): Promise<Spill> => {
      const spill = await scene.store.spills.open();
      const counted: Spill = {
        ...spill,
        put: (parts) => {
          open.add(counted);
          return spill.put(parts);
        },
        drop: () => {
          open.delete(counted);
          return spill.drop();
        },
        ...bendSpill?.(spill),
      };
      return counted;
    },
  };
  const portOf = (name: string): HarborPort => ({
    ...scene.port(name),
    artifactPages: (...about) => pages(name, ...about) ?? scene.port(name).artifactPages(...about),
  });
  const deps = { ...scene.deps(), portOf, store: { ...scene.store, spills } };
  const pass: Promise<PassReport> = runPass(scene.topology, deps, LOOK, stop.signal);
  return { pass, stop, open };
}

async function* many(): AsyncIterable<ArtifactPage> {
  await turn();
  yield { rows: MANY, lane: 0 };
}

async function* never(signal: AbortSignal | undefined): AsyncIterable<ArtifactPage> {
  await new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
  });
  yield { rows: [], lane: 0 };
}

describe("what waits on the disk is removed when a pass is stopped", () => {
  test("while the other side is still read", async () => {
    await using scene = await filled("2.12", 1);
    const { pass, stop, open } = brokenLook(scene, {
      pages: (registry, project, _, signal) =>
        project !== "fill0" ? undefined : registry === "a" ? many() : never(signal),
    });
    while (open.size === 0) await turn();
    await turn();
    stop.abort(new Error("stopped"));
    await expect(pass).rejects.toThrow("stopped");
    expect(open.size).toBe(0);
  });

  test("also what a listing of another repository brings after that", async () => {
    await using scene = await filled("2.9", 1);
    let begun = 0;
    async function* late(signal: AbortSignal | undefined): AsyncIterable<ArtifactPage> {
      begun += 1;
      await new Promise<void>((resolve) => {
        signal?.addEventListener("abort", () => resolve(), { once: true });
      });
      for (let i = 0; i < 50; i += 1) await turn();
      yield { rows: MANY, lane: 0 };
    }
    const { pass, stop, open } = brokenLook(scene, {
      pages: (registry, project, repository, signal) =>
        project !== "fill0" || registry !== "a"
          ? undefined
          : repository === "repo0"
            ? late(signal)
            : never(signal),
    });
    while (begun === 0) await turn();
    await turn();
    stop.abort(new Error("stopped"));
    await expect(pass).rejects.toThrow("stopped");
    for (let i = 0; i < 200; i += 1) await turn();
    expect(open.size).toBe(0);
  });
});

test("a project that can't be read back from the disk is unread, and the others are judged", async () => {
  await using scene = await filled("2.12", 3);
  await scene.pass({ configure: false });
  scene.sandbox("a").push("fill2/repo1", "extra");
  await scene.rest();
  const { pass, open } = brokenLook(scene, {
    pages: (registry, project) => (project === "fill0" && registry === "a" ? many() : undefined),
    bendSpill: () => ({ get: () => Promise.reject(new Error("the disk is broken")) }),
  });
  const report = await pass;
  expect(findings(report)).toEqual(["missing fill2/repo1:extra a>b"]);
  expect(report.content?.pairs[0]?.unread).toMatchObject([
    { subject: "fill0/**", error: { message: expect.stringContaining("the disk is broken") as string } },
  ]);
  expect(open.size).toBe(0);
});
