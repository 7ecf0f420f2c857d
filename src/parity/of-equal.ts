import type { Finding } from "./model.ts";

/** Told of a tag that stands for the same on both sides: there is nothing to bring in step, and nothing that a copy could harm. */
export function isOfEqual({ notice, left, right }: Finding): boolean {
  return notice && left !== undefined && left === right;
}
