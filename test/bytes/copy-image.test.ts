import { afterEach, describe, expect, test } from "vitest";
import { copyImage, whyNotCopied, type ImageCopy } from "../../src/bytes/copy-image.ts";
import { verifyImage } from "../../src/bytes/verify-image.ts";
import { AppError } from "../../src/errors.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { named, never, REPOSITORY, twoRegistries, type World } from "./world.ts";

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world[Symbol.asyncDispose]();
});

async function start(profile: ProfileName = "2.9"): Promise<World> {
  const world = await twoRegistries(profile);
  worlds.push(world);
  world.b.sandbox.createProject("pair");
  return world;
}

function copyOf({ a, b }: World, digest: string, more: Partial<ImageCopy> = {}): ImageCopy {
  return {
    donor: a,
    target: b,
    repository: REPOSITORY,
    digest,
    tags: [],
    beforeWrite: () => Promise.resolve(),
    ...more,
  };
}

function manifestsPut({ b }: World): string[] {
  return b.sandbox.requests
    .all()
    .filter(({ method, target }) => method === "PUT" && target.includes("/manifests/"))
    .map(({ target }) => target.split("/").at(-1) ?? "");
}

const PROFILES: readonly ProfileName[] = ["2.1", "2.9", "2.14"];

describe.each(PROFILES)("a copy between two Harbors %s", (profile) => {
  test("brings a whole index under a tag, its images by digest first", async () => {
    const world = await start(profile);
    const { a, b } = world;
    const digest = a.sandbox.pushIndex(REPOSITORY, "all", ["amd64", "arm64"], { seed: "x" });
    const result = await copyImage(
      copyOf(world, digest, { tags: [{ tag: "all", expected: undefined }] }),
      never,
    );
    expect(result).toMatchObject({ kind: "copied", blobs: 4, manifests: 2, tags: 1 });
    expect(b.sandbox.tags()).toEqual(a.sandbox.tags());
    expect(manifestsPut(world)).toHaveLength(3);
    expect(manifestsPut(world).at(-1)).toBe("all");
    expect(await verifyImage(b, REPOSITORY, digest, {}, never)).toMatchObject({ lacks: [], manifests: 3 });
  });

  test("repairs lost layers and nothing else: what is served is not sent, and no manifest is put again", async () => {
    const world = await start(profile);
    const { a, b } = world;
    const { digest, layers } = named("x", { layers: 3 });
    for (const side of [a, b]) side.sandbox.push(REPOSITORY, "v1", { seed: "x", layers: 3 });
    b.sandbox.loseBlob(layers[1] ?? "");
    const before = b.sandbox.tags();
    const result = await copyImage(copyOf(world, digest, { tags: [{ tag: "v1", expected: digest }] }), never);
    expect(result).toEqual({ kind: "copied", blobs: 1, bytes: 64, manifests: 0, tags: 0 });
    expect(manifestsPut(world)).toEqual([]);
    expect(b.sandbox.tags()).toEqual(before);
    expect(await verifyImage(b, REPOSITORY, digest, { whole: true }, never)).toMatchObject({
      lacks: [],
      unread: [],
    });
  });

  test.each(["kept", "forgotten"])(
    "brings back the bytes of a lost manifest (descriptors %s)",
    async (descriptors) => {
      const world = await start(profile);
      const { a, b } = world;
      const { digest, layers } = named("x");
      for (const side of [a, b]) side.sandbox.push(REPOSITORY, "v1", { seed: "x" });
      b.sandbox.loseBlob(digest);
      b.sandbox.loseBlob(layers[0] ?? "");
      if (descriptors === "forgotten") b.sandbox.forgetDescriptors();
      const result = await copyImage(
        copyOf(world, digest, { tags: [{ tag: "v1", expected: digest }] }),
        never,
      );
      expect(result.kind).toBe("copied");
      expect(await b.distribution.headManifest(REPOSITORY, "v1")).toMatchObject({ digest });
      expect(await verifyImage(b, REPOSITORY, digest, {}, never)).toMatchObject({ lacks: [], unread: [] });
    },
  );

  test("brings back an image of an index whose manifest is lost", async () => {
    const world = await start(profile);
    const { a, b } = world;
    const digest = a.sandbox.pushIndex(REPOSITORY, "all", ["amd64", "arm64"], { seed: "x" });
    b.sandbox.pushIndex(REPOSITORY, "all", ["amd64", "arm64"], { seed: "x" });
    const { lacks: none } = await verifyImage(b, REPOSITORY, digest, {}, never);
    expect(none).toEqual([]);
    const { bytes } = (await a.distribution.manifest(REPOSITORY, digest)) ?? { bytes: new Uint8Array() };
    const index = JSON.parse(Buffer.from(bytes).toString()) as { manifests: { digest: string }[] };
    b.sandbox.loseBlob(index.manifests[0]?.digest ?? "");
    expect((await verifyImage(b, REPOSITORY, digest, {}, never)).lacks).toHaveLength(1);
    expect((await copyImage(copyOf(world, digest), never)).kind).toBe("copied");
    expect((await verifyImage(b, REPOSITORY, digest, {}, never)).lacks).toEqual([]);
  });
});

describe("a copy that is stopped", () => {
  test("at any write leaves nothing half done that the next one does not finish, and no tag before its content", async () => {
    for (let writes = 0; writes < 12; writes += 1) {
      const world = await start();
      const { a, b } = world;
      const digest = a.sandbox.pushIndex(REPOSITORY, "all", ["amd64", "arm64"], { seed: "x" });
      let left = writes;
      const beforeWrite = (): Promise<void> => {
        left -= 1;
        return left < 0 ? Promise.reject(new AppError("CANCELLED", "the lease is gone")) : Promise.resolve();
      };
      const tags = [{ tag: "all", expected: undefined }];
      const first = await copyImage(copyOf(world, digest, { tags, beforeWrite }), never).catch(
        (thrown: unknown) => thrown,
      );
      if (b.sandbox.tags().get(REPOSITORY)?.has("all") !== true) {
        expect(first).toMatchObject({ code: "CANCELLED" });
        expect((await copyImage(copyOf(world, digest, { tags }), never)).kind).toBe("copied");
      }
      expect(b.sandbox.tags()).toEqual(a.sandbox.tags());
      expect((await verifyImage(b, REPOSITORY, digest, {}, never)).lacks).toEqual([]);
    }
  });

  test("by its signal ends with the reason of the signal", async () => {
    const world = await start();
    const digest = world.a.sandbox.push(REPOSITORY, "v1");
    const stop = new AbortController();
    stop.abort(new AppError("CANCELLED", "asked to stop"));
    await expect(copyImage(copyOf(world, digest), stop.signal)).rejects.toMatchObject({ code: "CANCELLED" });
    expect(world.b.sandbox.tags().size).toBe(0);
  });
});

describe("a copy does not", () => {
  test("move a tag that is not what it was expected to be", async () => {
    const world = await start();
    const { a, b } = world;
    const wanted = a.sandbox.push(REPOSITORY, "v1", { seed: "new" });
    const there = b.sandbox.push(REPOSITORY, "v1", { seed: "theirs" });
    for (const expected of [undefined, named("old").digest]) {
      const result = await copyImage(copyOf(world, wanted, { tags: [{ tag: "v1", expected }] }), never);
      expect(result).toEqual({ kind: "changed", tag: "v1", found: there });
      expect(b.sandbox.tags().get(REPOSITORY)?.get("v1")).toBe(there);
    }
    const result = await copyImage(copyOf(world, wanted, { tags: [{ tag: "v1", expected: there }] }), never);
    expect(result).toMatchObject({ kind: "copied", tags: 1 });
    expect(b.sandbox.tags()).toEqual(a.sandbox.tags());
  });

  test("make a tag anew that somebody deleted", async () => {
    const world = await start();
    const { a, b } = world;
    const old = a.sandbox.push(REPOSITORY, "v1", { seed: "old" });
    const wanted = a.sandbox.push(REPOSITORY, "v1", { seed: "new" });
    const tags = [{ tag: "v1", expected: old }];
    expect(await copyImage(copyOf(world, wanted, { tags }), never)).toEqual({
      kind: "changed",
      tag: "v1",
      found: undefined,
    });
    expect(b.sandbox.tags().size).toBe(0);
  });

  test("pretend: a donor that lacks it as well, or a damaged file in the way, is said", async () => {
    const world = await start();
    const { a, b } = world;
    const { digest, layers } = named("x");
    const [layer = ""] = layers;
    for (const side of [a, b]) side.sandbox.push(REPOSITORY, "v1", { seed: "x" });
    b.sandbox.damageBlob(layer, Buffer.from("short"));
    const damaged = await copyImage(copyOf(world, digest), never);
    expect(damaged).toEqual({ kind: "not taken", what: `layer ${layer}` });
    expect(whyNotCopied(damaged, "a", "b")).toContain("remove it from the storage");
    b.sandbox.loseBlob(layer);
    a.sandbox.loseBlob(layer);
    expect(await copyImage(copyOf(world, digest), never)).toEqual({
      kind: "donor lacks",
      what: `layer ${layer}`,
    });
    a.sandbox.loseBlob(digest);
    expect(await copyImage(copyOf(world, digest), never)).toEqual({
      kind: "donor lacks",
      what: `manifest ${digest}`,
    });
  });

  test("store other bytes than those of the digest", async () => {
    const world = await start();
    const { a, b } = world;
    const { digest, layers } = named("x");
    for (const side of [a, b]) side.sandbox.push(REPOSITORY, "v1", { seed: "x" });
    a.sandbox.damageBlob(layers[0] ?? "", Buffer.alloc(64, 7));
    b.sandbox.loseBlob(layers[0] ?? "");
    await expect(copyImage(copyOf(world, digest), never)).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
    expect((await verifyImage(b, REPOSITORY, digest, {}, never)).lacks).toHaveLength(1);
  });
});

test("a signature comes after what it is about, where that is asked for", async () => {
  const world = await start();
  const { a, b } = world;
  const digest = a.sandbox.push(REPOSITORY, "v1", { seed: "x" });
  const signature = a.sandbox.sign(REPOSITORY, digest, { seed: "s" });
  expect((await copyImage(copyOf(world, signature, { withSubject: true }), never)).kind).toBe("copied");
  expect(manifestsPut(world)).toEqual([digest, signature]);
  b.sandbox.push(REPOSITORY, "v1", { seed: "x" });
  expect(b.sandbox.accessories(REPOSITORY, digest)).toEqual([signature]);
});

test("a connection that breaks in the middle of an upload is begun anew, and nothing is left open", async () => {
  const world = await start();
  const { a, b } = world;
  const digest = a.sandbox.push(REPOSITORY, "v1", { seed: "x", size: 5000 });
  b.sandbox.faults.reset({ method: "PATCH", times: 2, applied: false });
  const tags = [{ tag: "v1", expected: undefined }];
  expect(await copyImage(copyOf(world, digest, { tags }), never)).toMatchObject({ kind: "copied", blobs: 2 });
  expect((await verifyImage(b, REPOSITORY, digest, { whole: true }, never)).lacks).toEqual([]);
});
