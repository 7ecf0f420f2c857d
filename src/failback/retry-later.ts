import type { Instant, Millis } from "../clock.ts";
import type { FailureClass } from "./failure-class.ts";

export type Again = { readonly kind: "now" } | { readonly kind: "not-before"; readonly at: Instant };

/** So many tries before the first pause, where trying again may do. */
const TRIES_AT_ONCE = 3;
const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;

/** First pause and longest one; each is twice the one before. */
const PAUSES: Readonly<Record<Exclude<FailureClass, "wait">, readonly [Millis, Millis]>> = {
  retry: [5 * MINUTE, HOUR],
  person: [HOUR, 24 * HOUR],
};

/**
 * When a work that failed is tried again. What waits for something that goes by itself is tried in each pass; what needs a person is tried
 * now and then, since nobody tells us that it was done.
 */
export function whenAgain(
  failures: { readonly inARow: number; readonly lastAt: Instant } | undefined,
  failureClass: FailureClass,
  now: Instant,
): Again {
  if (failures === undefined || failures.inARow === 0 || failureClass === "wait") return { kind: "now" };
  const paused = failureClass === "retry" ? failures.inARow - TRIES_AT_ONCE : failures.inARow - 1;
  if (paused < 0) return { kind: "now" };
  const [first, longest] = PAUSES[failureClass];
  const at = failures.lastAt + Math.min(longest, first * 2 ** Math.min(paused, 10));
  return at <= now ? { kind: "now" } : { kind: "not-before", at };
}
