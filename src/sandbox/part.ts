/** The processes of a Harbor beside core that can die by themselves. */
export const PART_NAMES = ["registry", "jobservice", "registryctl"] as const;
export type PartName = (typeof PART_NAMES)[number];

/** One of them, dead or alive, and as whom it was looked at last. */
export class Part {
  stopped = false;
  #changedAt = -Infinity;

  set(stopped: boolean, at: number): void {
    if (stopped === this.stopped) return;
    this.stopped = stopped;
    this.#changedAt = at;
  }

  /** Was it dead when it was looked at last: at whole multiples of the period, and so much later? */
  seenStopped(now: number, periodMs: number, laterMs: number): boolean {
    const lookedAt = Math.floor((now - laterMs) / periodMs) * periodMs + laterMs;
    return this.#changedAt <= lookedAt ? this.stopped : !this.stopped;
  }
}
