import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/parity/model.ts";
import type { ContentReport } from "../../src/reconcile/report.ts";
import { withhold, type WithholdingContext } from "../../src/reconcile/withhold.ts";
import { digestOf } from "../support/digests.ts";

const about = { repository: "l/a", reason: "", notice: false } as const;

const DUAL: WithholdingContext["topology"] = {
  name: "east",
  kind: "dual-master",
  mode: "act",
  registries: ["a", "b"],
  content: { projects: ["**"], repositories: ["**"], tags: "**", excludeTags: [] },
  trigger: { kind: "event" },
  replication: { override: true, deletions: false, speedKbps: 0 },
  enforceEnabled: false,
  ignoreForeign: [],
  heal: {
    remedy: "auto",
    conflicts: "report",
    deletions: "replay",
    regressions: "report",
    slaveDeletions: "restore",
    firstContact: "copy",
    settleMs: 0,
    remediesPerHour: 1,
  },
};

/** What was deleted on a and is to be deleted on b. */
function deletion(tag: string): Finding {
  const digest = digestOf("x");
  return {
    ...about,
    kind: "deleted",
    tag,
    right: digest,
    replay: digest,
    remedy: "delete",
    from: "a",
    to: "b",
  };
}

function missing(tag: string, more: Partial<Finding> = {}): Finding {
  return { ...about, kind: "missing", tag, left: digestOf("x"), from: "a", to: "b", ...more };
}

function pair(
  findings: readonly Finding[],
  counts: { inStep: number; tags?: number },
  names = { left: "a", right: "b" },
): ContentReport["pairs"][number] {
  const { inStep, tags = inStep + findings.length } = counts;
  return { ...names, findings, unread: [], tags, inStep, readAt: 0, requests: { left: 0, right: 0 } };
}

function withheldOf(
  pairs: ContentReport["pairs"],
  more: Partial<WithholdingContext> = {},
): { allowed: string[]; warnings: string } {
  const context = { topology: DUAL, asked: false, recovering: new Set<string>(), ...more };
  const { allowed, warnings } = withhold(context, { pairs, warnings: [] } as unknown as ContentReport);
  return { allowed: allowed.map(({ tag }) => tag), warnings: warnings.join() };
}

function many<T>(count: number, make: (name: string) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(`t${i}`));
}

describe("deletions", () => {
  test("go through in small numbers, beside copies", () => {
    const found = [deletion("d"), missing("m")];
    expect(withheldOf([pair(found, { inStep: 10 })])).toEqual({ allowed: ["d", "m"], warnings: "" });
  });

  test("are all withheld where they are too many, and copies are not", () => {
    const few = withheldOf([pair([...many(6, deletion), missing("m")], { inStep: 10 })]);
    expect(few.allowed).toEqual(["m"]);
    expect(few.warnings).toContain(
      "6 tags that were deleted on a were not deleted on b: they are far too many",
    );
    expect(withheldOf([pair(many(6, deletion), { inStep: 100 })]).allowed).toHaveLength(6);
    expect(withheldOf([pair(many(101, deletion), { inStep: 10_000 })]).allowed).toEqual([]);
  });

  test("are withheld where the side has nothing left, though another side has", () => {
    const emptied = withheldOf([
      pair([deletion("d"), { ...about, kind: "overlap", tag: "**" }], { inStep: 0 }),
    ]);
    expect(emptied).toMatchObject({
      allowed: ["**"],
      warnings: expect.stringContaining("nothing left") as string,
    });
    expect(withheldOf([pair([deletion("d"), missing("m")], { inStep: 0 })]).allowed).toEqual(["d", "m"]);
  });

  test("are withheld while the side that deleted is recovering, not the other one", () => {
    const pairs = [pair([deletion("d")], { inStep: 10 })];
    expect(withheldOf(pairs, { recovering: new Set(["a"]) }).allowed).toEqual([]);
    expect(withheldOf(pairs, { recovering: new Set(["b"]) }).allowed).toEqual(["d"]);
  });

  test("that a person decided singly are no question of numbers", () => {
    const decided = many(6, (tag): Finding => ({ ...deletion(tag), decided: true }));
    expect(withheldOf([pair(decided, { inStep: 0 })], { recovering: new Set(["a"]) }).allowed).toHaveLength(
      6,
    );
  });

  test("are counted by flow", () => {
    const back = many(5, (tag): Finding => ({ ...deletion(tag), from: "b", to: "a" }));
    const forth = many(5, (tag) => deletion(`x${tag}`));
    expect(withheldOf([pair([...back, ...forth], { inStep: 2 })]).allowed).toHaveLength(10);
  });
});

describe("overwrites", () => {
  const moved = many(300, (tag) =>
    missing(tag, { kind: "stale", replaces: digestOf("y"), right: digestOf("y") }),
  );

  test("far more than an outage explains are withheld, unless a person asked", () => {
    const pairs = [pair([...moved, missing("m")], { inStep: 0 })];
    expect(withheldOf(pairs)).toMatchObject({
      allowed: ["m"],
      warnings: expect.stringContaining("300 moved tags were not overwritten") as string,
    });
    expect(withheldOf(pairs, { asked: true }).allowed).toHaveLength(301);
  });

  test("that a person preferred count too", () => {
    const rescued = moved.map((one): Finding => ({ ...one, kind: "conflict", rescues: true }));
    expect(withheldOf([pair(rescued, { inStep: 0 })]).allowed).toEqual([]);
  });
});

describe("between three masters", () => {
  const three = { topology: { ...DUAL, registries: ["a", "b", "c"] } };
  const toC = (found: Finding[]): ContentReport["pairs"][number] =>
    pair(found, { inStep: 10 }, { left: "b", right: "c" });

  test("a deletion that another pair contradicts with a copy is left alone, and so is the copy", () => {
    const copy = { ...missing("d"), from: "b", to: "c" };
    const both = withheldOf([pair([deletion("d")], { inStep: 10 }), toC([copy])], three);
    expect(both.allowed).toEqual([]);
    expect(both.warnings).toContain("2 copies were withheld");
  });

  test("deletions that agree go through", () => {
    const other = { ...deletion("d"), to: "c" };
    const acPair = pair([other], { inStep: 10 }, { left: "a", right: "c" });
    expect(withheldOf([pair([deletion("d")], { inStep: 10 }), acPair], three).allowed).toEqual(["d", "d"]);
  });
});
