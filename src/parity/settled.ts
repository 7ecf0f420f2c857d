import type { BaseEntry, Side, TagReading } from "./model.ts";

/**
 * Whether a tag is in step and nothing is left to remember of it: the same readings again would be judged the same, whatever else is known, and
 * change nothing.
 */
export function isSettled(
  entry: BaseEntry | undefined,
  left: TagReading | undefined,
  right: TagReading | undefined,
): boolean {
  if (entry === undefined || left === undefined || right === undefined) return false;
  if (entry.cold || entry.deletedOn !== undefined) return false;
  const isAsSeen = (side: Side, { digest, pushedAt }: TagReading): boolean =>
    digest === entry.digest && entry.pushedAt[side] === pushedAt && entry.seen[side].at(-1) === digest;
  return isAsSeen("left", left) && isAsSeen("right", right);
}
