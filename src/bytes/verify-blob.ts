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

/**
 * Reads a blob, or both ends of a big one, and counts what comes. A HEAD is not enough: Harbor's registry answers it, and the status line of
 * a GET, from a cache in Redis while the file is gone.
 */
export async function verifyBlob(
  source: Source,
  place: BlobPlace & { readonly size: number },
  { whole }: { readonly whole: boolean },
  signal: AbortSignal,
): Promise<BlobState> {
  try {
    return whole || place.size <= SMALL_BYTES
      ? await readWhole(source, place, signal)
      : await readEnds(source, place, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    if (!(thrown instanceof BytesEnd)) return { kind: "unread", error: toAppError(thrown) };
    return thrown.at === 0 || thrown.why === "absent"
      ? { kind: "missing" }
      : { kind: "short", at: thrown.at };
  }
}

async function readWhole(
  source: Source,
  place: BlobPlace & { readonly size: number },
  signal: AbortSignal,
): Promise<BlobState> {
  const [algorithm = "", wanted] = place.digest.split(":");
  const hash = createHash(algorithm);
  let bytes = 0;
  for await (const part of blobBytes(source, place, { from: 0, to: place.size - 1 }, signal)) {
    hash.update(part);
    bytes += part.length;
  }
  return hash.digest("hex") === wanted ? { kind: "served", bytes } : { kind: "wrong digest" };
}

async function readEnds(
  source: Source,
  place: BlobPlace & { readonly size: number },
  signal: AbortSignal,
): Promise<BlobState> {
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
