import type { FaultName, Verdict } from "../../src/cluster/faults.ts";
import { FAULTS } from "../../src/cluster/faults.ts";
import type { ProbeLimits } from "../../src/cluster/report.ts";

export const LIMITS: ProbeLimits = {
  rounds: 1,
  visibleWithinMs: 2000,
  giveUpMs: 12_000,
  pingGapMs: 10_000,
  executions: 8,
};

export function named({ faults }: Verdict): FaultName[] {
  return faults.map(({ name }) => name);
}

export function untestedNames({ untested }: Verdict): FaultName[] {
  return untested.map(({ name }) => name);
}

/** Small, quick, and the same every time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What every verdict must be, whatever was seen. Returns what is wrong with it. */
export function flawsOf(verdict: Verdict, nodes: readonly string[]): string[] {
  const flaws: string[] = [];
  const found = named(verdict);
  const untested = untestedNames(verdict);
  const all = [...found, ...untested];
  if (new Set(all).size !== all.length) flaws.push(`twice: ${all.join(" ")}`);
  if (verdict.sound !== (found.length === 0)) flaws.push("sound, but not without faults");
  for (const list of [found, untested]) {
    const ordered = FAULTS.filter((name) => list.includes(name));
    if (ordered.join() !== list.join()) flaws.push(`out of order: ${list.join(" ")}`);
  }
  for (const fault of verdict.faults) {
    const isPlaced = fault.nodes.length > 0 && fault.nodes.every((node) => nodes.includes(node));
    if (!isPlaced) flaws.push(`${fault.name} is at ${fault.nodes.join()}`);
    const hasWords = fault.sentence !== "" && fault.evidence.length > 0 && fault.look.length > 0;
    if (!hasWords) flaws.push(`${fault.name} says nothing`);
  }
  for (const { name, nodes: at, reason } of verdict.untested) {
    if (reason === "" || at.some((node) => !nodes.includes(node)))
      flaws.push(`${name} is untested without a reason`);
  }
  return flaws;
}
