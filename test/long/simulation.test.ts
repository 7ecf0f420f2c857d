import { test } from "vitest";
import { Simulation } from "../simulation/simulate.ts";

const SEEDS_EACH = 100;
const GROUPS = Array.from({ length: 20 }, (_, i) => 1000 + i * SEEDS_EACH);

test.each(GROUPS)("a hundred lives of a pair, from seed %i on", async (first) => {
  for (let seed = first; seed < first + SEEDS_EACH; seed += 1) await Simulation.run(seed);
});
