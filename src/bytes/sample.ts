import { createHash } from "node:crypto";
import type { Instant } from "../clock.ts";

/** A share is counted in millionths, so that windows meet without a gap however long the rounds go on. */
const WHOLE = 1_000_000;
const DAY_MS = 86_400_000;

export interface Sample {
  /** More than 0, at most 1: how much of all images is read in one round. */
  readonly share: number;
  /** Whole, from 0. */
  readonly round: number;
}

/** A new round begins each day, at midnight UTC: by then a schedule has read the same sample often enough. */
export function roundAt(now: Instant): number {
  return Math.floor(now / DAY_MS);
}

/**
 * Whether an image belongs to a round's sample. Each has a place on a circle, by its digest; a round reads a window of it as wide as the
 * share, and the next round the window that follows, so in 1/share rounds (rounded up) each image is read at least once.
 */
export function isSampled(digest: string, { share, round }: Sample): boolean {
  const width = Math.min(WHOLE, Math.max(1, Math.round(share * WHOLE)));
  const start = (round * width) % WHOLE;
  const place = createHash("sha256").update(digest).digest().readUInt32BE(0) % WHOLE;
  return (place - start + WHOLE) % WHOLE < width;
}
