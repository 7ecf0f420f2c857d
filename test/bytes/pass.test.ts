import { afterEach, describe, expect, test } from "vitest";
import { contentJson, contentLines } from "../../src/cli/render/content.ts";
import { AppError } from "../../src/errors.ts";
import { findingsOf, unreadOf, type PassReport } from "../../src/reconcile/report.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { findings, LOOK, Scene, tagsOf, type SceneOptions } from "../support/scene.ts";
import { named, REPOSITORY } from "./world.ts";

const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene[Symbol.asyncDispose]();
});

const BYTES = { bytesShare: 1 };

/** Two registries in step: `v1` and `same` of one image, and an index. */
async function inStep(
  left: ProfileName,
  right: ProfileName,
  more: Partial<SceneOptions> = {},
): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: left, b: right }, front: "memory", ...more });
  scenes.push(scene);
  for (const name of ["a", "b"]) {
    const sandbox = scene.sandbox(name);
    sandbox.push(REPOSITORY, "v1", { seed: "x", layers: 2 });
    sandbox.push(REPOSITORY, "same", { seed: "x", layers: 2 });
    sandbox.pushIndex("pair/multi", "all", ["amd64", "arm64"], { seed: "y" });
  }
  await scene.rest();
  const first = await scene.pass();
  expect(first.verdict).toBe("in-step");
  await scene.rest();
  return scene;
}

const [, layer = ""] = named("x", { layers: 2 }).layers;

function linesOf({ topology, content, finishedAt }: PassReport): string {
  return content === undefined ? "" : contentLines(topology, content, finishedAt).join("\n");
}

describe.each([
  ["2.1", "2.9"],
  ["2.9", "2.14"],
  ["2.14", "2.1"],
] as const)("registries %s and %s of which the right one lost a layer", (left, right) => {
  test("look in step until bytes are read; then it is named, repaired, and proven", async () => {
    const scene = await inStep(left, right, { front: "http" });
    const tags = tagsOf(scene.sandbox("b"));
    scene.sandbox("b").loseBlob(layer);
    expect((await scene.look()).verdict).toBe("in-step");

    const seen = await scene.pass({ ...LOOK, ...BYTES });
    expect(seen.verdict).toBe("not-in-step");
    expect(findings(seen)).toEqual([`unservable ${REPOSITORY}:same a>b`, `unservable ${REPOSITORY}:v1 a>b`]);
    expect(findingsOf(seen.content)[0]?.reason).toBe(
      `b does not serve it: layer ${layer} of 64 bytes is missing; a serves it`,
    );
    expect(linesOf(seen)).toContain(
      "not in step, 1 of 3 tags equal; 2 unservable (depth bytes: all, 2 images of 3 tags read",
    );
    expect(linesOf(seen)).toContain(`> ${REPOSITORY}:v1  unservable`);

    const healed = await scene.pass(BYTES);
    expect(healed.remedies).toMatchObject([
      { remedy: { kind: "copy", from: "a", to: "b" }, result: "arrived", arrived: 2 },
    ]);
    expect(healed).toMatchObject({ verdict: "in-step", proven: true });
    expect(tagsOf(scene.sandbox("b"))).toEqual(tags);
    await scene.rest();
    const writes = scene.writes();
    expect((await scene.pass(BYTES)).verdict).toBe("in-step");
    expect(scene.writes()).toBe(writes);
  });
});

describe("at depth bytes", () => {
  test("a lost image of an index and a lost manifest come back too, from whichever side has them", async () => {
    const scene = await inStep("2.9", "2.14");
    const multi = scene.sandbox("a").tags().get("pair/multi")?.get("all") ?? "";
    const bytes = (await scene.distribution("a").manifest("pair/multi", multi))?.bytes ?? new Uint8Array();
    const { manifests } = JSON.parse(Buffer.from(bytes).toString()) as { manifests: { digest: string }[] };
    scene.sandbox("a").loseBlob(manifests[1]?.digest ?? "");
    scene.sandbox("b").loseBlob(named("x", { layers: 2 }).digest);
    const seen = await scene.pass({ ...LOOK, ...BYTES });
    expect(findings(seen)).toEqual([
      `unservable ${REPOSITORY}:same a>b`,
      `unservable ${REPOSITORY}:v1 a>b`,
      "unservable pair/multi:all b>a",
    ]);
    const healed = await scene.pass(BYTES);
    expect(healed).toMatchObject({ verdict: "in-step", proven: true });
    expect(healed.remedies.map(({ remedy, result }) => [remedy.kind, remedy.to, result]).toSorted()).toEqual([
      ["copy", "a", "arrived"],
      ["copy", "b", "arrived"],
    ]);
  });

  test("what neither side serves, or what a damaged file blocks, is left to a person", async () => {
    const scene = await inStep("2.9", "2.9");
    const [first = ""] = named("x", { layers: 2 }).layers;
    scene.sandbox("a").loseBlob(layer);
    scene.sandbox("b").loseBlob(first);
    const both = await scene.pass(BYTES);
    expect(findings(both)).toEqual([`unservable ${REPOSITORY}:same`, `unservable ${REPOSITORY}:v1`]);
    expect(findingsOf(both.content)[0]?.reason).toMatch(
      /^neither side serves it: on a layer .+ on b layer .+push the image again$/,
    );
    expect(both.remedies).toEqual([]);
    scene.sandbox("a").push(REPOSITORY, "v1", { seed: "x", layers: 2 });
    scene.sandbox("b").push(REPOSITORY, "v1", { seed: "x", layers: 2 });
    scene.sandbox("b").damageBlob(first, Buffer.from("short"));
    await scene.rest();
    const damaged = await scene.pass(BYTES);
    expect(findings(damaged)).toEqual([`unservable ${REPOSITORY}:same`, `unservable ${REPOSITORY}:v1`]);
    expect(findingsOf(damaged.content)[0]?.reason).toContain("remove it from the storage, then heal");
    expect(damaged.remedies).toEqual([]);
    scene.sandbox("b").loseBlob(first);
    expect(await scene.pass(BYTES)).toMatchObject({ verdict: "in-step", proven: true });
  });

  test("what can't be read is unread, and neither in step nor a finding", async () => {
    const scene = await inStep("2.9", "2.9");
    scene.sandbox("b").faults.fail(502, { path: /\/blobs\//, method: "GET" });
    const seen = await scene.pass({ ...LOOK, ...BYTES });
    expect(findings(seen)).toEqual([]);
    expect(
      unreadOf(seen.content)
        .map(({ registry, subject }) => `${registry} ${subject}`)
        .toSorted(),
    ).toEqual([`b ${REPOSITORY}`, "b pair/multi"]);
    expect(seen.verdict).toBe("not-in-step");
  });

  test("a sample is read, another one each day, and each verdict says how much it saw", async () => {
    const scene = await inStep("2.9", "2.9");
    for (let at = 0; at < 20; at += 1) {
      for (const name of ["a", "b"]) scene.sandbox(name).push("pair/many", `t${at}`, { seed: `many ${at}` });
    }
    await scene.rest();
    const lost = named("many 7").layers[0] ?? "";
    scene.sandbox("b").loseBlob(lost);
    let images = 0;
    const found: string[] = [];
    for (let day = 0; day < 4; day += 1) {
      const seen = await scene.pass({ ...LOOK, bytesShare: 0.25 });
      const { sampled, depth } = seen.content === undefined ? {} : contentJson("east", seen.content);
      expect(depth).toBe("bytes");
      images += (sampled as { images: number }).images;
      expect(linesOf(seen)).toContain("depth bytes: a sample of 25 %");
      found.push(...findings(seen));
      scene.clock.advance(24 * 3_600_000);
    }
    expect(images).toBe(22);
    expect(found).toEqual(["unservable pair/many:t7 a>b"]);
    const look = await scene.look();
    expect(look.content === undefined ? {} : contentJson("east", look.content)).toMatchObject({
      depth: "digest",
      sampled: null,
    });
  });

  test("a slave that lost bytes gives none to the master, and gets them from it", async () => {
    const scene = await inStep("2.9", "2.14", { kind: "master-slave" });
    scene.sandbox("b").loseBlob(layer);
    expect(await scene.pass(BYTES)).toMatchObject({ verdict: "in-step", proven: true });
    scene.sandbox("a").loseBlob(layer);
    const back = await scene.pass(BYTES);
    expect(back.remedies).toMatchObject([
      { remedy: { kind: "copy", from: "b", to: "a" }, result: "arrived" },
    ]);
    expect(back.verdict).toBe("in-step");
  });

  test("a tag that was moved meanwhile is no finding", async () => {
    const scene = await inStep("2.9", "2.9");
    scene.sandbox("b").loseBlob(layer);
    const original = scene.distribution.bind(scene);
    let moved = false;
    scene.distribution = (name) => {
      const port = original(name);
      return {
        ...port,
        manifest: (...about) => {
          if (!moved)
            for (const at of ["a", "b"]) scene.sandbox(at).push(REPOSITORY, "v1", { seed: "newer" });
          moved = true;
          return port.manifest(...about);
        },
      };
    };
    expect(findings(await scene.pass({ ...LOOK, ...BYTES }))).toEqual([`unservable ${REPOSITORY}:same a>b`]);
  });

  test.each(["a", "b"])(
    "a missing layer is not forgotten while %s does not say if its tags still stand",
    async (at) => {
      const scene = await inStep("2.9", "2.9");
      scene.sandbox("b").loseBlob(layer);
      const original = scene.port.bind(scene);
      let silent = ["v1", "same"].length;
      scene.port = (name) => {
        const port = original(name);
        const tag: typeof port.tag = (...about) => {
          if (name === at) silent -= 1;
          return name !== at || silent < 0
            ? port.tag(...about)
            : Promise.reject(new AppError("HARBOR_TIMEOUT", "no answer in time"));
        };
        return { ...port, tag };
      };
      const seen = await scene.pass({ ...LOOK, ...BYTES });
      expect(findings(seen)).toEqual([]);
      expect(seen.verdict).toBe("not-in-step");
      expect(unreadOf(seen.content)).toMatchObject([{ registry: at, subject: REPOSITORY }]);
      expect(unreadOf(seen.content)[0]?.error.message).toBe(
        `b does not serve it: layer ${layer} of 64 bytes is missing; a serves it; whether its tags still stand on ${at} could not be read`,
      );
      expect(findings(await scene.pass({ ...LOOK, ...BYTES }))).toHaveLength(2);
    },
  );

  test("a tag that was moved on one side is no finding, whatever the other side says", async () => {
    const scene = await inStep("2.9", "2.9");
    scene.sandbox("b").loseBlob(layer);
    const original = scene.port.bind(scene);
    scene.port = (name) => ({
      ...original(name),
      tag: () =>
        name === "a"
          ? Promise.resolve({ digest: layer, pushedAt: 0 })
          : Promise.reject(new AppError("HARBOR_TIMEOUT", "no answer in time")),
    });
    const seen = await scene.pass({ ...LOOK, ...BYTES });
    expect([findings(seen), unreadOf(seen.content)]).toEqual([[], []]);
  });
});
