import { test } from "vitest";
import { Life } from "../simulation/life.ts";
import { playRow } from "../simulation/play-row.ts";
import { ROWS } from "../simulation/rows.ts";
import { Simulation } from "../simulation/simulate.ts";

const SEEDS_EACH = 100;
const GROUPS = Array.from({ length: 20 }, (_, i) => 1000 + i * SEEDS_EACH);
const KINDS = ["dual-master", "master-slave"] as const;

test.each(GROUPS)("a hundred lives of a pair, from seed %i on", async (first) => {
  for (let seed = first; seed < first + SEEDS_EACH; seed += 1) await Simulation.run(seed);
});

test.each(GROUPS)("a hundred lives with everything that can happen, from seed %i on", async (first) => {
  for (let seed = first; seed < first + SEEDS_EACH; seed += 1) await Life.run(seed);
});

test.each(ROWS)("a hundred times: $name", async (row) => {
  for (let seed = 1000; seed < 1000 + SEEDS_EACH; seed += 1) {
    for (const kind of KINDS) await playRow(row, kind, seed);
  }
});
