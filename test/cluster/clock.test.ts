import { expect, test } from "vitest";
import type { Evidence } from "../../src/cluster/evidence.ts";
import type { Verdict } from "../../src/cluster/faults.ts";
import { judge } from "../../src/cluster/judge.ts";
import { answer, OK } from "./model-cluster.ts";
import { LIMITS, named } from "./named.ts";
import { HEALTHY } from "./recorded-states.ts";

type Clock = readonly [aheadMs: number, uncertainMs: number] | undefined;

/** Two nodes, or three, with these clocks; tokens of the second are held back at the others for so long. */
function judged(clocks: readonly Clock[], heldBackMs?: number): Verdict {
  const nodes = clocks.map((_, at) => `n${at + 1}`);
  const evidence: Evidence = {
    ...HEALTHY,
    nodes,
    identities: clocks.map((clock, at) => ({
      ...HEALTHY.identities[0]!,
      node: nodes[at]!,
      clock: clock === undefined ? undefined : { aheadMs: clock[0], uncertainMs: clock[1] },
    })),
    tokens: nodes.flatMap((from) =>
      nodes.map((to) => {
        const isHeld = heldBackMs !== undefined && from === "n2" && to !== "n2";
        return {
          ...HEALTHY.tokens[0]!,
          from,
          to,
          answer: isHeld ? answer(401, "UNAUTHORIZED", "unauthorized") : OK,
          acceptedAfterMs: isHeld ? heldBackMs : undefined,
        };
      }),
    ),
  };
  return judge(evidence, LIMITS);
}

test.each([
  [[0, 10], [1990, 10], false],
  [[0, 10], [2000, 10], true],
  [[0, 10], [2021, 10], true],
  [[-1100, 10], [1100, 10], true],
  [[0, 900], [2700, 900], false],
  [[0, 900], [3700, 900], true],
  [[0, 900], [3900, 900], true],
  [[0, 10], [-5000, 10], true],
] as const)("clocks of %j and %j ms: a fault is %s", (one, other, isFault) => {
  expect(named(judged([one, other])).includes("clock")).toBe(isFault);
});

test("between one and two seconds it is a fault once a token was refused for it", () => {
  expect(
    named(
      judged(
        [
          [0, 10],
          [1400, 10],
        ],
        1400,
      ),
    ),
  ).toEqual(["clock"]);
  const verdict = judged([
    [0, 10],
    [1400, 10],
  ]);
  expect(verdict.sound).toBe(true);
  expect(verdict.notes.join()).toContain("the clocks of the nodes are 1.4 s apart");
});

test("less than that is no fault even when a second happened to turn in between", () => {
  const verdict = judged(
    [
      [0, 10],
      [300, 10],
    ],
    300,
  );
  expect(verdict.sound).toBe(true);
  expect(verdict.notes).toContain("a token of n2 was not valid yet at n1 for 300 ms");
});

test("of clocks that are known only roughly, what tokens had to wait decides", () => {
  expect(
    judged(
      [
        [0, 510],
        [700, 510],
      ],
      400,
    ).sound,
  ).toBe(true);
  expect(
    named(
      judged(
        [
          [0, 510],
          [1300, 510],
        ],
        1200,
      ),
    ),
  ).toEqual(["clock"]);
});

test("of two nodes the one is named that we do not agree with, less surely; of more the odd one", () => {
  expect(
    judged([
      [5, 10],
      [30_000, 10],
    ]).faults[0],
  ).toMatchObject({ nodes: ["n2"], confidence: "likely" });
  expect(
    judged([
      [-3000, 10],
      [3000, 10],
    ]).faults[0],
  ).toMatchObject({ nodes: ["n1", "n2"], confidence: "certain" });
  expect(
    judged([
      [0, 10],
      [30_000, 10],
      [9, 10],
    ]).faults[0],
  ).toMatchObject({ nodes: ["n2"], confidence: "certain" });
  // Our own clock is the wrong one here.
  expect(
    judged([
      [30_000, 10],
      [30_010, 10],
      [0, 10],
    ]).faults[0],
  ).toMatchObject({ nodes: ["n3"] });
});

test("where nodes do not tell their time, tokens do", () => {
  expect(judged([undefined, [0, 10]], 4000).faults).toMatchObject([{ name: "clock", confidence: "likely" }]);
  expect(judged([undefined, undefined])).toMatchObject({ sound: true, untested: [] });
});
