import { createHash } from "node:crypto";
import { toAppError, type AppError } from "../errors.ts";
import { blobBytes, BytesEnd, type BlobPlace, type Source } from "./blob-bytes.ts";

/** What a registry really gives out of a blob. Only `served` and `unread` are no findings: from what can't be read nothing follows. */
export type BlobState =
  | { readonly kind: "served"; readonly bytes: number }
  /** Not a byte of it came: its file is gone, or the registry does not know it in this repository. */
  | { readonly kind: "missing" }
  /** Its file is cut short: this byte, counted from 0, did not come; where only the ends were read, earlier ones may lack too. */
  | { readonly kind: "short"; readonly at: number }
  | { readonly kind: "wrong digest" }
  | { readonly kind: "unread"; readonly error: AppError };

/** Up to this size a blob is read whole and hashed; it costs no more than a few requests. */
const SMALL_BYTES = 1024 * 1024;
/** Of a bigger one, so much at both ends: a file that is gone or cut short lacks the last ones. */
const END_BYTES = 64 * 1024;

type Sized = BlobPlace & { readonly size: number };

/**
 * Reads a blob, or both ends of a big one, and counts what comes. A HEAD is not enough: Harbor's registry answers it, and the status line of
 * a GET, from a cache in Redis while the file is gone. A blob whose size no manifest names is read whole: the registry may name that of a file which is
 * cut short.
 */
export async function verifyBlob(
  source: Source,
  place: BlobPlace & { readonly size: number | undefined },
  { whole }: { readonly whole: boolean },
  signal: AbortSignal,
): Promise<BlobState> {
  try {
    const size = await sizeOf(source, place, signal);
    if (size === undefined) return { kind: "missing" };
    return whole || place.size === undefined || size <= SMALL_BYTES
      ? await readWhole(source, { ...place, size }, signal)
      : await readEnds(source, { ...place, size }, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    if (!(thrown instanceof BytesEnd)) return { kind: "unread", error: toAppError(thrown) };
    return thrown.at === 0 || thrown.why === "absent"
      ? { kind: "missing" }
      : { kind: "short", at: thrown.at };
  }
}

/** What the manifest names, else what the registry says; undefined when it is not there. */
export async function sizeOf(
  { distribution }: Source,
  { repository, digest, size }: BlobPlace & { readonly size: number | undefined },
  signal: AbortSignal,
): Promise<number | undefined> {
  return size ?? (await distribution.headBlob(repository, digest, signal));
}

async function readWhole(source: Source, place: Sized, signal: AbortSignal): Promise<BlobState> {
  const [algorithm = "", wanted] = place.digest.split(":");
  const hash = createHash(algorithm);
  let bytes = 0;
  for await (const part of blobBytes(source, place, { from: 0, to: place.size - 1 }, signal)) {
    hash.update(part);
    bytes += part.length;
  }
  return hash.digest("hex") === wanted ? { kind: "served", bytes } : { kind: "wrong digest" };
}

async function readEnds(source: Source, place: Sized, signal: AbortSignal): Promise<BlobState> {
  const { size } = place;
  let bytes = 0;
  for (const range of [
    { from: 0, to: END_BYTES - 1 },
    { from: size - END_BYTES, to: size - 1 },
  ]) {
    for await (const part of blobBytes(source, place, range, signal)) bytes += part.length;
  }
  return { kind: "served", bytes };
}
