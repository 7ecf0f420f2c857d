import { afterEach, describe, expect, test } from "vitest";
import type { Source } from "../../src/bytes/blob-bytes.ts";
import { manifestParts } from "../../src/bytes/manifest-parts.ts";
import { verifyImage } from "../../src/bytes/verify-image.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { named, never, REPOSITORY, twoRegistries, type World } from "./world.ts";

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world[Symbol.asyncDispose]();
});

async function start(profile: ProfileName = "2.9"): Promise<World["a"]> {
  const world = await twoRegistries(profile);
  worlds.push(world);
  return world.a;
}

const PROFILES: readonly ProfileName[] = ["2.1", "2.9", "2.14"];
/** Just so big that only both ends are read. */
const MEGABYTES = 1_100_000;

describe.each(PROFILES)("what a Harbor %s really serves of an image", (profile) => {
  test("is all of it: the small parts whole, the big ones at both ends, and it counts as no pull", async () => {
    const a = await start(profile);
    const digest = a.sandbox.push(REPOSITORY, "v1", { seed: "x", size: MEGABYTES, layers: 2 });
    const before = a.sandbox.snapshot();
    const served = await verifyImage(a, REPOSITORY, digest, {}, never);
    const config = served.bytes - 2 * 2 * 65_536;
    expect(served).toMatchObject({ lacks: [], unread: [], manifests: 1, blobs: 3 });
    expect(config).toBeGreaterThan(100);
    expect(config).toBeLessThan(1000);
    const whole = await verifyImage(a, REPOSITORY, digest, { whole: true }, never);
    expect(whole.bytes).toBe(config + 2 * MEGABYTES);
    expect(a.sandbox.snapshot()).toEqual(before);
  });

  test.each([64, MEGABYTES])(
    "is not a layer of %i bytes whose file is gone, though its HEAD says 200",
    async (size) => {
      const a = await start(profile);
      const { digest, layers } = named("x", { size });
      a.sandbox.push(REPOSITORY, "v1", { seed: "x", size });
      a.sandbox.loseBlob(layers[0] ?? "");
      expect(await a.distribution.headBlob(REPOSITORY, layers[0] ?? "")).toBe(size);
      const { lacks, unread, blobs } = await verifyImage(a, REPOSITORY, digest, {}, never);
      expect(lacks).toEqual([
        {
          what: "layer",
          digest: layers[0],
          kind: "missing",
          sentence: `layer ${layers[0] ?? ""} of ${size} bytes is missing`,
        },
      ]);
      expect({ unread, blobs }).toEqual({ unread: [], blobs: 1 });
    },
  );

  test("is not what the registry itself says it does not know", async () => {
    const a = await start(profile);
    const { digest, config } = named("x");
    a.sandbox.push(REPOSITORY, "v1", { seed: "x" });
    a.sandbox.loseBlob(config);
    a.sandbox.forgetDescriptors();
    const { lacks } = await verifyImage(a, REPOSITORY, digest, {}, never);
    expect(lacks).toMatchObject([{ what: "config", digest: config, kind: "missing" }]);
  });

  test("is no manifest whose bytes are gone", async () => {
    const a = await start(profile);
    const digest = a.sandbox.push(REPOSITORY, "v1");
    a.sandbox.loseBlob(digest);
    const { lacks } = await verifyImage(a, REPOSITORY, digest, {}, never);
    expect(lacks).toMatchObject([{ what: "manifest", digest, kind: "missing" }]);
  });

  test("is an index with all its images, and not one of which something lacks", async () => {
    const a = await start(profile);
    const digest = a.sandbox.pushIndex(REPOSITORY, "all", ["amd64", "arm64"], { seed: "x" });
    expect(await verifyImage(a, REPOSITORY, digest, {}, never)).toMatchObject({
      lacks: [],
      manifests: 3,
      blobs: 4,
    });
    const children = [...(await childrenOf(a, digest))];
    a.sandbox.loseBlob(children[1] ?? "");
    const { lacks, manifests } = await verifyImage(a, REPOSITORY, digest, {}, never);
    expect(lacks).toMatchObject([{ what: "manifest", digest: children[1], kind: "missing" }]);
    expect(manifests).toBe(2);
  });
});

async function childrenOf(a: World["a"], digest: string): Promise<string[]> {
  const manifest = await a.distribution.manifest(REPOSITORY, digest);
  const text = Buffer.from(manifest?.bytes ?? []).toString();
  return (JSON.parse(text) as { manifests: { digest: string }[] }).manifests.map((one) => one.digest);
}

describe("a damaged file", () => {
  test("that is cut short is told, small or big", async () => {
    const a = await start();
    for (const size of [100, MEGABYTES]) {
      const { digest, layers } = named(`x${size}`, { size });
      a.sandbox.push(REPOSITORY, `v${size}`, { seed: `x${size}`, size });
      a.sandbox.damageBlob(layers[0] ?? "", Buffer.alloc(70));
      const { lacks } = await verifyImage(a, REPOSITORY, digest, {}, never);
      expect(lacks, `${size} bytes`).toMatchObject([{ what: "layer", digest: layers[0], kind: "short" }]);
    }
  });

  test("that holds other bytes is told where it is read whole", async () => {
    const a = await start();
    const { digest, layers } = named("x", { size: MEGABYTES });
    a.sandbox.push(REPOSITORY, "v1", { seed: "x", size: MEGABYTES });
    a.sandbox.damageBlob(layers[0] ?? "", Buffer.alloc(MEGABYTES, 1));
    expect((await verifyImage(a, REPOSITORY, digest, {}, never)).lacks).toEqual([]);
    const { lacks } = await verifyImage(a, REPOSITORY, digest, { whole: true }, never);
    expect(lacks).toMatchObject([{ digest: layers[0], kind: "wrong digest" }]);
  });
});

describe("what proves nothing", () => {
  test("is a registry that does not answer: unread, and no finding", async () => {
    const a = await start();
    const digest = a.sandbox.push(REPOSITORY, "v1");
    a.sandbox.faults.down();
    const { lacks, unread } = await verifyImage(a, REPOSITORY, digest, {}, never);
    expect(lacks).toEqual([]);
    expect(unread).toMatchObject([{ code: "HARBOR_UNREACHABLE" }]);
  });

  test("is a blob that breaks off once: it is read again", async () => {
    const a = await start();
    const digest = a.sandbox.push(REPOSITORY, "v1", { seed: "x", size: 200_000 });
    a.sandbox.faults.reset({ path: /\/blobs\//, times: 2, afterBytes: 150 });
    expect(await verifyImage(a, REPOSITORY, digest, { whole: true }, never)).toMatchObject({
      lacks: [],
      unread: [],
      blobs: 2,
    });
  });

  test("is a registry that breaks everything off and then goes away", async () => {
    const a = await start();
    const digest = a.sandbox.push(REPOSITORY, "v1", { seed: "x" });
    a.sandbox.faults.reset({ path: /\/blobs\//, afterBytes: 0 });
    let sleeps = 0;
    const clock: Source["clock"] = {
      now: () => a.clock.now(),
      monotonic: () => a.clock.monotonic(),
      sleep: (ms, signal) => {
        sleeps += 1;
        // By then the manifest was read, and two blobs broke off as lost ones do.
        if (sleeps === 4) a.sandbox.faults.fail(502, { path: "/manifests/" });
        return a.clock.sleep(ms, signal);
      },
    };
    const { lacks, unread } = await verifyImage({ ...a, clock }, REPOSITORY, digest, {}, never);
    expect(lacks).toEqual([]);
    expect(unread).toMatchObject([{ code: "HARBOR_FAILED" }]);
  });

  test("are layers that lie elsewhere by intention", () => {
    const layer = {
      mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
      digest: `sha256:${"ab".repeat(32)}`,
      size: 10,
      urls: ["https://elsewhere.example/layer"],
    };
    const config = {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: named("x").config,
      size: 250,
    };
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers: [layer] }));
    const { blobs } = manifestParts({ digest: "sha256:x", bytes });
    expect(blobs.map(({ role, foreign }) => [role, foreign])).toEqual([
      ["config", false],
      ["layer", true],
    ]);
  });
});
