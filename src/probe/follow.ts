import type { Clock, Millis } from "../clock.ts";

/** The last wrong look at something, or that it was right. */
export type Look<Wrong> = { readonly right: true } | { readonly right: false; readonly wrong: Wrong };

export interface Followed<Wrong> {
  /**
   * From `since` to the beginning of the first right look; undefined: none was. Not to its end: how long a long answer takes to arrive says nothing of
   * when it could have been had.
   */
  readonly rightAfterMs: Millis | undefined;
  readonly tries: number;
  /** What the last wrong look showed. */
  readonly wrong: Wrong | undefined;
}

const FIRST_WAITS: readonly Millis[] = [20, 30, 50, 100, 200];
const LONGEST_WAIT_MS = 400;

/**
 * Looks until it is right or `giveUpMs` have gone by since `since` (on the clock that never goes back): at once, then ever less often, up to
 * once in 0.4 s. Rejects with what `look` or the clock reject with.
 */
export async function follow<Wrong>(
  { clock, since, giveUpMs }: { readonly clock: Clock; readonly since: Millis; readonly giveUpMs: Millis },
  look: () => Promise<Look<Wrong>>,
  signal: AbortSignal,
): Promise<Followed<Wrong>> {
  let wrong: Wrong | undefined;
  for (let tries = 1; ; tries += 1) {
    const rightAfterMs = Math.round(clock.monotonic() - since);
    const seen = await look();
    if (seen.right) return { rightAfterMs, tries, wrong };
    wrong = seen.wrong;
    const spentMs = clock.monotonic() - since;
    const waitMs = FIRST_WAITS[tries - 1] ?? LONGEST_WAIT_MS;
    if (spentMs + waitMs > giveUpMs) return { rightAfterMs: undefined, tries, wrong };
    await clock.sleep(waitMs, signal);
  }
}
