import { Life } from "./life.ts";
import type { SeedResult } from "./workers.ts";

/** No life takes a tenth of it. */
const PATIENCE_MS = 120_000;

async function play(seed: number): Promise<SeedResult> {
  try {
    return { seed, tally: await Promise.race([Life.run(seed), tooLong(seed)]) };
  } catch (thrown) {
    return { seed, failure: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function tooLong(seed: number): Promise<never> {
  return new Promise((_, reject) => {
    AbortSignal.timeout(PATIENCE_MS).addEventListener("abort", () => {
      reject(new Error(`seed ${seed}: it does not come to an end`));
    });
  });
}

/** One seed after the other, as they are given out; the end comes with the end of who gives them. */
process.on("message", (seed: number) => {
  void play(seed).then((result) => process.send?.(result));
});
process.on("disconnect", () => process.exit(0));
