import { reasonOf, type Clock, type Millis } from "../../src/clock.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Virtual time. Nothing waits: as soon as the event loop has turned with somebody sleeping, time jumps to
 * the earliest one who wakes. `advance` moves it by hand.
 */
export class AutoClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  #scheduled = false;
  readonly #turns: number;

  /** `turns` of the event loop go by before time jumps: more than one where work and sleepers run side by side. */
  constructor({ start = Date.UTC(2026, 0, 1), turns = 1 } = {}) {
    this.#now = start;
    this.#turns = turns;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): Millis {
    return this.#now;
  }

  /** Moves time forward without waking anybody before the next turn. */
  advance(ms: Millis): void {
    this.#now += ms;
    this.#wakeSoon();
  }

  sleep(ms: Millis, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(reasonOf(signal));
        return;
      }
      const stop = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        if (signal !== undefined) reject(reasonOf(signal));
      };
      const sleeper: Sleeper = {
        at: this.#now + Math.max(0, ms),
        wake: () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        },
      };
      signal?.addEventListener("abort", stop, { once: true });
      this.#sleepers.push(sleeper);
      this.#wakeSoon();
    });
  }

  #wakeSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#wakeAfter(this.#turns);
  }

  #wakeAfter(turns: number): void {
    setImmediate(() => {
      if (turns > 1) {
        this.#wakeAfter(turns - 1);
        return;
      }
      this.#scheduled = false;
      const next = this.#sleepers.reduce<Sleeper | undefined>(
        (first, one) => (first === undefined || one.at < first.at ? one : first),
        undefined,
      );
      if (next === undefined) return;
      this.#now = Math.max(this.#now, next.at);
      const due = this.#sleepers.filter((one) => one.at <= this.#now);
      this.#sleepers = this.#sleepers.filter((one) => one.at > this.#now);
      for (const one of due) one.wake();
      if (this.#sleepers.length > 0) this.#wakeSoon();
    });
  }
}
