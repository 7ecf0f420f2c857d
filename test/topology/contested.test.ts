import { expect, test } from "vitest";
import { contestedBy } from "../../src/topology/contested.ts";
import { pairsOf } from "../../src/topology/flows.ts";
import type { ReplicatedTopology, Selection } from "../../src/topology/model.ts";

function topology(name: string, arrow: string, content: Partial<Selection> = {}): ReplicatedTopology {
  return {
    name,
    mode: "act",
    kind: arrow.includes("=") ? "dual-master" : "master-slave",
    registries: arrow.split(/[>=]/),
    content: { projects: ["**"], repositories: ["**"], tags: "**", excludeTags: [], ...content },
    trigger: { kind: "event" },
    replication: { override: true, deletions: false, speedKbps: 0 },
    heal: {
      remedy: "auto",
      conflicts: "report",
      deletions: "report",
      regressions: "report",
      slaveDeletions: "restore",
      firstContact: "copy",
      settleMs: 0,
      remediesPerHour: 1,
    },
    enforceEnabled: false,
    ignoreForeign: [],
  };
}

/** Who writes to `team/app` of the first pair of the first one besides it. */
function rival(first: ReplicatedTopology, ...others: ReplicatedTopology[]): string | undefined {
  const [pair] = pairsOf(first);
  if (pair === undefined) throw new Error("no pair");
  return contestedBy(pair, [first, ...others])("team/app");
}

test.each([
  ["another master of the same slave", "a>b", "c>b", "y"],
  ["a pair that shares one registry", "a=b", "b=c", "y"],
  ["a chain: what is read there is written here only", "a>b", "b>c", undefined],
  ["a slave of the same master", "a>b", "a>c", undefined],
  ["a chain whose middle is a pair", "a>b", "b=c", "y"],
  ["other registries", "a=b", "c=d", undefined],
] as const)("%s", (_, mine, other, found) => {
  expect(rival(topology("x", mine), topology("y", other))).toBe(found);
});

test("only of repositories that both select", () => {
  const mine = topology("x", "a>b", { projects: ["team*"] });
  expect(rival(mine, topology("y", "c>b", { projects: ["*am"] }))).toBe("y");
  expect(rival(mine, topology("y", "c>b", { projects: ["other"] }))).toBeUndefined();
  expect(rival(mine, topology("y", "c>b", { repositories: ["db"] }))).toBeUndefined();
});

test("nobody contests it with itself", () => {
  expect(rival(topology("x", "a=b"))).toBeUndefined();
});

test("of a topology with several pairs each pair has its own rivals", () => {
  const mine = topology("x", "a>b>c");
  const contested = pairsOf(mine).map((pair) => contestedBy(pair, [mine, topology("y", "d>c")])("team/app"));
  expect(contested).toEqual([undefined, "y"]);
});
