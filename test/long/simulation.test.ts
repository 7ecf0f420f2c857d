import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { playRow } from "../simulation/play-row.ts";
import { ROWS } from "../simulation/rows.ts";
import type { Tally } from "../simulation/tally.ts";
import { runSeeds } from "../simulation/workers.ts";

const FIRST = 1;
const LIVES = 20_000;
const SEEDS_EACH = 100;
const KINDS = ["dual-master", "master-slave"] as const;

/** How many lives beside each other went by without it, at most. */
function longestWithout(tallies: readonly (Tally | undefined)[], what: keyof Tally): number {
  let [longest, now] = [0, 0];
  for (const tally of tallies) {
    now = (tally?.[what] ?? 0) === 0 ? now + 1 : 0;
    longest = Math.max(longest, now);
  }
  return longest;
}

test(
  `${LIVES} lives with everything that can happen`,
  async () => {
    const failures: string[] = [];
    const tallies: (Tally | undefined)[] = [];
    await runSeeds(
      { first: FIRST, count: LIVES, workers: availableParallelism() },
      ({ seed, tally, failure }) => {
        tallies[seed - FIRST] = tally;
        if (failure !== undefined) failures.push(failure);
      },
    );
    expect(failures.join("\n\n")).toBe("");
    expect(tallies.filter((tally) => tally !== undefined)).toHaveLength(LIVES);
    for (const what of ["crashes", "moves", "deletes", "cuts"] as const) {
      expect(`${longestWithout(tallies, what)} lives without ${what}`).toMatch(/^[1-3]?\d lives/);
    }
  },
  6 * 3_600_000,
);

test.each(ROWS)("a hundred times: $name", async (row) => {
  for (let seed = 1000; seed < 1000 + SEEDS_EACH; seed += 1) {
    for (const kind of KINDS) await playRow(row, kind, seed);
  }
});
