import { toAppError, type AppError } from "../errors.ts";
import type { Manifest } from "../registry-v2/port.ts";
import type { Source } from "./blob-bytes.ts";
import { manifestParts, type ManifestParts, type Part } from "./manifest-parts.ts";
import { verifyBlob, type BlobState } from "./verify-blob.ts";

/** Something that an image consists of and that a registry does not serve. */
export interface Lack {
  readonly what: "manifest" | "config" | "layer";
  readonly digest: string;
  /** Only what is missing can be uploaded anew: a registry keeps a file that is there, whatever is in it. */
  readonly kind: "missing" | "short" | "wrong digest";
  /** As in `layer sha256:… of 10240 bytes is missing`. */
  readonly sentence: string;
}

/** What one registry serves of one image, with all images of an index. In order where nothing lacks and nothing is unread. */
export interface ServedImage {
  readonly digest: string;
  readonly lacks: readonly Lack[];
  /** What could not be read. It proves nothing. */
  readonly unread: readonly AppError[];
  /** Read and found to be served. */
  readonly manifests: number;
  readonly blobs: number;
  readonly bytes: number;
  /** Layers that lie elsewhere by intention. */
  readonly foreign: number;
}

export interface VerifyOptions {
  /** Reads and hashes big blobs too, instead of both of their ends. */
  readonly whole?: boolean;
  /** What this run found already, for one registry: layers are shared by many images. */
  readonly seen?: Map<string, Promise<BlobState>>;
}

/**
 * Reads what an image consists of, as far as it must be served: its manifest, the images of an index, configurations and layers. Nothing of
 * it is kept, and nothing counts as a pull. `digest` names the manifest, so that it is the same image on every registry.
 */
export async function verifyImage(
  source: Source,
  repository: string,
  digest: string,
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<ServedImage> {
  const found = new Found(digest);
  await addManifest({ source, repository, options, signal, found }, digest);
  if (found.lacks.length > 0) await confirmAnswering({ source, repository, options, signal, found }, digest);
  return found;
}

interface Verifying {
  readonly source: Source;
  readonly repository: string;
  readonly options: VerifyOptions;
  readonly signal: AbortSignal;
  readonly found: Found;
}

class Found implements ServedImage {
  readonly digest: string;
  readonly lacks: Lack[] = [];
  readonly unread: AppError[] = [];
  manifests = 0;
  blobs = 0;
  bytes = 0;
  foreign = 0;

  constructor(digest: string) {
    this.digest = digest;
  }
}

async function addManifest(verifying: Verifying, digest: string): Promise<void> {
  const { found, signal } = verifying;
  signal.throwIfAborted();
  const read = await readParts(verifying, digest);
  if (read === "unread") return;
  if (read === "missing") {
    found.lacks.push({
      what: "manifest",
      digest,
      kind: "missing",
      sentence: `manifest ${digest} is missing`,
    });
    return;
  }
  found.manifests += 1;
  for (const child of read.children) await addManifest(verifying, child.digest);
  for (const blob of read.blobs) {
    if (blob.foreign) found.foreign += 1;
    else add(found, blob, await stateOf(verifying, blob));
  }
}

async function readParts(
  { source, repository, signal, found }: Verifying,
  digest: string,
): Promise<ManifestParts | "missing" | "unread"> {
  try {
    const manifest: Manifest | undefined = await source.distribution.manifest(repository, digest, signal);
    return manifest === undefined ? "missing" : manifestParts(manifest);
  } catch (thrown) {
    signal.throwIfAborted();
    found.unread.push(toAppError(thrown));
    return "unread";
  }
}

function stateOf(
  { source, repository, options, signal }: Verifying,
  { digest, size }: Pick<Part, "digest" | "size">,
): Promise<BlobState> {
  const name = `${repository}@${digest}`;
  const known = options.seen?.get(name);
  if (known !== undefined) return known;
  const whole = options.whole === true;
  const state = verifyBlob(source, { repository, digest, size }, { whole }, signal);
  options.seen?.set(name, state);
  return state;
}

function add(found: Found, { role, digest, size }: Part, state: BlobState): void {
  switch (state.kind) {
    case "served":
      found.blobs += 1;
      found.bytes += state.bytes;
      return;
    case "unread":
      found.unread.push(state.error);
      return;
    case "missing":
    case "short":
    case "wrong digest": {
      const words = WORDS[state.kind];
      const sentence = `${role} ${digest}${size === undefined ? "" : ` of ${size} bytes`} ${words}`;
      found.lacks.push({ what: role, digest, kind: state.kind, sentence });
    }
  }
}

const WORDS = { missing: "is missing", short: "is cut short", "wrong digest": "holds other bytes" };

/** A connection that broke may have been the registry's end: only one that answers afterwards lacks something. */
async function confirmAnswering(
  { source, repository, signal, found }: Verifying,
  digest: string,
): Promise<void> {
  try {
    await source.distribution.manifest(repository, digest, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    found.lacks.length = 0;
    found.unread.push(toAppError(thrown));
  }
}
