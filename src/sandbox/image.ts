import { createHash } from "node:crypto";
import { digestOf } from "./blob-store.ts";
import { OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST } from "./manifest.ts";

export interface ImageContent {
  /** Bytes of each layer, 64 by default. */
  readonly size?: number;
  /** The same seed makes the same image. */
  readonly seed?: number | string;
  readonly layers?: number;
  readonly architecture?: string;
}

export interface Image {
  readonly manifest: Buffer;
  readonly blobs: readonly Buffer[];
}

/** A whole small OCI image that depends on the seed alone. */
export function imageOf(content: ImageContent, seed: number | string): Image {
  const size = content.size ?? 64;
  const layers = Array.from({ length: content.layers ?? 1 }, (_, at) => noise(`${seed}/layer/${at}`, size));
  const config = Buffer.from(
    JSON.stringify({
      architecture: content.architecture ?? "amd64",
      os: "linux",
      config: {},
      rootfs: { type: "layers", diff_ids: layers.map(digestOf) },
      "org.sandbox.seed": String(seed),
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: { mediaType: OCI_CONFIG, size: config.length, digest: digestOf(config) },
      layers: layers.map((layer) => ({ mediaType: OCI_LAYER, size: layer.length, digest: digestOf(layer) })),
    }),
  );
  return { manifest, blobs: [...layers, config] };
}

export interface IndexChild {
  readonly digest: string;
  readonly size: number;
  readonly architecture: string;
}

export function indexOf(children: readonly IndexChild[]): Buffer {
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: children.map(({ digest, size, architecture }) => ({
        mediaType: OCI_MANIFEST,
        size,
        digest,
        platform: { architecture, os: "linux" },
      })),
    }),
  );
}

/** A signature as cosign makes them by reference: a small manifest that names its subject. */
export function signatureOf(
  subject: { digest: string; size: number; mediaType: string },
  seed: number | string,
): Image {
  const config = Buffer.from("{}");
  const layer = Buffer.from(JSON.stringify({ critical: subject.digest, seed: String(seed) }));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      artifactType: "application/vnd.dev.cosign.artifact.sig.v1+json",
      config: {
        mediaType: "application/vnd.oci.empty.v1+json",
        size: config.length,
        digest: digestOf(config),
      },
      layers: [
        {
          mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
          size: layer.length,
          digest: digestOf(layer),
        },
      ],
      subject,
    }),
  );
  return { manifest, blobs: [layer, config] };
}

/** Bytes that look random and depend on the text alone. */
function noise(text: string, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at * 32 < size; at++) parts.push(createHash("sha256").update(`${text}/${at}`).digest());
  return Buffer.concat(parts).subarray(0, size);
}
