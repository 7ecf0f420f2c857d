import { test } from "vitest";
import { Life } from "./life.ts";

const SEEDS = Array.from({ length: 16 }, (_, i) => i + 1);

test.each(SEEDS)(
  "two registries live through everything, and every loss is undone or told (seed %i)",
  (seed) => Life.run(seed),
);
