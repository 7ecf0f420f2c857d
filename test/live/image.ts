import { createHash } from "node:crypto";
import type { RegistryV2Port } from "../../src/registry-v2/port.ts";

const IMAGE_TYPE = "application/vnd.docker.distribution.manifest.v2+json";
const INDEX_TYPE = "application/vnd.docker.distribution.manifest.list.v2+json";

interface Built {
  readonly digest: string;
  readonly size: number;
}

/** Pushes a small image whose content follows from `seed`, as a user would. Gives its digest. */
export async function pushImage(
  registry: RegistryV2Port,
  repository: string,
  tag: string,
  seed: string,
  bytes = 64,
): Promise<string> {
  const built = await putImage(registry, repository, tag, seed, "amd64", bytes);
  return built.digest;
}

/** Pushes an index of one image a platform; the images themselves have no tag. */
export async function pushIndex(
  registry: RegistryV2Port,
  repository: string,
  tag: string,
  seed: string,
): Promise<{ readonly digest: string; readonly children: readonly string[] }> {
  const manifests: Record<string, unknown>[] = [];
  for (const architecture of ["amd64", "arm64"]) {
    const child = await putImage(
      registry,
      repository,
      undefined,
      `${seed} ${architecture}`,
      architecture,
      64,
    );
    manifests.push({
      mediaType: IMAGE_TYPE,
      size: child.size,
      digest: child.digest,
      platform: { architecture, os: "linux" },
    });
  }
  const bytes = jsonBytes({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests });
  const digest = await registry.putManifest(repository, tag, { mediaType: INDEX_TYPE, bytes });
  return { digest, children: manifests.map((one) => String(one["digest"])) };
}

const OCI_TYPE = "application/vnd.oci.image.manifest.v1+json";

export interface AccessoryPush {
  /** The artifact that it names as its subject; without it, only its tag tells whose it is, as cosign does. */
  readonly subject?: string;
  readonly type: string;
  readonly seed: string;
  readonly tag?: string;
}

/** Pushes a small signature or SBOM, by its digest unless it has a tag. Gives its digest. */
export async function pushAccessory(
  registry: RegistryV2Port,
  repository: string,
  { subject, type, seed, tag }: AccessoryPush,
): Promise<string> {
  const named = subject === undefined ? undefined : await registry.manifest(repository, subject);
  const layer = noise(seed, 64);
  const config = jsonBytes({ created: "2026-01-01T00:00:00Z", rootfs: { type: "layers", diff_ids: [seed] } });
  const blobs = await Promise.all([layer, config].map((bytes) => registry.uploadBlob(repository, bytes)));
  const bytes = jsonBytes({
    schemaVersion: 2,
    mediaType: OCI_TYPE,
    artifactType: type,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", size: config.length, digest: blobs[1] },
    layers: [
      { mediaType: "application/vnd.dev.cosign.simplesigning.v1+json", size: layer.length, digest: blobs[0] },
    ],
    ...(named === undefined
      ? {}
      : { subject: { mediaType: named.mediaType, size: named.bytes.length, digest: named.digest } }),
  });
  const digest = digestOf(bytes);
  await registry.putManifest(repository, tag ?? digest, { mediaType: OCI_TYPE, bytes });
  return digest;
}

async function putImage(
  registry: RegistryV2Port,
  repository: string,
  tag: string | undefined,
  seed: string,
  architecture: string,
  layerBytes: number,
): Promise<Built> {
  const layer = noise(seed, layerBytes);
  const config = jsonBytes({
    architecture,
    os: "linux",
    config: { Labels: { seed } },
    rootfs: { type: "layers", diff_ids: [digestOf(layer)] },
    history: [{ created: "2026-01-01T00:00:00Z", created_by: seed }],
  });
  const layerDigest = await registry.uploadBlob(repository, layer);
  const configDigest = await registry.uploadBlob(repository, config);
  const bytes = jsonBytes({
    schemaVersion: 2,
    mediaType: IMAGE_TYPE,
    config: {
      mediaType: "application/vnd.docker.container.image.v1+json",
      size: config.length,
      digest: configDigest,
    },
    layers: [
      {
        mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip",
        size: layer.length,
        digest: layerDigest,
      },
    ],
  });
  const digest = digestOf(bytes);
  await registry.putManifest(repository, tag ?? digest, { mediaType: IMAGE_TYPE, bytes });
  return { digest, size: bytes.length };
}

/** Bytes that follow from a seed and do not compress. */
function noise(seed: string, length: number): Uint8Array {
  const out = Buffer.alloc(length);
  for (let at = 0; at < length; at += 32) {
    createHash("sha256").update(`${seed} ${at}`).digest().copy(out, at);
  }
  return out;
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
