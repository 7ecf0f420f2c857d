import fc from "fast-check";
import { expect, test } from "vitest";
import { groupsOf, oddOnes, type Difference } from "../../src/cluster/odd-ones.ts";

function difference(one: string, other: string, ...blames: string[]): Difference {
  return { pair: [one, other], blames: blames.length === 0 ? undefined : blames };
}

test("the odd one out is named, however many pairs show it", () => {
  const nodes = ["a", "b", "c", "d"];
  const groups = groupsOf(nodes, [
    ["a", "b"],
    ["b", "d"],
  ]);
  expect(groups.together("a", "d")).toBe(true);
  expect(oddOnes(nodes, groups, [difference("a", "c")])).toEqual(["c"]);
  // What blames one of a pair counts less than what most nodes say.
  expect(oddOnes(nodes, groups, [difference("a", "c", "a")])).toEqual(["c"]);
});

test("without a majority all that differ are named, unless each pair blames somebody", () => {
  expect(oddOnes(["a", "b"], groupsOf(["a", "b"], []), [difference("a", "b")])).toEqual(["a", "b"]);
  expect(oddOnes(["a", "b"], groupsOf(["a", "b"], []), [difference("a", "b", "b")])).toEqual(["b"]);
  const halves = groupsOf(
    ["a", "b", "c", "d"],
    [
      ["a", "b"],
      ["c", "d"],
    ],
  );
  expect(oddOnes(["a", "b", "c", "d"], halves, [difference("a", "c")])).toEqual(["a", "c"]);
});

test("being alike is passed on, and every node is in exactly one group", () => {
  const node = fc.constantFrom("a", "b", "c", "d", "e");
  fc.assert(
    fc.property(fc.array(fc.tuple(node, node)), (alike) => {
      const nodes = ["a", "b", "c", "d", "e"];
      const found = groupsOf(nodes, alike);
      const { groups, majority } = found;
      expect(groups.flat().toSorted()).toEqual(nodes);
      for (const [one, other] of alike) expect(found.together(one, other)).toBe(true);
      const largest = Math.max(...groups.map(({ length }) => length));
      const isOnly = groups.filter(({ length }) => length === largest).length === 1;
      expect(majority?.length).toBe(isOnly ? largest : undefined);
    }),
  );
});
