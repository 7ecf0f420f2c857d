import { afterEach, describe, expect, test } from "vitest";
import type { RegistryV2Port } from "../../src/registry-v2/port.ts";
import { serveSandbox } from "../../src/sandbox/http-front.ts";
import { inMemoryAdapter } from "../../src/sandbox/memory-front.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxWorld } from "../../src/sandbox/world.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { CANARY, collect } from "../support/harbor-at.ts";
import { IMAGE, registryV2At } from "./registry-at.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

type Front = "over HTTP" | "in memory";

async function start(
  profile: ProfileName,
  scheme: "basic" | "token",
  front: Front,
): Promise<{ sandbox: Sandbox; registry: RegistryV2Port }> {
  const clock = new AutoClock();
  const world = createSandboxWorld({ clock });
  const sandbox = world.add({ name: "a", profile, adminPassword: CANARY });
  const deps = front === "in memory" ? { adapter: inMemoryAdapter(world) } : {};
  if (front === "over HTTP") open.push(await serveSandbox(sandbox));
  const registry = registryV2At(sandbox.url, { clock, scheme, ...deps });
  open.unshift(registry);
  return { sandbox, registry };
}

async function pushImage(registry: RegistryV2Port, repository: string, tag: string): Promise<string> {
  const config = await registry.uploadBlob(repository, IMAGE.config);
  const layer = await registry.uploadBlob(repository, IMAGE.layer, { chunkBytes: 20 });
  const { mediaType } = IMAGE;
  return await registry.putManifest(repository, tag, { mediaType, bytes: IMAGE.manifest(config, layer) });
}

const WAYS: readonly [ProfileName, "basic" | "token", Front][] = [
  ["2.1", "basic", "over HTTP"],
  ["2.1", "token", "in memory"],
  ["2.9", "basic", "over HTTP"],
  ["2.9", "token", "over HTTP"],
  ["2.9", "basic", "in memory"],
  ["2.16", "token", "over HTTP"],
];

describe.each(WAYS)("/v2 of a Harbor %s with %s %s", (profile, scheme, front) => {
  test("takes an image in and gives it out again, byte for byte", async () => {
    const { sandbox, registry } = await start(profile, scheme, front);
    const digest = await pushImage(registry, "library/team/app", "v1");
    expect(sandbox.tags().get("library/team/app")).toEqual(new Map([["v1", digest]]));
    expect(await registry.headManifest("library/team/app", "v1")).toEqual({
      digest,
      mediaType: IMAGE.mediaType,
    });
    const manifest = await registry.manifest("library/team/app", digest);
    expect(manifest).toMatchObject({ digest, mediaType: IMAGE.mediaType });
    const layer = (
      JSON.parse(Buffer.from(manifest?.bytes ?? []).toString()) as { layers: { digest: string }[] }
    ).layers[0]?.digest;
    expect(await registry.headBlob("library/team/app", layer ?? "")).toBe(IMAGE.layer.length);
    expect(
      Buffer.from((await registry.blob("library/team/app", layer ?? "")) ?? []).equals(IMAGE.layer),
    ).toBe(true);
    expect(await registry.serveBlob("library/team/app", layer ?? "")).toEqual({
      bytes: IMAGE.layer.length,
      matches: true,
    });
    expect(await registry.serveBlob("library/team/app", layer ?? "", { from: 5, to: 14 })).toEqual({
      bytes: 10,
      matches: undefined,
    });
    expect(sandbox.pullCount("library/team/app")).toBe(0);
  });

  test("says what is not there", async () => {
    const { registry } = await start(profile, scheme, front);
    await pushImage(registry, "library/app", "v1");
    const absent = `sha256:${"0".repeat(64)}`;
    expect(await registry.headManifest("library/app", "v2")).toBeUndefined();
    expect(await registry.manifest("library/app", absent)).toBeUndefined();
    expect(await registry.headBlob("library/app", absent)).toBeUndefined();
    expect(await registry.serveBlob("library/app", absent)).toBeUndefined();
    expect(await registry.blob("library/app", absent)).toBeUndefined();
    expect(await collect(registry.tags("library/none"))).toEqual([]);
    await expect(registry.headManifest("nowhere/app", "v1")).rejects.toMatchObject({
      code: "HARBOR_UNAUTHORIZED",
    });
  });

  test("mounts, lists tags by pages, and deletes", async () => {
    const { sandbox, registry } = await start(profile, scheme, front);
    const digest = await pushImage(registry, "library/app", "v1");
    const layer = await registry.uploadBlob("library/app", IMAGE.layer);
    expect(await registry.mountBlob("library/other", layer, "library/app")).toBe(true);
    expect(await registry.headBlob("library/other", layer)).toBe(IMAGE.layer.length);
    for (let i = 0; i < 230; i += 1) sandbox.push("library/many", `v${i}`, { seed: 1 });
    const names = await collect(registry.tags("library/many"));
    expect(names).toEqual([...(sandbox.tags().get("library/many") ?? [])].map(([name]) => name).sort());
    await registry.deleteManifest("library/app", digest);
    expect(await registry.headManifest("library/app", "v1")).toBeUndefined();
  });

  test("does not take wrong credentials", async () => {
    const { sandbox, registry } = await start(profile, scheme, front);
    sandbox.push("library/app", "v1");
    sandbox.faults.rotatePassword("admin", "another-Pa55word");
    const creating = registry.uploadBlob("library/app", IMAGE.layer);
    await expect(creating).rejects.toMatchObject({ code: "HARBOR_UNAUTHORIZED" });
  });
});
