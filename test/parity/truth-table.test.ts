import { describe, expect, test } from "vitest";
import { judgeTag } from "../../src/parity/judge-tag.ts";
import { NO_EVIDENCE, type BaseEntry, type SideEvidence, type TagCase } from "../../src/parity/model.ts";
import { digestOf } from "../support/digests.ts";
import { entryOf, inWords, reading, tagCase, withEvidence, type Letter } from "./cases.ts";

interface Row {
  readonly sides: readonly [Letter, Letter];
  /** `cold`, `none`, or the letter both agreed on. */
  readonly base: string;
  readonly dual: string;
  readonly slave: string;
}

/** One row of the design's table a line; `> y` is a copy to the right that may overwrite y, `> new` one that may overwrite nothing. */
const TABLE: readonly Row[] = [
  { sides: ["x", "x"], base: "none", dual: "in-step", slave: "in-step" },
  { sides: ["x", "x"], base: "cold", dual: "in-step", slave: "in-step" },
  { sides: ["x", "x"], base: "x", dual: "in-step", slave: "in-step" },
  { sides: ["x", "x"], base: "y", dual: "in-step", slave: "in-step" },
  { sides: ["x", "-"], base: "none", dual: "missing > new", slave: "missing > new" },
  { sides: ["x", "-"], base: "cold", dual: "unproven > new", slave: "unproven > new" },
  { sides: ["-", "x"], base: "none", dual: "missing < new", slave: "extra (notice)" },
  { sides: ["-", "x"], base: "cold", dual: "unproven < new", slave: "extra (notice)" },
  { sides: ["x", "-"], base: "x", dual: "deleted (notice)", slave: "missing > new" },
  { sides: ["-", "x"], base: "x", dual: "deleted (notice)", slave: "deleted (notice)" },
  { sides: ["x", "-"], base: "y", dual: "conflict", slave: "missing > new" },
  { sides: ["-", "x"], base: "y", dual: "conflict", slave: "conflict" },
  { sides: ["x", "y"], base: "y", dual: "stale > y", slave: "stale > y" },
  { sides: ["x", "y"], base: "x", dual: "stale < x", slave: "conflict" },
  { sides: ["x", "y"], base: "none", dual: "conflict", slave: "conflict" },
  { sides: ["x", "y"], base: "cold", dual: "conflict", slave: "conflict" },
  { sides: ["x", "y"], base: "z", dual: "conflict", slave: "conflict" },
  { sides: ["-", "-"], base: "none", dual: "gone", slave: "gone" },
  { sides: ["-", "-"], base: "cold", dual: "gone", slave: "gone" },
  { sides: ["-", "-"], base: "x", dual: "gone", slave: "gone" },
];

describe("the truth table", () => {
  test.each(TABLE)("$sides with base $base", ({ sides, base, dual, slave }) => {
    expect(inWords(judgeTag(tagCase(sides, base)))).toBe(dual);
    expect(inWords(judgeTag(tagCase(sides, base, { topology: "master-slave" })))).toBe(slave);
  });

  test.each(TABLE)(
    "$sides with base $base, one side unread or rewound: nothing is concluded",
    ({ sides, base }) => {
      for (const topology of ["dual-master", "master-slave"] as const) {
        for (const side of ["left", "right"] as const) {
          const unread = tagCase(sides, base, { topology, [side]: { kind: "unread" } });
          expect(inWords(judgeTag(unread))).toBe("unread");
          const rewound = tagCase(sides, base, { topology, evidence: withEvidence(side, { rewound: true }) });
          expect(inWords(judgeTag(rewound))).toBe("rewound");
        }
      }
    },
  );

  test.each(TABLE)("$sides with base $base, being copied: a difference is not judged", ({ sides, base }) => {
    const evidence = bothInFlight("copying");
    const words = inWords(judgeTag(tagCase(sides, base, { evidence })));
    expect(words).toBe(sides[0] === sides[1] ? (sides[0] === "-" ? "gone" : "in-step") : "in-flight");
  });

  test.each(TABLE)(
    "$sides with base $base, young: only what moved is not judged",
    ({ sides, base, dual }) => {
      const words = inWords(judgeTag(tagCase(sides, base, { evidence: bothInFlight("young") })));
      const settled = sides[0] === sides[1] || (sides.includes("-") && sides.includes(base as Letter));
      expect(words).toBe(settled ? dual : "in-flight (notice)");
    },
  );

  test("the side that did not move may be as young as it likes", () => {
    const young = { ...NO_EVIDENCE, inFlight: "young" } as const;
    const moved = tagCase(["x", "y"], "y", { evidence: { left: NO_EVIDENCE, right: young } });
    expect(inWords(judgeTag(moved))).toBe("stale > y");
  });
});

function bothInFlight(inFlight: SideEvidence["inFlight"]): TagCase["evidence"] {
  return { left: { ...NO_EVIDENCE, inFlight }, right: { ...NO_EVIDENCE, inFlight } };
}

describe("what the declaration decides", () => {
  test("a first contact that is only to be reported is not copied", () => {
    expect(inWords(judgeTag(tagCase(["x", "-"], "cold", { firstContact: "report" })))).toBe("unproven");
  });

  test("deletions on a slave are respected where that is declared", () => {
    const words = inWords(
      judgeTag(tagCase(["x", "-"], "x", { topology: "master-slave", slaveDeletions: "respect" })),
    );
    expect(words).toBe("deleted (notice)");
  });

  test("a tag met in disagreement before stays unproven although its repository is warm", () => {
    const entry: BaseEntry = { cold: true, pushedAt: {}, seen: { left: [digestOf("x")], right: [] } };
    expect(inWords(judgeTag(tagCase(["x", "-"], "none", { base: { warm: true, entry } })))).toBe(
      "unproven > new",
    );
  });
});

describe("evidence", () => {
  test("history: the side that holds what the other had before is behind", () => {
    const entry = { ...entryOf("z")!, seen: { left: ["y", "x"].map(digestOf), right: ["y"].map(digestOf) } };
    expect(inWords(judgeTag(tagCase(["x", "y"], "z", { base: { warm: true, entry } })))).toBe("stale > y");
    expect(inWords(judgeTag(tagCase(["x", "y"], "z", { base: { warm: false, entry } })))).toBe("stale > y");
  });

  test("history: what a person put there about when the other side moved on is kept, though it is behind", () => {
    const entry = { ...entryOf("z")!, seen: { left: ["y", "x"].map(digestOf), right: ["y"].map(digestOf) } };
    const rescues = (at: number, pushedBy: "person" | "replication" = "person"): boolean | undefined => {
      const left = { ...NO_EVIDENCE, pushedAtOurs: 10_000 };
      const right = { ...NO_EVIDENCE, pushedAtOurs: at, pushedBy };
      const verdict = judgeTag(
        tagCase(["x", "y"], "z", { base: { warm: true, entry }, evidence: { left, right } }),
      );
      return "copy" in verdict ? verdict.copy.rescues : undefined;
    };
    expect([rescues(8_001), rescues(8_000), rescues(8_001, "replication")]).toEqual([
      true,
      undefined,
      undefined,
    ]);
  });

  test("history: both had the other's before, so nothing follows", () => {
    const both = ["x", "y"].map(digestOf);
    const entry = { ...entryOf("z")!, seen: { left: [...both, digestOf("x")], right: both } };
    expect(inWords(judgeTag(tagCase(["x", "y"], "z", { base: { warm: true, entry } })))).toBe("conflict");
  });

  test("history: what stood before both agreed on something else is no sign of being behind, but a rollback", () => {
    const seen = ["y", "z"].map(digestOf);
    const entry = { ...entryOf("z")!, seen: { left: seen, right: seen } };
    expect(inWords(judgeTag(tagCase(["x", "y"], "z", { base: { warm: true, entry } })))).toBe("conflict");
    expect(inWords(judgeTag(tagCase(["y", "x"], "z", { base: { warm: false, entry } })))).toBe("conflict");
    const later = { ...entry, seen: { left: ["y", "z", "y", "x"].map(digestOf), right: seen } };
    expect(inWords(judgeTag(tagCase(["x", "y"], "z", { base: { warm: true, entry: later } })))).toBe(
      "stale > y",
    );
  });

  test("the audit log counts as history", () => {
    const evidence = withEvidence("right", { auditedDigests: [digestOf("x")] });
    expect(inWords(judgeTag(tagCase(["x", "y"], "cold", { evidence })))).toBe("stale < x");
  });

  test("only one side's push falls into the other's outage: that side moved it", () => {
    const right = tagCase(["x", "y"], "cold", { evidence: withEvidence("right", { pushedInOutage: true }) });
    expect(inWords(judgeTag(right))).toBe("stale < x");
    expect(inWords(judgeTag({ ...right, topology: "master-slave" }))).toBe("conflict");
    const both = { ...NO_EVIDENCE, pushedInOutage: true };
    expect(inWords(judgeTag({ ...right, evidence: { left: both, right: both } }))).toBe("conflict");
  });

  test("what replication brought in an outage is no push of then: a third registry may have had it before", () => {
    const by = (pushedBy: "replication" | "person" | "unknown"): string =>
      inWords(
        judgeTag(
          tagCase(["x", "y"], "cold", {
            evidence: withEvidence("right", { pushedInOutage: true, pushedBy }),
          }),
        ),
      );
    expect([by("replication"), by("person"), by("unknown")]).toEqual(["conflict", "stale < x", "stale < x"]);
  });

  test("what an outage proves older is kept under a rescue tag where it was pushed since both agreed", () => {
    const evidence = withEvidence("left", { pushedInOutage: true });
    const rescues = (base: string): boolean | undefined => {
      const verdict = judgeTag(tagCase(["x", "y"], base, { evidence }));
      return "copy" in verdict ? verdict.copy.rescues : undefined;
    };
    expect(rescues("z")).toBe(true);
    // Neither had the tag when both were read last.
    expect(rescues("none")).toBe(true);
    // Nothing is known of the past: it may well be what both agreed on.
    expect(rescues("cold")).toBeUndefined();
  });

  test("a push after the one that fell into an outage is not overwritten by it", () => {
    const pushedAt = (left: number, right: number): TagCase["evidence"] => ({
      left: { ...NO_EVIDENCE, pushedInOutage: true, pushedAtOurs: left },
      right: { ...NO_EVIDENCE, pushedAtOurs: right },
    });
    for (const base of ["cold", "none", "z"]) {
      const words = (left: number, right: number): string =>
        inWords(judgeTag(tagCase(["x", "y"], base, { evidence: pushedAt(left, right) })));
      // Two clocks agree no better than two seconds.
      expect(words(4000, 2000)).toBe("stale > y");
      expect(words(4000, 2001)).toBe("conflict");
    }
  });

  test("a deletion after the push, in the audit log, turns an unproven tag into a deleted one", () => {
    const deletedAt = (at: number): TagCase["evidence"] => ({
      left: { ...NO_EVIDENCE, pushedAtOurs: 10_000 },
      right: { ...NO_EVIDENCE, deletion: { at, by: "person" } },
    });
    const words = (base: string, at: number): string =>
      inWords(judgeTag(tagCase(["x", "-"], base, { evidence: deletedAt(at) })));
    for (const base of ["cold", "none"]) expect(words(base, 12_001)).toBe("deleted (notice)");
    // Two clocks agree no better than two seconds.
    expect(words("cold", 12_000)).toBe("unproven > new");
    expect(words("none", 12_000)).toBe("missing > new");
  });

  test("both sides back at what stood before: regressed, unless a person pushed it again", () => {
    const entry = {
      ...entryOf("y")!,
      seen: { left: ["x", "y"].map(digestOf), right: ["x", "y"].map(digestOf) },
    };
    const back = tagCase(["x", "x"], "y", { base: { warm: true, entry } });
    expect(inWords(judgeTag(back))).toBe("regressed");
    expect(inWords(judgeTag({ ...back, evidence: withEvidence("left", { pushedBy: "person" }) }))).toBe(
      "in-step",
    );
  });

  test("a push after a deletion that was seen is news, one that may have come before it is a conflict", () => {
    const entry: BaseEntry = { ...entryOf("y")!, deletedOn: "right" };
    const again = tagCase(["x", "-"], "y", { base: { warm: true, entry } });
    expect(inWords(judgeTag(again))).toBe("missing > new");
    expect(
      inWords(judgeTag({ ...again, base: { warm: true, entry: { ...entry, deletedOn: "left" } } })),
    ).toBe("conflict");
    const onSlave = tagCase(["-", "x"], "y", {
      base: { warm: true, entry: { ...entry, deletedOn: "left" } },
    });
    expect(inWords(judgeTag({ ...onSlave, topology: "master-slave" }))).toBe("conflict");
  });

  test("what came back to the agreed image by a later push was moved too", () => {
    const back = (left: number, right: number): TagCase =>
      tagCase(["x", "y"], "y", {
        right: reading("y", right),
        evidence: {
          left: { ...NO_EVIDENCE, pushedAtOurs: left },
          right: { ...NO_EVIDENCE, pushedAtOurs: right },
        },
      });
    expect(inWords(judgeTag(back(2000, 2001)))).toBe("conflict");
    expect(inWords(judgeTag(back(2000, 1999)))).toBe("stale > y");
    expect(inWords(judgeTag(back(2000, 1000)))).toBe("stale > y");
    expect(inWords(judgeTag({ ...back(2000, 2001), topology: "master-slave" }))).toBe("stale > y");
    const alone = tagCase(["y", "-"], "y", { left: reading("y", 1001) });
    expect(inWords(judgeTag(alone))).toBe("conflict");
    const seen: BaseEntry = { ...entryOf("y")!, deletedOn: "right" };
    expect(inWords(judgeTag({ ...alone, base: { warm: true, entry: seen } }))).toBe("missing > new");
  });

  test("history: a later push of what the other side had before is a rollback, not a leftover", () => {
    const entry = { ...entryOf("z")!, seen: { left: ["y", "x"].map(digestOf), right: [digestOf("y")] } };
    const words = (right: number): string => {
      const evidence = {
        left: { ...NO_EVIDENCE, pushedAtOurs: 2000 },
        right: { ...NO_EVIDENCE, pushedAtOurs: right },
      };
      return inWords(judgeTag(tagCase(["x", "y"], "z", { base: { warm: true, entry }, evidence })));
    };
    expect(words(1999)).toBe("stale > y");
    expect(words(2001)).toBe("conflict");
  });

  test("an other digest with an older push time than was seen is a registry that came back older", () => {
    const older = tagCase(["x", "y"], "y", { left: reading("x", 900) });
    expect(inWords(judgeTag(older))).toBe("rewound");
    expect(inWords(judgeTag(tagCase(["x", "y"], "y", { left: reading("x", 1001) })))).toBe("stale > y");
  });
});

test.each(["cold", "z"])(
  "a master that is fed by replication goes before its slave after an outage of the slave (%s)",
  (base) => {
    const left = {
      ...NO_EVIDENCE,
      pushedInOutage: true,
      pushedBy: "replication",
      pushedAtOurs: 20000,
    } as const;
    const right = { ...NO_EVIDENCE, pushedBy: "replication", pushedAtOurs: 1000 } as const;
    expect(
      inWords(judgeTag(tagCase(["x", "y"], base, { topology: "master-slave", evidence: { left, right } }))),
    ).toBe("stale > y");
  },
);
