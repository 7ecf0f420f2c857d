import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { playRow } from "../simulation/play-row.ts";
import { ROWS } from "../simulation/rows.ts";
import { runSeeds } from "../simulation/workers.ts";

const LIVES = 20_000;
const SEEDS_EACH = 100;
const KINDS = ["dual-master", "master-slave"] as const;

test(
  `${LIVES} lives with everything that can happen`,
  async () => {
    const failures: string[] = [];
    let done = 0;
    await runSeeds({ first: 1_000, count: LIVES, workers: availableParallelism() }, ({ failure }) => {
      done += 1;
      if (failure !== undefined) failures.push(failure);
    });
    expect(failures.join("\n\n")).toBe("");
    expect(done).toBe(LIVES);
  },
  6 * 3_600_000,
);

test.each(ROWS)("a hundred times: $name", async (row) => {
  for (let seed = 1000; seed < 1000 + SEEDS_EACH; seed += 1) {
    for (const kind of KINDS) await playRow(row, kind, seed);
  }
});
