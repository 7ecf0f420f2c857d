import { beforeAll, expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import { pushAccessory } from "./image.ts";
import type { LiveHarbor } from "./live-harbor.ts";
import type { Tidelock } from "./tidelock.ts";

const PROJECT = "tidelock-live-targets-accessories";
const APP = `${PROJECT}/app`;
const COSIGN = "application/vnd.dev.cosign.artifact.sig.v1+json";

describeLive("signatures and SBOMs that one side lacks", (rig) => {
  const { a, b } = rig;
  let tidelock: Tidelock;
  let digest = "";

  const has = async ({ registry }: LiveHarbor, reference: string): Promise<boolean> =>
    (await registry.headManifest(APP, reference)) !== undefined;
  const cosignTag = (): string => `${digest.replace(":", "-")}.sig`;
  const sign = ({ registry }: LiveHarbor, seed: string): Promise<string> =>
    pushAccessory(registry, APP, { type: COSIGN, seed, tag: cosignTag() });
  const standsFor = async ({ registry }: LiveHarbor): Promise<string | undefined> =>
    (await registry.headManifest(APP, cosignTag()))?.digest;

  beforeAll(async () => {
    await a.createProject(PROJECT);
    tidelock = await rig.declare({
      topology: `name: live-targets-acc
    kind: dual-master
    registries: [a, b]
    trigger: manual
    content: { projects: [${PROJECT}] }
    heal: { settle: 1s }`,
    });
    digest = await a.push(APP, "v1", "signed");
    await tidelock.judged();
    const ran = await tidelock.run("reconcile");
    expect(ran.code, ran.out + ran.err).toBe(0);
  });

  test("are found on the tag of their subject and copied with all that hangs on them", async () => {
    const signature = await sign(a, "first");
    const wanted = [signature];
    // Before 2.8 only what cosign names by a tag is an accessory.
    if ((await a.port.capabilities()).subjects) {
      const sbom = await pushAccessory(a.registry, APP, {
        subject: digest,
        type: "application/spdx+json",
        seed: "sbom",
      });
      const nested = await pushAccessory(a.registry, APP, { subject: sbom, type: COSIGN, seed: "nested" });
      wanted.push(sbom, nested);
    }
    await tidelock.judged();
    const found = await tidelock.json("diff");
    expect([found.code, found.topology.findings.map(({ kind, tag, to }) => [kind, tag, to])]).toEqual([
      2,
      [["accessory", "v1", "b"]],
    ]);
    const healed = await tidelock.json("reconcile");
    expect([healed.code, healed.topology.proven], healed.out + healed.err).toEqual([0, true]);
    for (const one of wanted) expect(await has(b, one), one).toBe(true);
    expect(await standsFor(b)).toBe(signature);
  });

  test("that hang on an SBOM alone are found too", async () => {
    const [left, right] = await Promise.all([a.port.capabilities(), b.port.capabilities()]);
    if (!left.subjects || !right.subjects) return;
    const [sbom] =
      (await a.port.artifact(APP, digest))?.accessories.filter(({ type }) => type !== "signature.cosign") ??
      [];
    const late = await pushAccessory(a.registry, APP, { subject: sbom!.digest, type: COSIGN, seed: "late" });
    await tidelock.judged();
    const healed = await tidelock.json("reconcile");
    expect([healed.code, healed.topology.before], healed.out + healed.err).toEqual([0, { accessory: 1 }]);
    expect(await has(b, late)).toBe(true);
  });

  test("are moved on under cosign's tag where one side signed again", async () => {
    const second = await sign(a, "second");
    await tidelock.judged();
    const healed = await tidelock.json("reconcile");
    expect([healed.code, healed.topology.proven], healed.out + healed.err).toEqual([0, true]);
    expect(await standsFor(b)).toBe(second);
  });

  test("are left to a person where both sides signed, and none is overwritten", async () => {
    const ofA = await sign(a, "of a");
    const ofB = await sign(b, "of b");
    await tidelock.judged();
    const ran = await tidelock.json("reconcile");
    expect(ran.code, ran.out + ran.err).toBe(2);
    expect(await Promise.all([standsFor(a), standsFor(b)])).toEqual([ofA, ofB]);
  });
});
