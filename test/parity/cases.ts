import fc from "fast-check";
import {
  NO_EVIDENCE,
  type Actor,
  type BaseEntry,
  type Side,
  type SideEvidence,
  type SideReading,
  type TagCase,
  type Verdict,
} from "../../src/parity/model.ts";
import { digestOf } from "../support/digests.ts";

export type Letter = "x" | "y" | "z" | "-";

export function reading(letter: Letter, pushedAt = 2000): SideReading {
  return letter === "-" ? { kind: "absent" } : { kind: "present", digest: digestOf(letter), pushedAt };
}

export function entryOf(base: string, seen: Partial<Record<Side, string[]>> = {}): BaseEntry | undefined {
  if (base === "none" || base === "cold") return undefined;
  const history = (side: Side): string[] => (seen[side] ?? [base]).map(digestOf);
  return {
    digest: digestOf(base),
    cold: false,
    pushedAt: { left: 1000, right: 1000 },
    seen: { left: history("left"), right: history("right") },
  };
}

export function tagCase(
  sides: readonly [Letter, Letter],
  base: string,
  more: Partial<TagCase> = {},
): TagCase {
  const entry = entryOf(base);
  // What still is what both agreed on was not pushed since.
  const read = (letter: Letter): SideReading => reading(letter, letter === base ? 1000 : 2000);
  return {
    topology: "dual-master",
    left: read(sides[0]),
    right: read(sides[1]),
    base: { warm: base !== "cold", ...(entry === undefined ? {} : { entry }) },
    evidence: { left: NO_EVIDENCE, right: NO_EVIDENCE },
    firstContact: "copy",
    slaveDeletions: "restore",
    ...more,
  };
}

export function withEvidence(side: Side, evidence: Partial<SideEvidence>): TagCase["evidence"] {
  return { left: NO_EVIDENCE, right: NO_EVIDENCE, [side]: { ...NO_EVIDENCE, ...evidence } };
}

export function inWords(verdict: Verdict): string {
  if (verdict.kind === "in-step" || verdict.kind === "gone") return verdict.kind;
  const { copy } = verdict;
  if (copy === undefined) return `${verdict.kind}${verdict.notice ? " (notice)" : ""}`;
  const over = copy.replaces === undefined ? "new" : copy.replaces.charAt("sha256:".length);
  return `${verdict.kind} ${copy.from === "left" ? ">" : "<"} ${over}`;
}

const letter = fc.constantFrom<Letter>("x", "y", "z", "-");
const actor = fc.constantFrom<Actor>("person", "replication", "retention", "tidelock", "unknown");
const evidence = fc.record({
  inFlight: fc.constantFrom<SideEvidence["inFlight"]>("no", "young", "copying"),
  rewound: fc.boolean(),
  pushedInOutage: fc.boolean(),
  deletion: fc.record({ at: fc.integer({ min: 0, max: 9000 }), by: actor }),
  pushedAtOurs: fc.integer({ min: 0, max: 4000 }),
  pushedBy: actor,
  personPush: fc.record({
    at: fc.integer({ min: 0, max: 4000 }),
    digest: fc.constantFrom("x", "y", "z").map(digestOf),
  }),
  lastPush: fc.integer({ min: 0, max: 4000 }),
  givenUp: fc.array(fc.constantFrom("x", "y", "z").map(digestOf), { maxLength: 1 }),
  auditedDigests: fc.array(fc.constantFrom("x", "y", "z").map(digestOf), { maxLength: 3 }),
});
const history = fc.array(fc.constantFrom("x", "y", "z").map(digestOf), { maxLength: 4 });
/** Whatever can be read, remembered and known of one tag. */
export const anyCase: fc.Arbitrary<TagCase> = fc
  .record({
    topology: fc.constantFrom<TagCase["topology"]>("dual-master", "master-slave"),
    left: fc.tuple(letter, fc.integer({ min: 0, max: 4000 })).map(([l, at]) => reading(l, at)),
    right: fc.tuple(letter, fc.integer({ min: 0, max: 4000 })).map(([l, at]) => reading(l, at)),
    warm: fc.boolean(),
    entry: fc.option(
      fc.record({
        digest: fc.constantFrom("x", "y", "z").map(digestOf),
        cold: fc.boolean(),
        pushedAt: fc.record({
          left: fc.integer({ max: 4000, min: 0 }),
          right: fc.integer({ max: 4000, min: 0 }),
        }),
        seen: fc.record({ left: history, right: history }),
      }),
      { nil: undefined },
    ),
    evidence: fc.record({ left: evidence, right: evidence }),
    firstContact: fc.constantFrom<TagCase["firstContact"]>("copy", "report"),
    slaveDeletions: fc.constantFrom<TagCase["slaveDeletions"]>("restore", "respect"),
  })
  .map(({ warm, entry, ...rest }) => ({
    ...rest,
    base: { warm, ...(entry === undefined ? {} : { entry }) },
  }));

/** The same without what keeps everything from being judged. */
export const judgeableCase = anyCase.map((tag): TagCase => {
  const calm = (one: SideEvidence): SideEvidence => ({ ...one, rewound: false, inFlight: "no" });
  return { ...tag, evidence: { left: calm(tag.evidence.left), right: calm(tag.evidence.right) } };
});

/** Mostly deletions of what both agreed on: one side lacks the tag, the other one holds it from as early as it was seen, or later. */
export const deletionCase = fc
  .tuple(judgeableCase, fc.constantFrom<Side>("left", "right"), fc.nat({ max: 2 }))
  .map(([tag, lacking, later]): TagCase => {
    const { entry } = tag.base;
    const holder = lacking === "left" ? "right" : "left";
    const pushedAt = (entry?.pushedAt[holder] ?? 0) + Math.max(0, later - 1);
    const holds: SideReading = { kind: "present", digest: entry?.digest ?? digestOf("x"), pushedAt };
    const seen = entry === undefined ? undefined : { ...entry.seen, [holder]: [entry.digest ?? ""] };
    const base = {
      warm: true,
      ...(entry === undefined || seen === undefined ? {} : { entry: { ...entry, seen } }),
    };
    return holder === "left"
      ? { ...tag, base, left: holds, right: { kind: "absent" } }
      : { ...tag, base, left: { kind: "absent" }, right: holds };
  });
