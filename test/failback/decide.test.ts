import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, spentDecisions, type Deciding } from "../../src/failback/decide.ts";
import { CHOICES, type Choice, type Decision } from "../../src/failback/decision.ts";
import { digestAhead } from "../../src/failback/remedies.ts";
import type { Finding, TagFindingKind } from "../../src/parity/model.ts";
import type { HealSettings } from "../../src/topology/model.ts";
import { digestOf } from "../support/digests.ts";

const HEAL: HealSettings = {
  remedy: "auto",
  conflicts: "report",
  deletions: "report",
  regressions: "report",
  slaveDeletions: "restore",
  firstContact: "copy",
  settleMs: 240_000,
  remediesPerHour: 10,
};

type Kind = Deciding["topology"]["kind"];

function deciding(
  heal: Partial<HealSettings>,
  decisions: Decision[] = [],
  kind: Kind = "dual-master",
): Deciding {
  const topology = { kind, heal: { ...HEAL, ...heal } };
  return { topology, names: { left: "a", right: "b" }, decisions };
}

/** `sides` as in the truth table: a letter is a digest, a dash nothing. */
function finding(kind: TagFindingKind, sides: string, more: Partial<Finding> = {}): Finding {
  const [left = "-", right = "-"] = sides.split("");
  return {
    kind,
    repository: "l/a",
    tag: "t",
    reason: "so it is",
    notice: false,
    ...(left === "-" ? {} : { left: digestOf(left) }),
    ...(right === "-" ? {} : { right: digestOf(right) }),
    ...more,
  };
}

function decision(choice: Choice, sides: string): Decision {
  const { left, right } = finding("conflict", sides);
  return {
    topology: "east",
    left: "a",
    right: "b",
    repository: "l/a",
    tag: "t",
    choice,
    at: 5000,
    ...(left === undefined ? {} : { leftDigest: left }),
    ...(right === undefined ? {} : { rightDigest: right }),
  };
}

function one(about: Deciding, found: Finding): Finding {
  const [decided] = decide(about, [found]);
  if (decided === undefined) throw new Error("nothing came back");
  return decided;
}

/** `a>b z` copies over z, `a>b delete z` deletes it; a notice says so. */
function inWords({ from, to, replaces, remedy, replay, notice }: Finding): string {
  if (from === undefined) return notice ? "notice" : "left alone";
  const what = remedy === "delete" ? ["delete", replay] : [remedy, replaces];
  return [`${from}>${to}`, ...what.map((word) => word?.replace(/^sha256:(.).*/, "$1"))]
    .filter(Boolean)
    .join(" ");
}

describe("what is declared", () => {
  const conflict = finding("conflict", "xy");

  test("reports conflicts, or takes the preferred side and keeps the other's image", () => {
    expect(one(deciding({}), conflict)).toBe(conflict);
    expect(inWords(one(deciding({ conflicts: { prefer: "a" } }), conflict))).toBe("a>b y");
    expect(one(deciding({ conflicts: { prefer: "b" } }), conflict)).toMatchObject({
      from: "b",
      to: "a",
      replaces: digestOf("x"),
      rescues: true,
    });
  });

  test("decides nothing where the preferred side lacks the tag", () => {
    const lacking = finding("conflict", "-y");
    expect(one(deciding({ conflicts: { prefer: "a" } }), lacking)).toBe(lacking);
    expect(inWords(one(deciding({ conflicts: { prefer: "b" } }), lacking))).toBe("b>a");
    expect(one(deciding({ conflicts: { prefer: "c" } }), conflict)).toBe(conflict);
  });

  test.each([
    [{ left: 10_000, right: 12_001 }, "b>a x"],
    [{ left: 12_001, right: 10_000 }, "a>b y"],
    [{ left: 10_000, right: 12_000 }, "left alone"],
    [{ left: 10_000 }, "left alone"],
    [{ right: 10_000 }, "left alone"],
    [undefined, "left alone"],
  ] as const)("newest: written %j gives %s", (wrote, words) => {
    const decided = one(deciding({ conflicts: "newest" }), {
      ...conflict,
      ...(wrote === undefined ? {} : { wrote }),
    });
    expect(inWords(decided)).toBe(words);
    if (words === "left alone") expect(decided.reason).toContain("can't be told from the audit logs");
  });

  test("a slave never wins", () => {
    const wrote = { left: 10_000, right: 20_000 };
    for (const conflicts of ["newest", { prefer: "b" }] as const) {
      const decided = one(deciding({ conflicts }, [], "master-slave"), { ...conflict, wrote });
      expect(inWords(decided)).toBe("left alone");
      expect(decided.reason).toContain("a slave never wins");
    }
    expect(inWords(one(deciding({ conflicts: { prefer: "a" } }, [], "master-slave"), conflict))).toBe(
      "a>b y",
    );
  });

  test("replays deletions that are proven, and says why it does not replay the others", () => {
    const proven = finding("deleted", "x-", { notice: true, replay: digestOf("x") });
    expect(one(deciding({}), proven)).toBe(proven);
    expect(inWords(one(deciding({ deletions: "replay" }), proven))).toBe("b>a delete x");
    expect(one(deciding({ deletions: "replay" }), proven).notice).toBe(false);
    const unproven = one(deciding({ deletions: "replay" }), finding("deleted", "x-", { notice: true }));
    expect([inWords(unproven), unproven.reason]).toEqual(["notice", expect.stringContaining("not replayed")]);
    expect(one(deciding({ deletions: "replay" }, [], "master-slave"), proven)).toBe(proven);
    const onMaster = finding("deleted", "-x", { notice: true, replay: digestOf("x") });
    expect(inWords(one(deciding({ deletions: "replay" }, [], "master-slave"), onMaster))).toBe(
      "a>b delete x",
    );
  });

  test("repairs what replication brought back, if it is known what was lost", () => {
    const lost = { lost: digestOf("y"), byReplication: true };
    const regressed = finding("regressed", "xx", lost);
    expect(one(deciding({}), regressed)).toBe(regressed);
    expect(inWords(one(deciding({ regressions: "repair" }), regressed))).toBe("a>b restore");
    for (const less of [
      { lost: digestOf("y") },
      { byReplication: true },
      { ...lost, byReplication: false },
    ]) {
      const unknown = finding("regressed", "xx", less);
      expect(one(deciding({ regressions: "repair" }), unknown)).toBe(unknown);
    }
  });
});

describe("what a person decided", () => {
  const KEEPING = { conflicts: { prefer: "a" } } as const;

  test.each([
    ["keep-left", "xy", "a>b y"],
    ["keep-right", "xy", "b>a x"],
    ["keep-both", "xy", "notice"],
    ["keep-left", "x-", "a>b"],
    ["keep-right", "-y", "b>a"],
    ["accept-deletion", "x-", "b>a delete x"],
    ["accept-deletion", "-y", "a>b delete y"],
  ] as const)("%s of %s: %s", (choice, sides, words) => {
    const decided = one(deciding({}, [decision(choice, sides)]), finding("conflict", sides));
    expect(inWords(decided)).toBe(words);
  });

  test.each([
    ["accept-deletion", "xy"],
    ["keep-left", "-y"],
    ["keep-right", "x-"],
  ] as const)("%s of %s decides nothing", (choice, sides) => {
    const found = finding("conflict", sides);
    expect(one(deciding({}, [decision(choice, sides)]), found)).toBe(found);
  });

  test("goes before what is declared, and reaches what is frozen", () => {
    const frozen = finding("conflict", "xy", { frozen: true });
    expect(one(deciding(KEEPING), frozen)).toBe(frozen);
    expect(inWords(one(deciding(KEEPING, [decision("keep-right", "xy")]), frozen))).toBe("b>a x");
    expect(inWords(one(deciding(KEEPING, [decision("keep-both", "xy")]), finding("conflict", "xy")))).toBe(
      "notice",
    );
    expect(inWords(one(deciding(KEEPING, [decision("keep-right", "xz")]), finding("conflict", "xy")))).toBe(
      "a>b y",
    );
  });

  test("replaces a copy that was found the other way", () => {
    const stale = finding("stale", "xy", { from: "a", to: "b", replaces: digestOf("y") });
    expect(inWords(one(deciding({}, [decision("keep-right", "xy")]), stale))).toBe("b>a x");
    expect(inWords(one(deciding({}, [decision("keep-both", "xy")]), stale))).toBe("notice");
  });

  test.each(["keep-left", "keep-right", "keep-both"] as const)(
    "%s of a regressed tag accepts what stands",
    (choice) => {
      const lost = { lost: digestOf("y"), byReplication: true };
      const regressed = finding("regressed", "xx", lost);
      const decided = one(deciding({ regressions: "repair" }, [decision(choice, "xx")]), regressed);
      expect([inWords(decided), decided.reason]).toEqual(["notice", "a person accepted what stands there"]);
    },
  );

  test("never carries anything from a slave to its master", () => {
    const words = (choice: Choice, sides: string): string =>
      inWords(one(deciding({}, [decision(choice, sides)], "master-slave"), finding("conflict", sides)));
    expect(words("keep-right", "xy")).toBe("notice");
    expect(words("keep-right", "-y")).toBe("notice");
    expect(words("accept-deletion", "x-")).toBe("notice");
    expect(words("keep-left", "xy")).toBe("a>b y");
    expect(words("accept-deletion", "-y")).toBe("a>b delete y");
  });

  test.each(["in-flight", "unread", "overlap", "displaced", "accessory"] as const)(
    "says nothing of what is %s, even where the digests fit",
    (kind) => {
      const found = finding(kind, "x-");
      expect(one(deciding({ deletions: "replay" }, [decision("accept-deletion", "x-")]), found)).toBe(found);
    },
  );
});

describe("decisions that are spent", () => {
  const accepted = decision("accept-deletion", "x-");
  const spent = (findings: Finding[], more: { unread?: unknown[]; readAt?: number } = {}): boolean =>
    spentDecisions([accepted], { findings, unread: [], readAt: 6000, ...more }).length > 0;

  test("are those about a tag that is in step, gone, or something else now", () => {
    expect(spent([])).toBe(true);
    expect(spent([finding("conflict", "xy")])).toBe(true);
    expect(spent([finding("conflict", "x-", { tag: "other" })])).toBe(true);
    expect(spent([finding("accessory", "x-")])).toBe(true);
    expect(spent([finding("deleted", "x-")])).toBe(false);
  });

  test("but not while nothing can be known of it, nor before it could be read", () => {
    for (const kind of ["in-flight", "unread", "rewound"] as const)
      expect(spent([finding(kind, "xy")])).toBe(false);
    expect(spent([], { unread: ["library"] })).toBe(false);
    expect(spent([], { readAt: 5000 })).toBe(false);
  });
});

const letters = fc.constantFrom("x", "y", "z", "-");
const KINDS = [
  "missing",
  "stale",
  "unproven",
  "deleted",
  "conflict",
  "regressed",
  "rewound",
  "extra",
  "in-flight",
  "unread",
] as const;
const anyFinding = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    sides: fc.tuple(letters, letters).map(([left, right]) => left + right),
    frozen: fc.boolean(),
    replayable: fc.boolean(),
    byReplication: fc.boolean(),
    wrote: fc.record({ left: fc.nat({ max: 9000 }), right: fc.nat({ max: 9000 }) }),
  })
  .filter(({ kind, sides: [left, right] }) => (left === right && left !== "-") === (kind === "regressed"))
  .map(({ kind, sides, frozen, replayable, ...rest }) => {
    const [left = "", right = ""] = sides.split("");
    const alone = left === "-" ? right : left;
    const replay = replayable && sides.includes("-") && alone !== "-" ? { replay: digestOf(alone) } : {};
    return finding(kind, sides, { ...rest, ...replay, ...(frozen ? { frozen } : {}), lost: digestOf("l") });
  });
const anyDeciding = fc
  .record({
    kind: fc.constantFrom<Kind>("dual-master", "master-slave"),
    conflicts: fc.constantFrom<HealSettings["conflicts"]>(
      "report",
      "newest",
      { prefer: "a" },
      { prefer: "b" },
    ),
    deletions: fc.constantFrom<HealSettings["deletions"]>("report", "replay"),
    regressions: fc.constantFrom<HealSettings["regressions"]>("report", "repair"),
    choice: fc.option(fc.constantFrom(...CHOICES), { nil: undefined }),
    sides: fc.tuple(letters, letters).map(([left, right]) => left + right),
  })
  .map(({ kind, choice, sides, ...heal }) =>
    deciding(heal, choice === undefined ? [] : [decision(choice, sides)], kind),
  );

describe("whatever is decided", () => {
  test("a copy brings what its source holds over exactly what its target holds, which is kept", () => {
    fc.assert(
      fc.property(anyDeciding, anyFinding, (about, found) => {
        const decided = one(about, found);
        if (decided.from === undefined || decided.remedy !== undefined) return;
        const [from, to] =
          decided.from === "a" ? ([found.left, found.right] as const) : ([found.right, found.left] as const);
        expect(from).toBeDefined();
        expect(digestAhead(decided)).toBe(from);
        expect([decided.replaces, decided.rescues]).toEqual([to, to === undefined ? undefined : true]);
        expect(from).not.toBe(to);
        expect(decided.notice).toBe(false);
        if (about.topology.kind === "master-slave") expect(decided.from).toBe("a");
      }),
      { numRuns: 3000 },
    );
  });

  test("only what the other side lacks is deleted, with the digest that was seen", () => {
    fc.assert(
      fc.property(anyDeciding, anyFinding, (about, found) => {
        const decided = one(about, found);
        if (decided.remedy !== "delete") return;
        const [kept, lacking] = decided.to === "a" ? [found.left, found.right] : [found.right, found.left];
        expect([kept, lacking]).toEqual([decided.replay, undefined]);
        if (about.topology.kind === "master-slave") expect(decided.to).toBe("b");
      }),
      { numRuns: 3000 },
    );
  });

  test("what is frozen, or was decided about other digests, is left as declared", () => {
    fc.assert(
      fc.property(anyDeciding, anyFinding, (about, found) => {
        const fits = about.decisions.some(
          (d) => d.leftDigest === found.left && d.rightDigest === found.right,
        );
        if (fits) return;
        const decided = one(about, found);
        if (found.frozen === true) expect(decided).toBe(found);
        expect(decided).toEqual(one({ ...about, decisions: [] }, found));
      }),
      { numRuns: 2000 },
    );
  });
});

test("from a side that came back older nothing is copied, whoever decided so", () => {
  for (const choice of CHOICES) {
    const found = finding("rewound", choice === "accept-deletion" ? "x-" : "xy");
    const about = deciding({}, [decision(choice, choice === "accept-deletion" ? "x-" : "xy")]);
    expect(one(about, found)).toBe(found);
  }
});
