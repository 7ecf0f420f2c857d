import type { Clock, Millis } from "../clock.ts";
import type { NodePort } from "../harbor/node-port.ts";
import { withinTime } from "./within-time.ts";

/** How long a removal may take. */
export interface RemovalTime {
  /** For itself and all that is removed after it. */
  readonly leftMs: Millis;
  /** Whether it may wait for what Harbor keeps for now; where it may not, it is called again. */
  readonly mayWait: boolean;
  /** Aborted when whatever is left has to hurry. */
  readonly signal: AbortSignal | undefined;
  /** A node that is asked within this time, and rejects after it. */
  within(node: NodePort): NodePort;
}

type Remove = (time: RemovalTime) => Promise<void>;

/** What a probe made and has to remove. */
export interface Cleanup {
  /**
   * To be called before the thing is made, since an answer may be lost. `what` is as in "repository x"; `remove` must bear that it was never made,
   * and that it was removed in part, must not use the signal of the probe (which may be aborted), and rejects when the thing stays. What could do harm
   * is removed `first` where there is little time.
   */
  add(what: string, remove: Remove, rank?: "first"): void;
}

interface CleanupRun extends Cleanup {
  isEmpty(): boolean;
  /**
   * Removes in reverse order. Once the signal is aborted what is left is removed in a hurry, which is over in 8 s. What could not be removed, or not
   * begun within the time, comes back as sentences. Never rejects.
   */
  run(limitMs: Millis, signal: AbortSignal): Promise<string[]>;
}

/** A daemon that is stopped has ten seconds for everything (README.md). */
const HURRY_MS: Millis = 8_000;
/** A node that is silent must not take the time that the others need. */
const HURRIED_REQUEST_MS: Millis = 2_000;
const AGAIN_AFTER_MS: Millis = 2_000;
const NO_TIME = "there was no time left to remove it";

interface Made {
  readonly what: string;
  readonly remove: Remove;
  readonly rank?: "first" | undefined;
}

export function createCleanup(clock: Clock): CleanupRun {
  const made: Made[] = [];
  return {
    add: (what, remove, rank) => made.push({ what, remove, rank }),
    isEmpty: () => made.length === 0,
    run: async (limitMs, signal) => {
      const until = clock.monotonic() + limitMs;
      const left: Left[] = [];
      const cutShort: Made[] = [];
      for (const one of made.splice(0).reverse()) {
        const why = signal.aborted ? NO_TIME : await whyLeft(one, timeUntil(clock, until, signal));
        if (why === undefined) continue;
        if (signal.aborted) cutShort.push(one);
        else left.push({ ...one, why });
      }
      left.push(...(await hurry(clock, cutShort)));
      return left.map(({ what, why }) => `${what}: ${why}`);
    },
  };
}

interface Left extends Made {
  readonly why: string;
}

/** What stays is tried again for as long as there is time: Harbor keeps most of it for some seconds only. */
async function hurry(clock: Clock, made: readonly Made[]): Promise<readonly Left[]> {
  const until = clock.monotonic() + HURRY_MS;
  const tryAll = (some: readonly Made[]): Promise<Left[]> =>
    removeTogether(some, () => timeUntil(clock, until));
  for (let open = made; ;) {
    const left = [
      ...(await tryAll(open.filter(({ rank }) => rank === "first"))),
      ...(await tryAll(open.filter(({ rank }) => rank === undefined))),
    ];
    if (left.length === 0 || clock.monotonic() + AGAIN_AFTER_MS >= until) return left;
    await clock.sleep(AGAIN_AFTER_MS);
    open = left;
  }
}

/** Side by side: one that a silent node holds up must hold up no other. */
async function removeTogether(made: readonly Made[], time: () => RemovalTime): Promise<Left[]> {
  const whys = await Promise.all(made.map(async (one) => ({ one, why: await whyLeft(one, time()) })));
  return whys.flatMap(({ one, why }) => (why === undefined ? [] : [{ ...one, why }]));
}

/** Without a signal it is in a hurry. */
function timeUntil(clock: Clock, until: Millis, signal?: AbortSignal): RemovalTime {
  const requestMs = signal === undefined ? { requestMs: HURRIED_REQUEST_MS } : {};
  return {
    leftMs: until - clock.monotonic(),
    mayWait: signal !== undefined,
    signal,
    within: (node) => withinTime(node, { clock, until, signal, ...requestMs }),
  };
}

async function whyLeft({ remove }: Made, time: RemovalTime): Promise<string | undefined> {
  if (time.leftMs < 0) return NO_TIME;
  try {
    await remove(time);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
