import { describe, expect, test } from "vitest";
import { compareTag } from "../../src/parity/compare-repository.ts";
import { judgeTag } from "../../src/parity/judge-tag.ts";
import { frozenWhereItSwings, swings } from "../../src/parity/oscillation.ts";
import {
  NO_EVIDENCE,
  type BaseEntry,
  type SideEvidence,
  type TagCase,
  type Verdict,
} from "../../src/parity/model.ts";
import { digestOf } from "../support/digests.ts";
import { reading, tagCase } from "./cases.ts";

/** Both sides hold x, and both had agreed on `agreed`. */
function equal(agreed: string, seen: { left: string; right: string }, more: Partial<TagCase> = {}): TagCase {
  const letters = (text: string): string[] => text.split("").map(digestOf);
  const entry: BaseEntry = {
    digest: digestOf(agreed),
    cold: false,
    pushedAt: { left: 1000, right: 1000 },
    seen: { left: letters(seen.left), right: letters(seen.right) },
  };
  return tagCase(["x", "x"], agreed, {
    base: { warm: true, entry },
    left: reading("x", 2000),
    right: reading("x", 1000),
    ...more,
  });
}

function said(left: Partial<SideEvidence>, right: Partial<SideEvidence> = {}): Pick<TagCase, "evidence"> {
  return { evidence: { left: { ...NO_EVIDENCE, ...left }, right: { ...NO_EVIDENCE, ...right } } };
}

/** `kind lost`, and who brought the older one back. */
function words(verdict: Verdict): string {
  if (!("reason" in verdict)) return verdict.kind;
  const lost = verdict.lost?.charAt("sha256:".length) ?? "?";
  return `${verdict.kind} ${lost}${verdict.byReplication === true ? " by replication" : ""}`;
}

const judge = (tag: TagCase): string => words(judgeTag(tag));

describe("an agreement that was lost", () => {
  const back = equal("y", { left: "xy", right: "xy" }, { right: reading("x", 2000) });

  test("is known by history alone", () => {
    expect(judge(back)).toBe("regressed y");
    expect(judge({ ...back, base: { ...back.base, warm: false } })).toBe("in-step");
  });

  test("is no loss where what stands there now is new", () => {
    expect(judge(equal("y", { left: "y", right: "y" }, { right: reading("x", 2000) }))).toBe("in-step");
    expect(judge(equal("y", { left: "yx", right: "yx" }, { right: reading("x", 2000) }))).toBe("in-step");
  });

  test("is one side's memory enough, but of a slave nothing follows", () => {
    const onRight = equal("y", { left: "y", right: "xy" }, { right: reading("x", 2000) });
    expect(judge(onRight)).toBe("regressed y");
    expect(judge({ ...onRight, topology: "master-slave" })).toBe("in-step");
    const onLeft = equal("y", { left: "xy", right: "y" }, { right: reading("x", 2000) });
    expect(judge({ ...onLeft, topology: "master-slave" })).toBe("regressed y");
  });

  test("was done by replication where a log says so", () => {
    expect(judge({ ...back, ...said({ pushedBy: "replication" }) })).toBe("regressed y by replication");
    const onSlave = said({}, { pushedBy: "replication" });
    expect(judge({ ...back, ...onSlave })).toBe("regressed y by replication");
    expect(judge({ ...back, ...onSlave, topology: "master-slave" })).toBe("regressed y");
  });

  test("was meant where a person pushed it again after what was lost", () => {
    const person = { pushedBy: "person", pushedAtOurs: 2000 } as const;
    expect(judge({ ...back, ...said(person, { pushedBy: "replication" }) })).toBe("in-step");
    expect(judge({ ...back, ...said({ pushedBy: "replication" }, person) })).toBe("in-step");
    const laterOnRight = said(person, { pushedBy: "replication", personPush: { at: 2001 } });
    expect(judge({ ...back, ...laterOnRight })).toBe("regressed y by replication");
    expect(judge({ ...back, ...said(person, { pushedBy: "person", personPush: { at: 2001 } }) })).toBe(
      "in-step",
    );
  });

  test("was meant where a person's push of it is the last one, though we put it back", () => {
    const evidence = (at: number): Pick<TagCase, "evidence"> =>
      said(
        { pushedBy: "replication", personPush: { at: 1500, digest: digestOf("y") } },
        { pushedBy: "tidelock", personPush: { at, digest: digestOf("x") } },
      );
    expect(judge({ ...back, ...evidence(1600) })).toBe("in-step");
    expect(judge({ ...back, ...evidence(1400) })).toBe("regressed y by replication");
    const silent = said({}, { pushedBy: "tidelock", personPush: { at: 1600, digest: digestOf("x") } });
    expect(judge({ ...back, ...silent })).toBe("regressed y");
  });

  test("was given up where it is kept under a rescue tag", () => {
    expect(judge({ ...back, ...said({}, { givenUp: [digestOf("y")] }) })).toBe("in-step");
    expect(judge({ ...back, ...said({ givenUp: [digestOf("z")] }) })).toBe("regressed y");
  });
});

describe("a push that was lost before both agreed on it", () => {
  const history = { left: "xz", right: "x" };

  test("is known by history alone", () => {
    expect(judge(equal("x", history))).toBe("regressed z");
  });

  test("is none where nothing moved since both agreed", () => {
    expect(judge(equal("x", { left: "x", right: "x" }, { left: reading("x", 1000) }))).toBe("in-step");
    expect(judge(equal("x", { left: "zx", right: "zx" }, { left: reading("x", 1000) }))).toBe("in-step");
    expect(judge(equal("x", { left: "x", right: "x" }))).toBe("in-step");
  });

  test("counts on a slave for nothing", () => {
    const right = reading("x", 2000);
    const onSlave = equal("x", { left: "x", right: "xz" }, { left: reading("x", 1000), right });
    expect(judge(onSlave)).toBe("regressed z");
    expect(judge({ ...onSlave, topology: "master-slave" })).toBe("in-step");
  });

  const unseen = { left: "x", right: "x" };
  const overtaken = (push: SideEvidence["personPush"]): Partial<SideEvidence> => ({
    pushedBy: "replication",
    pushedAtOurs: 2000,
    ...(push === undefined ? {} : { personPush: push }),
  });

  test("is known by the log, with its digest or without", () => {
    const withDigest = said(overtaken({ at: 1500, digest: digestOf("z") }));
    expect(judge(equal("x", unseen, withDigest))).toBe("regressed z by replication");
    expect(judge(equal("x", unseen, said(overtaken({ at: 1500 }))))).toBe("regressed ? by replication");
  });

  test.each([
    ["a person pushed the same", { at: 1500, digest: digestOf("x") }],
    ["a person pushed after the copy", { at: 2000, digest: digestOf("z") }],
    ["no person pushed", undefined],
  ] as const)("is none where %s", (_, push) => {
    expect(judge(equal("x", unseen, said(overtaken(push))))).toBe("in-step");
  });
});

describe("the master's image over a later push at the slave", () => {
  const push = { at: 1500, digest: digestOf("z") };
  const master = { pushedBy: "person", pushedAtOurs: 1000 } as const;
  const overtaken = { pushedBy: "replication", pushedAtOurs: 2000, personPush: push } as const;
  const right = reading("x", 2000);
  const seen = { left: "wx", right: "wz" };
  const slave = {
    ...equal("w", seen, { ...said(master, overtaken), right }),
    topology: "master-slave",
  } as const;

  test("is in step, and told once", () => {
    expect(judgeTag(slave)).toEqual({
      kind: "in-step",
      digest: digestOf("x"),
      overtaken: { digest: digestOf("z") },
    });
    const { entry } = equal("w", { left: "wx", right: "wzx" }).base;
    if (entry === undefined) throw new Error("no entry");
    const known = { warm: true, entry: { ...entry, pushedAt: { left: 1000, right: 2000 } } };
    expect(judgeTag({ ...slave, base: known })).toEqual({ kind: "in-step", digest: digestOf("x") });
  });

  test.each([
    ["nothing was known of the repository", { base: { warm: false } }],
    ["the master moved it after that", said({ ...master, pushedAtOurs: 1600 }, overtaken)],
    ["the log of the master is silent", said({ pushedAtOurs: 1000 }, overtaken)],
    ["it was given up", said(master, { ...overtaken, givenUp: [digestOf("z")] })],
    [
      "the slave's was put there by replication",
      said(master, { pushedBy: "replication", pushedAtOurs: 2000 }),
    ],
  ] as const)("is nothing to tell where %s", (_, more) => {
    expect(judgeTag({ ...slave, ...more })).toEqual({ kind: "in-step", digest: digestOf("x") });
  });

  test("is a notice that names both", () => {
    const { base, evidence } = slave;
    const about = {
      repository: "library/app",
      names: { left: "hq", right: "edge" },
      warm: true,
      entries: new Map(base.entry === undefined ? [] : [["t", base.entry]]),
      rules: slave,
      evidence: (side: "left" | "right") => evidence[side],
    };
    expect(compareTag(about, "t", slave.left, slave.right).finding).toMatchObject({
      kind: "displaced",
      notice: true,
      reason: `the master's image came over ${digestOf("z")}, which a person had pushed at edge later`,
    });
  });
});

describe("the logs alone, where nothing is remembered", () => {
  const cold = tagCase(["x", "x"], "cold");
  const push = { at: 1500, digest: digestOf("z") };
  const overtaken = { pushedBy: "replication", pushedAtOurs: 2000, personPush: push } as const;

  test("tell, without its digest, where what made the tag came right after the push; what was seen then is its digest", () => {
    const older = { pushedBy: "person", pushedAtOurs: 1000 } as const;
    const unnamed = { ...overtaken, personPush: { at: 1500, replaced: true } } as const;
    expect(judge({ ...cold, ...said(unnamed, older) })).toBe("regressed ? by replication");
    expect(judge({ ...cold, ...said({ ...unnamed, personPush: { at: 1500 } }, older) })).toBe("in-step");
    const met = equal("w", { left: "wz", right: "wx" }, said(unnamed, older));
    expect(judge(met)).toBe("regressed z by replication");
    const seenLater = { ...unnamed, pushedAtOurs: 62_000 } as const;
    expect(judge({ ...met, ...said(seenLater, older) })).toBe("regressed ? by replication");
  });

  test("tell of a person's push that replication overwrote with what the other side had before", () => {
    const older = said(overtaken, { pushedBy: "person", pushedAtOurs: 1000 });
    expect(judge({ ...cold, ...older })).toBe("regressed z by replication");
  });

  test("tell of nothing where the other side's came later, or its log is silent", () => {
    expect(judge({ ...cold, ...said(overtaken, { pushedBy: "person", pushedAtOurs: 1600 }) })).toBe(
      "in-step",
    );
    expect(judge({ ...cold, ...said(overtaken, { pushedAtOurs: 1000 }) })).toBe("in-step");
  });
});

describe("deletions", () => {
  const deleted = (by: "person" | "retention" | "replication" | "unknown", at = 9000): TagCase =>
    tagCase(["x", "-"], "x", said({ pushedAtOurs: 1000 }, { deletion: { at, by } }));
  const replay = (tag: TagCase): unknown => {
    const verdict = judgeTag(tag);
    return "reason" in verdict ? [verdict.kind, verdict.notice, verdict.replay] : verdict.kind;
  };

  test("only a person's may be taken over", () => {
    expect(replay(deleted("person"))).toEqual(["deleted", true, digestOf("x")]);
    for (const by of ["retention", "replication", "unknown"] as const) {
      expect(replay(deleted(by))).toEqual(["deleted", true, undefined]);
    }
    expect(replay(tagCase(["x", "-"], "x"))).toEqual(["deleted", true, undefined]);
  });

  test("and only after the last push, the same image pushed again included", () => {
    expect(replay(deleted("person", 3000))).toEqual(["deleted", true, undefined]);
    expect(replay(deleted("person", 3001))).toEqual(["deleted", true, digestOf("x")]);
    const again = { pushedAtOurs: 1000, personPush: { at: 8000, digest: digestOf("x") } };
    const { evidence } = deleted("person");
    const after = { ...deleted("person"), evidence: { ...evidence, left: { ...NO_EVIDENCE, ...again } } };
    expect(replay(after)).toEqual(["deleted", true, undefined]);
    const byWhomever = { ...NO_EVIDENCE, pushedAtOurs: 1000, lastPush: 8000 };
    const shared = { ...deleted("person"), evidence: { ...evidence, left: byWhomever } };
    expect(replay(shared)).toEqual(["deleted", true, undefined]);
  });

  test("on a slave are restored or respected, never taken over; retention's are never restored", () => {
    const onSlave = (by: "person" | "retention", slaveDeletions: TagCase["slaveDeletions"]): unknown =>
      replay({ ...deleted(by), topology: "master-slave", slaveDeletions });
    expect(onSlave("person", "restore")).toEqual(["missing", false, undefined]);
    expect(onSlave("person", "respect")).toEqual(["deleted", true, undefined]);
    expect(onSlave("retention", "restore")).toEqual(["deleted", true, undefined]);
  });

  test("on the master may be taken over to the slave", () => {
    const evidence = { left: deleted("person").evidence.right, right: deleted("person").evidence.left };
    const onMaster = tagCase(["-", "x"], "x", { topology: "master-slave", evidence });
    expect(replay(onMaster)).toEqual(["deleted", true, digestOf("x")]);
  });

  test("without an agreement are told, and not taken over", () => {
    const cold = { ...deleted("person"), base: { warm: false } };
    expect(replay(cold)).toEqual(["deleted", true, undefined]);
  });
});

describe("a tag that swings", () => {
  const entry = (left: string): BaseEntry => ({
    digest: digestOf("x"),
    cold: false,
    pushedAt: {},
    seen: { left: left.split("").map(digestOf), right: [] },
  });

  test.each([
    ["xyxy", false],
    ["xyxyx", true],
    ["zxyxyx", true],
    ["xyzxyzxy", false],
    ["xyxzxyx", true],
  ])("history %s: %s", (left, is) => {
    expect(swings(entry(left))).toBe(is);
  });

  test("is frozen, while what overwrites nothing goes on", () => {
    const verdict = (copy: { from: "left"; replaces?: string } | undefined): Verdict => ({
      kind: copy === undefined ? "conflict" : "stale",
      reason: "",
      notice: false,
      ...(copy === undefined ? {} : { copy }),
    });
    const frozen = (one: Verdict): unknown => frozenWhereItSwings(entry("xyxyx"), one);
    expect(frozen(verdict({ from: "left", replaces: digestOf("y") }))).toMatchObject({
      kind: "conflict",
      frozen: true,
    });
    expect(frozen(verdict({ from: "left", replaces: digestOf("y") }))).not.toHaveProperty("copy");
    expect(frozen(verdict(undefined))).toMatchObject({ kind: "conflict", frozen: true });
    expect(frozen(verdict({ from: "left" }))).toEqual(verdict({ from: "left" }));
    expect(frozenWhereItSwings(entry("xyxy"), verdict(undefined))).toEqual(verdict(undefined));
  });
});
