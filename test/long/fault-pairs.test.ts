import { describe, expect, test } from "vitest";
import { FAULTS, type FaultName } from "../../src/cluster/faults.ts";
import { MASKS } from "../../src/cluster/masks.ts";
import { makeRig } from "../probe/proof-rig.ts";
import { probe } from "../probe/probe-rig.ts";
import { directNodes } from "../support/direct-node.ts";

const HEALTH_MS = 11_000;

const PAIRS = FAULTS.flatMap((one, at) =>
  FAULTS.slice(at + 1).map((other): [FaultName, FaultName] => [one, other]),
);

/** Whether `by` keeps `hidden` from being proven. */
function isMasked(by: FaultName, hidden: FaultName): boolean {
  return MASKS.some((mask) => mask.by === by && mask.hides === hidden);
}

describe.each([
  ["at the same node of two", ["n1", "n2"], "n2", "n2"],
  ["at the same node of three", ["n1", "n2", "n3"], "n3", "n3"],
  ["at two nodes of three", ["n1", "n2", "n3"], "n2", "n3"],
] as const)("two faults %s", (_, nodes, first, second) => {
  test.each(PAIRS)("%s and %s: each is named, or untested because of the other", async (one, other) => {
    const rig = makeRig({ nodes });
    rig.cluster.break(one, { node: first });
    rig.cluster.break(other, { node: second });
    rig.clock.advance(HEALTH_MS);
    const { verdict } = await probe(rig, {
      form: "full",
      ...directNodes(rig.world, rig.cluster, rig.context.credentials),
    });
    const found = verdict.faults.map(({ name }) => name);
    expect(found.filter((name) => name !== one && name !== other)).toEqual([]);
    expect(found).not.toEqual([]);
    for (const [fault, by] of [
      [one, other],
      [other, one],
    ] as const) {
      if (found.includes(fault)) continue;
      const untested = verdict.untested.find(({ name }) => name === fault);
      expect([fault, untested?.reason ?? "ruled out"]).toEqual([
        fault,
        expect.not.stringMatching(/^ruled out$/),
      ]);
      expect([by, fault, isMasked(by, fault)]).toEqual([by, fault, true]);
    }
  });
});

test.each(FAULTS)("of three nodes %s is named at the odd one, and nothing else", async (fault) => {
  const rig = makeRig({ nodes: ["n1", "n2", "n3"], profile: "2.14" });
  rig.cluster.break(fault);
  rig.clock.advance(HEALTH_MS);
  const direct = directNodes(rig.world, rig.cluster, rig.context.credentials);
  const { verdict, leftBehind } = await probe(rig, { form: "full", ...direct });
  expect(verdict.faults.map(({ name, nodes }) => [name, nodes])).toEqual([[fault, ["n3"]]]);
  expect(leftBehind).toEqual([]);
});
