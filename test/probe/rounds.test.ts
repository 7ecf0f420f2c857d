import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planRounds } from "../../src/probe/rounds.ts";

const clusters = fc
  .integer({ min: 2, max: 6 })
  .map((count) => Array.from({ length: count }, (_, at) => `n${at}`));
const turns = fc.integer({ min: 0, max: 1_000_000 });
const pairsOf = (nodes: readonly string[]): string[] =>
  nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => `${from} ${to}`)).sort();
const pairsIn = (rounds: ReturnType<typeof planRounds>): string[] =>
  rounds.map(({ pushedBy, taggedBy }) => `${pushedBy} ${taggedBy}`);

describe("rounds", () => {
  test("of the full form are made for each ordered pair, as often as asked for", () => {
    fc.assert(
      fc.property(clusters, fc.integer({ min: 1, max: 3 }), turns, (nodes, rounds, turn) => {
        const wanted = Array.from({ length: rounds }, () => pairsOf(nodes)).flat();
        expect(pairsIn(planRounds(nodes, "full", rounds, turn)).sort()).toEqual(wanted.sort());
      }),
    );
  });

  test("of the small form are one for each pusher, and come to all pairs with time", () => {
    fc.assert(
      fc.property(clusters, turns, (nodes, turn) => {
        const met = new Set<string>();
        for (let step = 0; step < nodes.length - 1; step += 1) {
          const rounds = planRounds(nodes, "small", 1, turn + step);
          expect(rounds.map(({ pushedBy }) => pushedBy).sort()).toEqual([...nodes].sort());
          for (const pair of pairsIn(rounds)) met.add(pair);
        }
        expect([...met].sort()).toEqual(pairsOf(nodes));
      }),
    );
  });

  test("are done by three nodes each, where there are three", () => {
    fc.assert(
      fc.property(
        clusters,
        fc.constantFrom("small" as const, "full" as const),
        turns,
        (nodes, form, turn) => {
          for (const { pushedBy, taggedBy, untaggedBy } of planRounds(nodes, form, 2, turn)) {
            expect(new Set([pushedBy, taggedBy, untaggedBy]).size).toBe(Math.min(nodes.length, 3));
          }
        },
      ),
    );
  });

  test("of a single node are its own", () => {
    expect(planRounds(["n1"], "full", 1, 7)).toEqual([
      { round: 1, pushedBy: "n1", taggedBy: "n1", untaggedBy: "n1" },
    ]);
  });
});
