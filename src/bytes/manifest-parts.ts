import { AppError } from "../errors.ts";
import type { Manifest } from "../registry-v2/port.ts";

/** What a manifest names. */
export interface Descriptor {
  readonly digest: string;
  /** In bytes; undefined where the manifest does not say it, as in Docker's first format. */
  readonly size: number | undefined;
  readonly mediaType: string;
  /** Lies elsewhere by intention, so no registry has to serve it. */
  readonly foreign: boolean;
}

export interface Part extends Descriptor {
  readonly role: "config" | "layer";
}

export interface ManifestParts {
  /** Images of an index. */
  readonly children: readonly Descriptor[];
  /** Each digest once. */
  readonly blobs: readonly Part[];
  /** The artifact that a signature or SBOM is about. */
  readonly subject: string | undefined;
}

/** Reads what a manifest or an index names. Throws `HARBOR_NONSENSE` for one that is malformed. */
export function manifestParts({ digest, bytes }: Pick<Manifest, "digest" | "bytes">): ManifestParts {
  const document = objectOf(parsed(bytes));
  if (document === undefined) throw malformed(digest);
  const list = (key: string): Descriptor[] => listOf(document[key]).map((one) => descriptor(one, digest));
  const config = document["config"] === undefined ? [] : [descriptor(document["config"], digest)];
  const ofFirstFormat = listOf(document["fsLayers"]).map((one) => layerOfFirstFormat(one, digest));
  // `blobs` is what the artifact manifests of an early OCI 1.1 called their layers.
  const layers = [...list("layers"), ...list("blobs"), ...ofFirstFormat];
  const blobs = [
    ...config.map((one): Part => ({ ...one, role: "config" })),
    ...layers.map((one): Part => ({ ...one, role: "layer" })),
  ];
  return {
    children: unique(list("manifests")),
    blobs: unique(blobs),
    subject: document["subject"] === undefined ? undefined : descriptor(document["subject"], digest).digest,
  };
}

function unique<T extends Descriptor>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [one.digest, one])).values()];
}

function descriptor(value: unknown, of: string): Descriptor {
  const one = objectOf(value);
  const digest = one?.["digest"];
  const size = one?.["size"];
  if (typeof digest !== "string" || typeof size !== "number" || size < 0) throw malformed(of);
  const mediaType = one?.["mediaType"];
  const type = typeof mediaType === "string" ? mediaType : "";
  const foreign = listOf(one?.["urls"]).length > 0 || /foreign|nondistributable/.test(type);
  return { digest, size, mediaType: type, foreign };
}

/** Docker's first format has no configuration either: the history in the manifest is in its place. */
function layerOfFirstFormat(value: unknown, of: string): Descriptor {
  const digest = objectOf(value)?.["blobSum"];
  if (typeof digest !== "string") throw malformed(of);
  return { digest, size: undefined, mediaType: "", foreign: false };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function malformed(digest: string): AppError {
  return new AppError("HARBOR_NONSENSE", `the manifest ${digest} can't be read: it is no manifest`, {
    hint: "look at the image with another client",
  });
}
