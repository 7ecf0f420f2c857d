/** The zero time of Go, which Harbor writes for "never". */
const NEVER = 0;
const ZERO_TIME = "0001-01-01T00:00:00";

/** Milliseconds since 1970 as Harbor's newer handlers write them: always three decimals. */
export function timeText(at: number): string {
  return at === NEVER ? `${ZERO_TIME}.000Z` : new Date(at).toISOString();
}

/** As the handlers of 2.1 write it: no trailing zeros. */
export function legacyTimeText(at: number): string {
  if (at === NEVER) return `${ZERO_TIME}Z`;
  return new Date(at).toISOString().replace(/\.?0+Z$/, "Z");
}

/** The job service keeps whole seconds. */
export function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000;
}
