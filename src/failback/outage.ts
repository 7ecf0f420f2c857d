import type { Instant } from "../clock.ts";

/** A stretch of time in which a registry could not be reached, by our clock. `to` is missing while it lasts. */
export interface Outage {
  readonly from: Instant;
  readonly to?: Instant;
}

/** What our own probe knows of one registry. */
export interface Reach {
  readonly up: boolean;
  /** Answers in a row that contradict `up`. */
  readonly contrary: number;
  /** The last time it answered, or was first missed where it never did; an outage begins right after. */
  readonly lastGood?: Instant;
  /** When the first of the contrary answers came. */
  readonly contrarySince?: Instant;
}

export interface Hysteresis {
  readonly failAfter: number;
  readonly riseAfter: number;
}

export interface ReachStep {
  readonly reach: Reach;
  /** Set when the registry was just given up, or just came back. */
  readonly turned?: "down" | "up";
  /** The outage to be recorded: opened when it went down, closed when it came back. */
  readonly outage?: Outage;
}

export const FIRST_REACH: Reach = { up: true, contrary: 0 };

/**
 * One more probe. A registry is down after `failAfter` failures in a row and up after `riseAfter` successes in a row, so that a
 * flapping link is one outage. The outage is taken as long as it can have been: from the last answer to the first new one.
 */
export function afterProbe(reach: Reach, ok: boolean, at: Instant, limits: Hysteresis): ReachStep {
  if (ok === reach.up) {
    return { reach: { up: reach.up, contrary: 0, ...(ok ? { lastGood: at } : keepLastGood(reach)) } };
  }
  const contrary = reach.contrary + 1;
  const since = reach.contrary === 0 ? at : (reach.contrarySince ?? at);
  if (contrary < (reach.up ? limits.failAfter : limits.riseAfter)) {
    return { reach: { up: reach.up, contrary, contrarySince: since, ...keepLastGood(reach) } };
  }
  if (reach.up) {
    const from = reach.lastGood ?? since;
    // Kept even where it never answered, so that the outage is closed under the beginning that it was opened with.
    return { reach: { up: false, contrary: 0, lastGood: from }, turned: "down", outage: { from } };
  }
  const from = reach.lastGood ?? since;
  return { reach: { up: true, contrary: 0, lastGood: at }, turned: "up", outage: { from, to: at } };
}

function keepLastGood(reach: Reach): Pick<Reach, "lastGood"> {
  return reach.lastGood === undefined ? {} : { lastGood: reach.lastGood };
}

/** Whether something happened while the registry was away. */
export function isWithin(outages: readonly Outage[], at: Instant): boolean {
  return outages.some((outage) => at >= outage.from && (outage.to === undefined || at <= outage.to));
}
