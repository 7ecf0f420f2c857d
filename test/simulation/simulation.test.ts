import { test } from "vitest";
import { Simulation } from "./simulate.ts";

const SEEDS = Array.from({ length: 8 }, (_, i) => i + 1);

test.each(SEEDS)("a pair lives through outages without losing what was acknowledged (seed %i)", (seed) =>
  Simulation.run(seed),
);
