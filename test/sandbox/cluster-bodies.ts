import { createHash } from "node:crypto";
import { digestOf } from "../../src/sandbox/blob-store.ts";
import { imageOf, type Image } from "../../src/sandbox/image.ts";
import type { ClusterCall } from "./cluster-recording.ts";

const HALF = 20_000;
const LAYER = 65_555;

/** The recorded bytes were not kept: these stand for them, the same for the same recorded call. */
export class ClusterBodies {
  /** Recorded → ours. */
  readonly digests = new Map<string, string>();
  /** By the recorded id of the upload. */
  readonly #uploads = new Map<string, { readonly body: Buffer; readonly patched: boolean }>();

  constructor(calls: readonly ClusterCall[]) {
    const parts = new Map<string, number>();
    for (const call of calls) {
      const put = /^\/v2\/(.+)\/blobs\/uploads\/([0-9a-f-]{36})\?.*digest=sha256%3A([0-9a-f]{64})/.exec(
        call.path,
      );
      if (call.method !== "PUT" || put === null) continue;
      const [, repository = "", id = "", hash = ""] = put;
      const patched = calls.some((one) => one.method === "PATCH" && one.path.includes(id));
      const body = call.probe === "e" ? noise(hash) : imagePart(repository, parts);
      this.#uploads.set(id, { body, patched });
      this.digests.set(`sha256:${hash}`, digestOf(body));
    }
    for (const { method, path, headers } of calls) {
      const repository = /^\/v2\/(.+)\/manifests\/v1$/.exec(path)?.[1];
      const recorded = headers?.["docker-content-digest"];
      if (method !== "PUT" || repository === undefined || typeof recorded !== "string") continue;
      this.digests.set(recorded, digestOf(image(repository).manifest));
    }
  }

  /** What a PATCH or PUT of that upload sends: the first half, the second, or all at once. */
  chunk(method: string, id: string): Buffer {
    const upload = this.#uploads.get(id);
    if (method === "PATCH") return upload?.body.subarray(0, HALF) ?? Buffer.alloc(HALF);
    return (upload?.patched === true ? upload.body.subarray(HALF) : upload?.body) ?? Buffer.alloc(0);
  }

  digestOf(id: string): string {
    return digestOf(this.#uploads.get(id)?.body ?? "");
  }

  manifest(repository: string): Buffer {
    return image(repository).manifest;
  }
}

function image(repository: string): Image {
  const { manifest, blobs } = imageOf({ size: LAYER }, repository);
  return { manifest: Buffer.from(manifest.toString().replace("tar+gzip", "tar")), blobs };
}

/** First the configuration, then the layer. */
function imagePart(repository: string, parts: Map<string, number>): Buffer {
  const part = parts.get(repository) ?? 0;
  parts.set(repository, part + 1);
  const [layer, config] = image(repository).blobs;
  return (part === 0 ? config : layer) ?? Buffer.alloc(0);
}

function noise(seed: string): Buffer {
  const block = createHash("sha256").update(seed).digest();
  return Buffer.concat(Array.from({ length: (2 * HALF) / block.length }, () => block));
}
