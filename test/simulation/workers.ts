import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Tally } from "./tally.ts";

/** What became of one seed; without a failure it went well. */
export interface SeedResult {
  readonly seed: number;
  readonly tally?: Tally;
  readonly failure?: string;
}

/**
 * A worker keeps on for many seeds, since code runs two to three times as quickly after some dozens of lives. What dies young is collected seldom, and
 * by the worker itself: the other processors have workers of their own.
 */
const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
const NODE = ["--import", "tsx", "--max-semi-space-size=64", "--single-threaded-gc"];
/** Then it is replaced, so that no seed depends on what thousands before it left. */
const SEEDS_A_WORKER = 2_000;

export interface Seeds {
  readonly first: number;
  readonly count: number;
  readonly workers: number;
}

/** Runs consecutive seeds in several processes and tells of each as it ends, in no particular order. */
export async function runSeeds(seeds: Seeds, take: (result: SeedResult) => void): Promise<void> {
  const end = seeds.first + seeds.count;
  let next = seeds.first;
  const nextSeed = (): number | undefined => (next < end ? next++ : undefined);
  const line = async (): Promise<void> => {
    while (next < end) await runWorker(nextSeed, take);
  };
  await Promise.all(Array.from({ length: Math.min(seeds.workers, seeds.count) }, line));
}

/** A worker that ends before its time was hung up on the seed it was at: that one failed, the rest goes on in another worker. */
async function runWorker(
  nextSeed: () => number | undefined,
  take: (result: SeedResult) => void,
): Promise<void> {
  const worker = fork(WORKER, { execArgv: NODE });
  let at: number | undefined;
  let left = SEEDS_A_WORKER;
  const give = (): void => {
    at = left > 0 ? nextSeed() : undefined;
    left -= 1;
    if (at === undefined) worker.disconnect();
    // One that can't be told has ended, and that is seen below.
    else worker.send(at, () => undefined);
  };
  worker.on("message", (result: SeedResult) => {
    take(result);
    give();
  });
  give();
  const code = await ended(worker);
  if (at !== undefined)
    take({ seed: at, failure: `seed ${at}: the simulation broke off (${code ?? "killed"})` });
}

function ended(worker: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", resolve);
  });
}
