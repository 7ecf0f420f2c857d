import { systemClock } from "../../src/clock.ts";

const EVERY_MS = 200;

/**
 * Looks at a real Harbor again and again until `look` gives something; a Harbor tells nobody when its background work is done.
 * Rejects with what was waited for.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  seconds = 90,
  everyMs = EVERY_MS,
): Promise<T> {
  const end = systemClock.monotonic() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (systemClock.monotonic() > end) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await systemClock.sleep(everyMs);
  }
}

/** Lets time pass where the age of something real is what matters. */
export function passed(seconds: number): Promise<void> {
  return systemClock.sleep(seconds * 1000);
}
