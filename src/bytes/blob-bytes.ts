import type { Clock } from "../clock.ts";
import { toAppError } from "../errors.ts";
import type { RegistryV2Port } from "../registry-v2/port.ts";

/** One registry to read from. */
export interface Source {
  readonly distribution: RegistryV2Port;
  readonly clock: Clock;
}

export interface BlobPlace {
  /** With the project. */
  readonly repository: string;
  readonly digest: string;
}

/** The bytes of a blob end before they should, again and again: the registry does not have the rest. */
export class BytesEnd extends Error {
  /** How many came, from the beginning of the blob. */
  readonly at: number;
  /** `absent`: the registry says so itself. */
  readonly why: "absent" | "ended";

  constructor(at: number, why: "absent" | "ended") {
    super(`the bytes end after ${at}`);
    this.at = at;
    this.why = why;
  }
}

/** At once asked for: what a request of usual patience brings over a slow line, and what fits into memory. */
export const PIECE_BYTES = 8 * 1024 * 1024;
/** A connection may break for many reasons; lost bytes are missing each time. */
const TRIES = 3;
const WAITS_MS = [250, 1_000];

/**
 * Bytes `from` to `to` (both included) of a blob as they come, in ranges of at most 8 MiB; what breaks off is gone on with where it broke.
 * Rejects with `BytesEnd` when the registry has nothing more, with an `AppError` when it can't be asked, which proves nothing.
 */
export async function* blobBytes(
  source: Source,
  place: BlobPlace,
  { from, to }: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  let at = from;
  let failures = 0;
  while (at <= to) {
    const before = at;
    const piece = readPiece(source, place, { from: at, to: Math.min(to, at + PIECE_BYTES - 1) }, signal);
    for await (const part of piece) {
      const wanted = part.subarray(0, to + 1 - at);
      at += wanted.length;
      yield wanted;
      if (at > to) return;
    }
    failures = at > before ? 0 : failures + 1;
    if (failures >= TRIES) throw new BytesEnd(at, "ended");
    if (failures > 0) await source.clock.sleep(WAITS_MS[failures - 1] ?? 0, signal);
  }
}

/** One answer, from the first byte that was asked for, until it ends or breaks off. */
async function* readPiece(
  { distribution }: Source,
  { repository, digest }: BlobPlace,
  range: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const stream = await distribution.readBlobRange(repository, digest, range, signal);
  if (stream === undefined) throw new BytesEnd(range.from, "absent");
  // What stands in front of a registry may give the whole blob instead of a range.
  let skip = range.from - stream.from;
  try {
    for await (const part of stream.parts) {
      const wanted = part.subarray(Math.min(Math.max(0, skip), part.length));
      skip -= part.length;
      if (wanted.length > 0) yield wanted;
    }
  } catch (thrown) {
    signal.throwIfAborted();
    // Slowness is no loss.
    const error = toAppError(thrown);
    if (error.code !== "HARBOR_UNREACHABLE") throw error;
  }
}
