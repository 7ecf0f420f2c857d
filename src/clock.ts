/** Milliseconds since 1970. */
export type Instant = number;
/** A length of time in milliseconds. */
export type Millis = number;

/** Time as an argument: everything that looks at a clock or waits takes one of these. */
export interface Clock {
  /** The wall clock, in milliseconds since 1970. */
  now(): Instant;
  /** A clock that never goes back, in milliseconds from an arbitrary start. */
  monotonic(): Millis;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: Millis, signal?: AbortSignal): Promise<void>;
}

/**
 * Calls once after so many milliseconds of real time, unless what is returned is called before. For what no other time can bound, as sockets; it keeps
 * no process alive.
 */
export function afterRealTime(ms: Millis, call: () => void): () => void {
  const timer = setTimeout(call, ms);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Randomness as an argument: a number in [0, 1). */
export type Random = () => number;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(reasonOf(signal));
        return;
      }
      const stop = (): void => {
        clearTimeout(timer);
        if (signal !== undefined) reject(reasonOf(signal));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal?.addEventListener("abort", stop, { once: true });
    }),
};

export const systemRandom: Random = () => Math.random();

/** What an aborted signal was aborted with, as an error. */
export function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error("aborted");
}
