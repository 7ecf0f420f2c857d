import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { copyImage } from "../../src/bytes/copy-image.ts";
import { manifestParts } from "../../src/bytes/manifest-parts.ts";
import { verifyImage } from "../../src/bytes/verify-image.ts";
import { firstFormat, signed, SIGNED_TYPE } from "../registry-v2/signed-manifest.ts";
import { named, never, REPOSITORY, twoRegistries, type Side, type World } from "./world.ts";

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world[Symbol.asyncDispose]();
});

const SIZE = 1_100_000;
const { layers } = named("x", { layers: 2, size: SIZE });
const [first = "", second = ""] = layers;
/** Most layers of such an image are the empty one. */
const PAYLOAD = firstFormat([second, first, second], REPOSITORY);
const DIGEST = `sha256:${createHash("sha256").update(PAYLOAD).digest("hex")}`;

/** Both hold the layers; of the image that the sandbox has no word for they give the manifest, each with a signature of its own. */
async function start(): Promise<World> {
  const { a, b, ...world } = await twoRegistries("2.9");
  const old = (side: Side, signature: string): Side => {
    side.sandbox.push(REPOSITORY, "layers", { seed: "x", layers: 2, size: SIZE });
    const manifest = { digest: DIGEST, mediaType: SIGNED_TYPE, bytes: signed(PAYLOAD, signature) };
    return { ...side, distribution: { ...side.distribution, manifest: () => Promise.resolve(manifest) } };
  };
  const made = {
    a: old(a, "of a"),
    b: old(b, "of b"),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
  worlds.push(made);
  return made;
}

describe("an image in Docker's first format, which names no sizes", () => {
  test("is read whole, each layer once", async () => {
    const { a } = await start();
    expect(await verifyImage(a, REPOSITORY, DIGEST, {}, never)).toMatchObject({
      lacks: [],
      unread: [],
      manifests: 1,
      blobs: 2,
      bytes: 2 * SIZE,
    });
  });

  test.each(["kept", "forgotten"])(
    "lacks a layer whose file is gone (descriptors %s)",
    async (descriptors) => {
      const { b } = await start();
      b.sandbox.loseBlob(first);
      if (descriptors === "forgotten") b.sandbox.forgetDescriptors();
      const { lacks, unread } = await verifyImage(b, REPOSITORY, DIGEST, {}, never);
      expect(unread).toEqual([]);
      expect(lacks).toEqual([
        { what: "layer", digest: first, kind: "missing", sentence: `layer ${first} is missing` },
      ]);
    },
  );

  test.each([
    ["kept", "short"],
    ["forgotten", "wrong digest"],
  ])("lacks a layer whose file is cut short (descriptors %s)", async (descriptors, kind) => {
    const { b } = await start();
    b.sandbox.damageBlob(first, Buffer.alloc(70));
    if (descriptors === "forgotten") b.sandbox.forgetDescriptors();
    const { lacks } = await verifyImage(b, REPOSITORY, DIGEST, {}, never);
    expect(lacks).toMatchObject([{ digest: first, kind }]);
  });

  test("is unread where nobody says how big a layer is", async () => {
    const { b } = await start();
    b.sandbox.faults.fail(502, { path: /\/blobs\//, method: "HEAD" });
    const { lacks, unread } = await verifyImage(b, REPOSITORY, DIGEST, {}, never);
    expect(lacks).toEqual([]);
    expect(unread).toMatchObject([{ code: "HARBOR_FAILED" }, { code: "HARBOR_FAILED" }]);
  });

  test("is no manifest where a layer has no digest", () => {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 1, fsLayers: [{ size: 1 }] }));
    expect(() => manifestParts({ digest: DIGEST, bytes })).toThrow(/it is no manifest/);
  });

  test("gets its lost layer back from the other side", async () => {
    const { a, b } = await start();
    b.sandbox.loseBlob(first);
    const copy = {
      donor: a,
      target: b,
      repository: REPOSITORY,
      digest: DIGEST,
      tags: [],
      beforeWrite: () => Promise.resolve(),
    };
    expect(await copyImage(copy, never)).toEqual({
      kind: "copied",
      blobs: 1,
      bytes: SIZE,
      manifests: 0,
      tags: 0,
    });
    expect((await verifyImage(b, REPOSITORY, DIGEST, {}, never)).lacks).toEqual([]);
    a.sandbox.loseBlob(second);
    a.sandbox.forgetDescriptors();
    b.sandbox.loseBlob(second);
    expect(await copyImage(copy, never)).toEqual({ kind: "donor lacks", what: `layer ${second}` });
  });
});
