import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { unreadOf } from "../../src/reconcile/report.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { findings, Scene } from "../support/scene.ts";

const APP = "library/app";
const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const EMPTY = Buffer.from("{}");

const SEEDS = ["one", "two"];

/** Two SBOMs of one image are on both sides; the signature of the first is on `a` alone. */
async function signedOnOneSide(): Promise<Scene> {
  const scene = await Scene.create({ front: "memory", registries: { a: "2.9", b: "2.14" } });
  await scene.pass();
  const a = scene.sandbox("a");
  const digest = a.push(APP, "v1");
  a.sign(APP, digest);
  const [sbom = ""] = SEEDS.map((seed) => pushSbom(a, digest, seed));
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  await scene.down("b");
  a.sign(APP, sbom);
  await scene.rest();
  await scene.up("b");
  await scene.rest();
  return scene;
}

/** An artifact that names its subject and is no signature; its one blob is the empty one that came with a signature. */
function pushSbom(sandbox: Sandbox, digest: string, seed: string): string {
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      artifactType: "application/spdx+json",
      config: { mediaType: "application/vnd.oci.empty.v1+json", size: EMPTY.length, digest: sha256(EMPTY) },
      layers: [],
      subject: { mediaType: OCI_MANIFEST, size: 1, digest },
      annotations: { seed },
    }),
  );
  return sandbox.push(APP, sha256(manifest), { manifest, mediaType: OCI_MANIFEST });
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

test.each(["a", "b"])(
  "what hangs on accessories is not the same where %s could not tell it",
  async (silent) => {
    await using scene = await signedOnOneSide();
    const { faults } = scene.sandbox(silent);
    faults.fail(500, { path: /\/artifacts\/sha256/ });
    const seen = await scene.look();
    expect(findings(seen)).toEqual([`unread ${APP}:v1`]);
    expect([seen.verdict, seen.proven]).toEqual(["not-in-step", false]);
    expect(unreadOf(seen.content)).toEqual([]);
    faults.clear();
    expect(findings(await scene.look())).toEqual([`accessory ${APP}:v1 a>b`]);
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
  },
);
