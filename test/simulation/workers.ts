import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Tally } from "./tally.ts";

/** What became of one seed; without a failure it went well. */
export interface SeedResult {
  readonly seed: number;
  readonly tally?: Tally;
  readonly failure?: string;
}

/** A worker is replaced after so many seeds, since programs that were killed leave what they held in memory. */
const SEEDS_A_WORKER = 100;
const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

export interface Seeds {
  readonly first: number;
  readonly count: number;
  readonly workers: number;
}

/** Runs consecutive seeds in several processes and tells of each as it ends, in no particular order. */
export async function runSeeds(seeds: Seeds, take: (result: SeedResult) => void): Promise<void> {
  const end = seeds.first + seeds.count;
  let next = seeds.first;
  const line = async (): Promise<void> => {
    while (next < end) {
      const begin = next;
      next = Math.min(end, begin + Math.min(SEEDS_A_WORKER, Math.ceil(seeds.count / seeds.workers)));
      await runRange(begin, next, take);
    }
  };
  await Promise.all(Array.from({ length: Math.min(seeds.workers, seeds.count) }, line));
}

/** A worker that ends before its time was hung up on the seed it was at: that one failed, the rest goes on in another worker. */
async function runRange(begin: number, end: number, take: (result: SeedResult) => void): Promise<void> {
  let at = begin;
  while (at < end) {
    const worker = fork(WORKER, [String(at), String(end)], { execArgv: ["--import", "tsx"] });
    worker.on("message", (result: SeedResult) => {
      at = result.seed + 1;
      take(result);
    });
    const code = await ended(worker);
    if (at >= end) return;
    take({ seed: at, failure: `seed ${at}: the simulation broke off (${code ?? "killed"})` });
    at += 1;
  }
}

function ended(worker: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", resolve);
  });
}
