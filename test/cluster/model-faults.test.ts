import { expect, test } from "vitest";
import { FAULTS, type FaultName } from "../../src/cluster/faults.ts";
import { judge } from "../../src/cluster/judge.ts";
import { MASKS } from "../../src/cluster/masks.ts";
import { evidenceOf, type ModelCluster, type ModelFault } from "./model-cluster.ts";
import { flawsOf, LIMITS, named, seeded, untestedNames } from "./named.ts";

/** Shown by less than the full form. */
const IN_SMALL_FORM: ReadonlySet<FaultName> = new Set(
  FAULTS.filter((name) => !["redis", "csrf-key", "secretkey", "job-secret"].includes(name)),
);

const SIZES = [
  ["n1", "n2"],
  ["n1", "n2", "n3"],
  ["n1", "n2", "n3", "n4"],
] as const;

function clusterWith(
  nodes: readonly string[],
  faults: readonly ModelFault[],
  more: Partial<ModelCluster> = {},
): ModelCluster {
  return { nodes, faults, form: "full", random: seeded(7), executions: 16, ...more };
}

const CASES = FAULTS.flatMap((name) =>
  SIZES.flatMap((nodes) => nodes.map((node) => ({ name, node, nodes }))),
);

test.each(CASES)("$name of $node alone is named, among $nodes", ({ name, node, nodes }) => {
  for (const form of ["small", "full"] as const) {
    const verdict = judge(evidenceOf(clusterWith(nodes, [{ name, node }], { form })), LIMITS);
    expect(flawsOf(verdict, nodes)).toEqual([]);
    expect(named(verdict)).toEqual(form === "full" || IN_SMALL_FORM.has(name) ? [name] : []);
    const [fault] = verdict.faults;
    if (fault === undefined) {
      expect(untestedNames(verdict)).toContain(name);
      continue;
    }
    expect(fault.nodes).toContain(node);
    if (nodes.length > 2) expect(fault.nodes).toEqual([node]);
  }
});

test("a healthy cluster is sound, and everything was tested", () => {
  for (const nodes of SIZES) {
    const verdict = judge(evidenceOf(clusterWith(nodes, [])), LIMITS);
    expect(verdict).toMatchObject({ sound: true, faults: [], untested: [] });
  }
});

const PAIRS = FAULTS.flatMap((left, at) => FAULTS.slice(at + 1).map((right) => [left, right] as const));

test.each(PAIRS)("of %s and %s both are named, or one is hidden by the other", (left, right) => {
  for (const nodes of SIZES.slice(0, 2)) {
    for (const apart of [false, true]) {
      for (const seed of [1, 4]) {
        const [first, last] = [nodes[0], nodes.at(-1)!];
        const faults = [
          { name: left, node: last },
          { name: right, node: apart ? first : last },
        ];
        const cluster = clusterWith(nodes, faults, {
          random: seeded(seed),
          executions: 24,
          leavesOut: seed % 2 === 0,
          projectEverywhere: seed === 1,
        });
        const verdict = judge(evidenceOf(cluster), LIMITS);
        expect(flawsOf(verdict, nodes)).toEqual([]);
        for (const [name, other] of [
          [left, right],
          [right, left],
        ] as const) {
          if (named(verdict).includes(name)) continue;
          expect(untestedNames(verdict), `${name} beside ${other}`).toContain(name);
          const isHidden = MASKS.some(({ by, hides }) => by === other && hides === name);
          expect(isHidden, `${other} hides ${name}`).toBe(true);
        }
        const more = named(verdict).filter((name) => name !== left && name !== right);
        expect(more, `${left} of ${last}, ${right} of ${apart ? first : last}`).toEqual([]);
      }
    }
  }
});
