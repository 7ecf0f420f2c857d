import type { Base, Side, SideEvidence, TagReading, Verdict } from "./model.ts";

/** Harbor may still bring it: neither a gap nor a proof. Only beyond `settle` is it out of step. */
export function inFlight(...states: readonly SideEvidence["inFlight"][]): Verdict | undefined {
  if (states.includes("young")) {
    return { kind: "in-flight", reason: "it is too young to judge", notice: true };
  }
  if (states.includes("copying")) {
    return { kind: "in-flight", reason: "Harbor is still copying this repository", notice: false };
  }
  return undefined;
}

/** Nothing is known of the past of this tag: its repository was never read whole, or it was met in disagreement. */
export function neverAgreed(base: Base): boolean {
  return !base.warm || base.entry?.cold === true;
}

/**
 * A side holds what both agreed on, but from a later push. Harbor keeps the time of a tag that is pushed again as it is
 * (goharbor/harbor src/controller/tag/controller.go, Ensure), so it was moved away or deleted there meanwhile, and came back.
 */
export function cameBack({ entry }: Base, side: Side, reading: TagReading): boolean {
  const recorded = entry?.pushedAt[side];
  return recorded !== undefined && reading.digest === entry?.digest && reading.pushedAt > recorded;
}

/** Something else was seen on this side last, or the tag left what both agreed on and came back to it unseen. */
export function hasMoved(base: Base, side: Side, reading: TagReading): boolean {
  const last = base.entry?.seen[side].at(-1);
  return cameBack(base, side, reading) || (last !== undefined && last !== reading.digest);
}
