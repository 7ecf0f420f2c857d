import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { findingsOf } from "../../src/reconcile/report.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { findings, Scene, type SceneOptions } from "../support/scene.ts";

const APP = "library/app";

async function inStep(options: SceneOptions): Promise<{ scene: Scene; digest: string }> {
  const scene = await Scene.create({ front: "memory", ...options });
  await scene.pass();
  const digest = scene.sandbox("a").push(APP, "v1");
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  return { scene, digest };
}

/** What one side does while the other one is away, so that no event brings it over. */
async function unseen(scene: Scene, other: string, work: () => void): Promise<void> {
  await scene.down(other);
  work();
  await scene.rest();
  await scene.up(other);
  await scene.rest();
}

function cosign(sandbox: Sandbox, digest: string, seed: string, suffix = "sig"): string {
  return sandbox.push(APP, `${digest.replace(":", "-")}.${suffix}`, { seed });
}

describe.each([
  ["2.9", "2.9"],
  ["2.9", "2.14"],
  ["2.14", "2.9"],
] as const)("a signature that one side lacks (%s, %s)", (a, b) => {
  test("is found on the tag of its subject, copied after it, and proven", async () => {
    const { scene, digest } = await inStep({ registries: { a, b } });
    await using _ = scene;
    let signature = "";
    await unseen(scene, "b", () => (signature = scene.sandbox("a").sign(APP, digest)));
    const found = findingsOf((await scene.look()).content);
    expect(found).toEqual([
      expect.objectContaining({
        kind: "accessory",
        repository: APP,
        tag: "v1",
        left: digest,
        right: digest,
        from: "a",
        to: "b",
        accessories: [signature],
        notice: false,
      }),
    ]);
    const report = await scene.pass();
    expect([report.verdict, report.proven, findings(report)]).toEqual(["in-step", true, []]);
    expect(scene.sandbox("b").accessories(APP, digest)).toEqual([signature]);
    expect(report.remedies.map(({ remedy, result }) => [remedy.kind, result])).toEqual([
      ["scoped", "arrived"],
    ]);
  });

  test("each side may have its own: both get both, and then nothing is written", async () => {
    const { scene, digest } = await inStep({ registries: { a, b } });
    await using _ = scene;
    await unseen(scene, "b", () => scene.sandbox("a").sign(APP, digest, { seed: "of a" }));
    await scene.down("a");
    scene.sandbox("b").sign(APP, digest, { seed: "of b" });
    await scene.rest();
    await scene.up("a");
    await scene.rest();
    expect((await scene.pass()).verdict).toBe("in-step");
    const sets = ["a", "b"].map((name) => scene.sandbox(name).accessories(APP, digest).toSorted());
    expect(sets[0]).toHaveLength(2);
    expect(sets[1]).toEqual(sets[0]);
    await scene.rest();
    const before = scene.writes();
    expect((await scene.pass({ configure: false })).verdict).toBe("in-step");
    expect(scene.writes()).toBe(before);
  });

  test("of an accessory counts too", async () => {
    const { scene, digest } = await inStep({ registries: { a, b } });
    await using _ = scene;
    const signature = scene.sandbox("a").sign(APP, digest);
    const sbom = sbomOf(scene.sandbox("a"), digest);
    await scene.rest();
    expect(scene.sandbox("b").accessories(APP, digest).toSorted()).toEqual([signature, sbom].toSorted());
    let nested = "";
    await unseen(scene, "b", () => (nested = scene.sandbox("a").sign(APP, sbom)));
    expect(findings(await scene.look())).toEqual([`accessory ${APP}:v1 a>b`]);
    expect((await scene.pass()).verdict).toBe("in-step");
    expect(scene.sandbox("b").accessories(APP, sbom)).toEqual([nested]);
  });

  test("is a mere notice while it is younger than the time to settle", async () => {
    const { scene, digest } = await inStep({
      registries: { a, b },
      topology: { trigger: { kind: "manual" } },
    });
    await using _ = scene;
    scene.sandbox("a").sign(APP, digest);
    const young = await scene.look();
    expect([young.verdict, findings(young)]).toEqual(["in-step", [`in-flight ${APP}:v1`]]);
    await scene.rest();
    expect(findings(await scene.look())).toEqual([`accessory ${APP}:v1 a>b`]);
  });
});

const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const EMPTY = Buffer.from("{}");

/** An artifact that names its subject and is no signature; its one blob is the empty one that came with a signature. */
function sbomOf(sandbox: Sandbox, digest: string): string {
  const config = {
    mediaType: "application/vnd.oci.empty.v1+json",
    size: EMPTY.length,
    digest: sha256(EMPTY),
  };
  const subject = { mediaType: OCI_MANIFEST, size: 1, digest };
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      artifactType: "application/spdx+json",
      config,
      layers: [],
      subject,
    }),
  );
  return sandbox.push(APP, sha256(manifest), { manifest, mediaType: OCI_MANIFEST });
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

describe.each(["2.7", "2.9", "2.14"] as const)(
  "a signature that cosign keeps under a tag (%s)",
  (profile) => {
    const registries = { a: profile, b: profile };

    test("is copied with its tag", async () => {
      const { scene, digest } = await inStep({ registries });
      await using _ = scene;
      await unseen(scene, "b", () => cosign(scene.sandbox("a"), digest, "first"));
      expect(findings(await scene.look())).toEqual([`accessory ${APP}:v1 a>b`]);
      expect((await scene.pass()).verdict).toBe("in-step");
      expect(scene.sandbox("b").tags().get(APP)).toEqual(scene.sandbox("a").tags().get(APP));
    });

    test("is moved on where it was signed again on one side", async () => {
      const { scene, digest } = await inStep({ registries });
      await using _ = scene;
      cosign(scene.sandbox("a"), digest, "first");
      await scene.rest();
      await unseen(scene, "b", () => cosign(scene.sandbox("a"), digest, "second"));
      expect((await scene.pass()).verdict).toBe("in-step");
      expect(scene.sandbox("b").tags().get(APP)).toEqual(scene.sandbox("a").tags().get(APP));
    });

    test("is a person's to decide where both sides signed, and nothing is overwritten", async () => {
      const { scene, digest } = await inStep({ registries });
      await using _ = scene;
      await unseen(scene, "b", () => cosign(scene.sandbox("a"), digest, "of a"));
      await scene.down("a");
      cosign(scene.sandbox("b"), digest, "of b");
      await scene.rest();
      await scene.up("a");
      await scene.rest();
      const before = ["a", "b"].map((name) => scene.sandbox(name).tags().get(APP));
      const report = await scene.pass();
      expect(report.verdict).toBe("not-in-step");
      expect(findings(report)).toEqual([`accessory ${APP}:v1`, `accessory ${APP}:v1`]);
      expect(["a", "b"].map((name) => scene.sandbox(name).tags().get(APP))).toEqual(before);
    });
  },
);

describe("what is lacking while it can't be proven who we are", () => {
  /** Once what hangs on the image, or on its SBOM, was asked for, the identity on `b` can't be proven for as long as one proof takes. */
  function failOnceAsked(scene: Scene, asked: RegExp): void {
    const b = scene.sandbox("b");
    const off = b.onRequest(({ path }) => {
      if (!asked.test(decodeURIComponent(path))) return;
      off();
      b.faults.fail(500, { path: "/users/current", from: "client", times: 2 });
    });
  }

  async function expectUnread(scene: Scene): Promise<void> {
    const report = await scene.pass();
    expect([report.verdict, report.proven]).toEqual(["not-in-step", false]);
    expect(report.content?.pairs[0]?.unread).toMatchObject([{ registry: "b", subject: "**" }]);
    expect(findings(report)).toEqual([]);
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
  }

  test.each(["2.9", "2.14"] as const)("is unread, and no proof of anything (%s)", async (profile) => {
    const { scene, digest } = await inStep({ registries: { a: profile, b: profile } });
    await using _ = scene;
    let signature = "";
    await unseen(scene, "b", () => (signature = scene.sandbox("a").sign(APP, digest)));
    failOnceAsked(scene, /\/artifacts$/);
    await expectUnread(scene);
    expect(scene.sandbox("b").accessories(APP, digest)).toEqual([signature]);
  });

  test("is unread also where it hangs on an accessory", async () => {
    const { scene, digest } = await inStep({ registries: { a: "2.9", b: "2.9" } });
    await using _ = scene;
    scene.sandbox("a").sign(APP, digest);
    const sbom = sbomOf(scene.sandbox("a"), digest);
    await scene.rest();
    let nested = "";
    await unseen(scene, "b", () => (nested = scene.sandbox("a").sign(APP, sbom)));
    failOnceAsked(scene, new RegExp(`/artifacts/${sbom}$`));
    await expectUnread(scene);
    expect(scene.sandbox("b").accessories(APP, sbom)).toEqual([nested]);
  });
});

test("a Harbor that knows no subjects has it as an artifact, and that is enough", async () => {
  const { scene, digest } = await inStep({ registries: { a: "2.9", b: "2.7" } });
  await using _ = scene;
  const signature = scene.sandbox("a").sign(APP, digest);
  await scene.rest();
  expect(scene.sandbox("b").accessories(APP, digest)).toEqual([]);
  expect((await scene.pass()).verdict).toBe("in-step");
  scene.sandbox("b").deleteArtifact(APP, signature);
  await scene.rest();
  expect(findings(await scene.look())).toEqual([`accessory ${APP}:v1 a>b`]);
  expect((await scene.pass()).verdict).toBe("in-step");
});

test("what only a slave has attached is its own", async () => {
  const { scene, digest } = await inStep({ kind: "master-slave", registries: { a: "2.9", b: "2.9" } });
  await using _ = scene;
  scene.sandbox("b").sign(APP, digest, { seed: "the slave's" });
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  expect(scene.sandbox("a").accessories(APP, digest)).toEqual([]);
});

test("moving the tag away leaves the signatures of what stood there where they are", async () => {
  const { scene, digest } = await inStep({ registries: { a: "2.9", b: "2.9" } });
  await using _ = scene;
  await unseen(scene, "b", () => scene.sandbox("a").sign(APP, digest));
  scene.sandbox("a").push(APP, "v1", { seed: "newer" });
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  expect(scene.sandbox("a").accessories(APP, digest)).toHaveLength(1);
});

test("where nothing is attached, or the same on both sides, nothing more is asked", async () => {
  const { scene, digest } = await inStep({ registries: { a: "2.14", b: "2.14" } });
  await using _ = scene;
  const asked = async (): Promise<number> => (await scene.look()).content?.pairs[0]?.requests.left ?? 0;
  const before = await asked();
  for (const seed of ["one", "two", "three"]) scene.sandbox("a").sign(APP, digest, { seed });
  await scene.rest();
  expect(scene.sandbox("b").accessories(APP, digest)).toHaveLength(3);
  expect(await asked()).toBe(before);
});
