import type { Clock, Millis } from "../clock.ts";

/** What a probe made and has to remove. */
export interface Cleanup {
  /**
   * To be called before the thing is made, since an answer may be lost. `what` is as in "repository x"; `remove` must bear that it was never
   * made, must not use the signal of the probe (which may be aborted), and rejects when the thing stays. It is told how much time is left for
   * itself and all that is removed after it.
   */
  add(what: string, remove: (leftMs: Millis) => Promise<void>): void;
}

interface CleanupRun extends Cleanup {
  isEmpty(): boolean;
  /** Removes in reverse order. What could not be removed, or not begun within the time, comes back as sentences. Never rejects. */
  run(limitMs: Millis): Promise<string[]>;
}

export function createCleanup(clock: Clock): CleanupRun {
  const made: { readonly what: string; readonly remove: (leftMs: Millis) => Promise<void> }[] = [];
  return {
    add: (what, remove) => made.push({ what, remove }),
    isEmpty: () => made.length === 0,
    run: async (limitMs) => {
      const until = clock.monotonic() + limitMs;
      const left: string[] = [];
      for (const { what, remove } of made.splice(0).reverse()) {
        if (clock.monotonic() > until) {
          left.push(`${what}: there was no time left to remove it`);
          continue;
        }
        try {
          await remove(until - clock.monotonic());
        } catch (thrown) {
          left.push(`${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
        }
      }
      return left;
    },
  };
}
