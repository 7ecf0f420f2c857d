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

const [begin = 1, end = 2] = process.argv.slice(2).map(Number);
for (let seed = begin; seed < end; seed += 1) {
  const result = await play(seed);
  await new Promise((resolve) => process.send?.(result, resolve));
}
process.exit(0);
