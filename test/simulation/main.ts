import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { addTally, emptyTally } from "./tally.ts";
import { runSeeds, type SeedResult } from "./workers.ts";

const DEFAULT_SEEDS = 40;

/** `npm run sim -- [--seeds N] [--seed S] [--output json]`: N consecutive seeds from S on, spread over the processors. */
async function main(given: readonly string[]): Promise<number> {
  const { seeds, seed, output } = parseArgs({
    args: [...given],
    options: {
      seeds: { type: "string" },
      seed: { type: "string" },
      output: { type: "string", default: "table" },
    },
  }).values;
  const first = wholeNumber("--seed", seed ?? "1");
  const count = wholeNumber("--seeds", seeds ?? (seed === undefined ? String(DEFAULT_SEEDS) : "1"));
  const sum = emptyTally();
  let [done, failed] = [0, 0];
  const take = (result: SeedResult): void => {
    done += 1;
    if (result.tally !== undefined) addTally(sum, result.tally);
    if (result.failure !== undefined) {
      failed += 1;
      process.stderr.write(`${result.failure}\nreplay: npm run sim -- --seed ${result.seed}\n\n`);
    }
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${count} seeds, ${failed} failed`);
    else if (done % 500 === 0) process.stderr.write(`${done} of ${count} seeds, ${failed} failed\n`);
  };
  await runSeeds({ first, count, workers: availableParallelism() }, take);
  const closing = { seeds: count, failed, ...sum };
  process.stdout.write(
    output === "json"
      ? `${JSON.stringify(closing)}\n`
      : `\n${Object.entries(closing)
          .map(([name, value]) => `${name} ${value}`)
          .join(", ")}\n`,
  );
  return failed === 0 ? 0 : 1;
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  process.stderr.write(`${name} takes a whole number above 0, and not "${text}"\n`);
  process.exit(64);
}

process.exitCode = await main(process.argv.slice(2));
