import { toAppError, type AppError } from "../errors.ts";
import { blobBytes, BytesEnd, PIECE_BYTES, type Source } from "./blob-bytes.ts";
import { verifyBlob } from "./verify-blob.ts";

export interface BlobCopy {
  readonly donor: Source;
  readonly target: Source;
  readonly repository: string;
  readonly digest: string;
  readonly size: number;
  /** Called before each try to upload. */
  beforeWrite(): Promise<void>;
}

/**
 * `not taken`: the target answered that it stored the blob, and still does not serve it. Its registry keeps a file that is there, so a damaged
 * one has to be removed from its storage first (seen on 2.1.6, 2.9.0 and 2.14.4).
 */
export type BlobCopied = "copied" | "donor lacks it" | "not taken";

const TRIES = 3;
const WAIT_MS = 1_000;

/**
 * Uploads a blob whether the target says that it has it or not: that answer comes from a cache. A broken upload begins anew, unless the target
 * serves the bytes after all. Rejects with an `AppError` when one of both can't be talked to, or the donor gives other bytes.
 */
export async function copyBlob(copy: BlobCopy, signal: AbortSignal): Promise<BlobCopied> {
  for (let tries = 1; ; tries += 1) {
    await copy.beforeWrite();
    try {
      await upload(copy, signal);
    } catch (thrown) {
      signal.throwIfAborted();
      if (thrown instanceof BytesEnd) return "donor lacks it";
      const error = toAppError(thrown);
      if (tries >= TRIES || !isPassing(error)) throw error;
      await copy.target.clock.sleep(WAIT_MS * tries, signal);
      continue;
    }
    const { kind } = await verifyBlob(copy.target, copy, { whole: false }, signal);
    // One that can't be read now is judged by whoever proves the whole image.
    return kind === "served" || kind === "unread" ? "copied" : "not taken";
  }
}

/** What fits into a piece is in memory as a whole; a bigger one goes by piece by piece. */
async function upload(
  { donor, target, repository, digest, size }: BlobCopy,
  signal: AbortSignal,
): Promise<void> {
  const bytes = blobBytes(donor, { repository, digest }, { from: 0, to: size - 1 }, signal);
  await target.distribution.uploadBlobFrom(repository, digest, inPieces(bytes), signal);
}

/** Gathers what comes into chunks of equal size but for the last: storage in objects takes no small ones. */
async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of bytes) {
    let rest = part;
    while (length + rest.length >= PIECE_BYTES) {
      const fits = rest.subarray(0, PIECE_BYTES - length);
      yield Buffer.concat([...parts, fits]);
      rest = rest.subarray(fits.length);
      parts = [];
      length = 0;
    }
    if (rest.length > 0) parts.push(rest);
    length += rest.length;
  }
  if (length > 0) yield Buffer.concat(parts);
}

function isPassing({ code }: AppError): boolean {
  return ["HARBOR_UNREACHABLE", "HARBOR_TIMEOUT", "HARBOR_BUSY", "HARBOR_FAILED"].includes(code);
}
