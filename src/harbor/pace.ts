import type { Millis } from "../clock.ts";

/** How many requests one registry gets at once: fewer where it answers more slowly than it did, never more than it may get. */
export interface Pace {
  /** How many it may get now. */
  readonly atOnce: number;
  /**
   * Tells how an answer came. `kind` names what was asked, `bytes` how much came; `isOverloaded` where the registry itself said that it has too much
   * to do, or said nothing in time.
   */
  answered(answer: Answered): void;
}

export interface Answered {
  readonly kind: string;
  readonly ms: Millis;
  readonly bytes: number;
  readonly isOverloaded: boolean;
}

/** Answers of one kind after which the quickest ones of long ago are forgotten: a registry may have become another one. */
const WINDOW = 200;
/** So many answers of a kind are needed before anything is concluded from how long they take. */
const FEW = 10;
/** The newest answer's share in what is usual now. */
const WEIGHT = 0.2;
/** Slow is what takes so many times as long as the quickest, and so much longer a part: below that other things than load decide. */
const SLOW_TIMES = 4;
const SLOW_MS: Millis = 100;
/** A whole page of a listing takes longer than its last one, without anything being wrong: so much is one part of what is measured. */
const PART_BYTES = 16 * 1024;
/** Good answers at one pace before one more request at once is tried; a halving is given time to show, too. */
const PATIENCE = 20;

interface Kind {
  usual: Millis;
  seen: number;
  quickest: Millis;
  /** Of the window before, so that forgetting does not mean knowing nothing. */
  quickestBefore: Millis;
}

/** Additive increase, multiplicative decrease, by measured latency against the quickest of the last answers of the same kind. */
export function createPace(limit: number): Pace {
  const kinds = new Map<string, Kind>();
  let atOnce = limit;
  let sinceChange = 0;
  const change = (to: number): void => {
    atOnce = Math.min(limit, Math.max(1, to));
    sinceChange = 0;
  };
  return {
    get atOnce() {
      return atOnce;
    },
    answered: ({ kind, ms: total, bytes, isOverloaded }) => {
      const ms = total / (1 + bytes / PART_BYTES);
      sinceChange += 1;
      const known = kinds.get(kind) ?? { usual: ms, seen: 0, quickest: ms, quickestBefore: ms };
      kinds.set(kind, known);
      if (!isOverloaded) learn(known, ms);
      // The answers that were under way when it was halved say nothing of the new pace.
      const mayHalve = sinceChange > atOnce;
      if ((isOverloaded || isSlow(known)) && mayHalve) change(Math.floor(atOnce / 2));
      else if (!isOverloaded && !isSlow(known) && sinceChange >= PATIENCE && atOnce < limit) {
        change(atOnce + 1);
      }
    },
  };
}

function learn(kind: Kind, ms: Millis): void {
  kind.usual += (ms - kind.usual) * WEIGHT;
  kind.seen += 1;
  kind.quickest = Math.min(kind.quickest, ms);
  if (kind.seen % WINDOW !== 0) return;
  kind.quickestBefore = kind.quickest;
  kind.quickest = ms;
}

function isSlow({ usual, seen, quickest, quickestBefore }: Kind): boolean {
  const best = Math.min(quickest, quickestBefore);
  return seen >= FEW && usual > best * SLOW_TIMES && usual > best + SLOW_MS;
}
