import { expect, test } from "vitest";
import { Life } from "./life.ts";

const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);

test.each(SEEDS)(
  "Harbors live through everything, and every loss is undone or told (seed %i)",
  async (seed) => {
    expect((await Life.run(seed)).steps).toBeGreaterThan(0);
  },
);
