import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeTag } from "../../src/parity/judge-tag.ts";
import {
  HISTORY_LENGTH,
  NO_EVIDENCE,
  type Base,
  type SideEvidence,
  type SideReading,
} from "../../src/parity/model.ts";
import { remember } from "../../src/parity/remember.ts";
import { digestOf } from "../support/digests.ts";

const reading = fc.oneof(
  fc.constant<SideReading>({ kind: "absent" }),
  fc.constant<SideReading>({ kind: "unread" }),
  fc
    .tuple(
      fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"),
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([letter, pushedAt]): SideReading => ({ kind: "present", digest: digestOf(letter), pushedAt })),
);

function step(base: Base, left: SideReading, right: SideReading, onLeft: SideEvidence = NO_EVIDENCE): Base {
  const verdict = judgeTag({
    topology: "dual-master",
    left,
    right,
    base,
    evidence: { left: onLeft, right: NO_EVIDENCE },
    firstContact: "copy",
    slaveDeletions: "restore",
  });
  const entry = remember(base, left, right, verdict);
  return { warm: true, ...(entry === undefined ? {} : { entry }) };
}

test("reading the same again changes nothing, not even the object", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(reading, reading), { minLength: 1, maxLength: 12 }), (readings) => {
      let base: Base = { warm: false };
      for (const [left, right] of readings) base = step(base, left, right);
      const [left, right] = readings.at(-1)!;
      expect(step(base, left, right).entry).toBe(base.entry);
    }),
  );
});

test("what both agree on is remembered as agreed, and nothing else ever is", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(reading, reading), { maxLength: 12 }), (readings) => {
      let base: Base = { warm: false };
      const agreed = new Set<string>();
      for (const [left, right] of readings) {
        if (left.kind === "present" && right.kind === "present" && left.digest === right.digest) {
          agreed.add(left.digest);
        }
        base = step(base, left, right);
        const { entry } = base;
        if (entry?.digest !== undefined) expect(agreed).toContain(entry.digest);
        expect(entry?.seen.left.length ?? 0).toBeLessThanOrEqual(HISTORY_LENGTH);
        expect(entry?.seen.right.length ?? 0).toBeLessThanOrEqual(HISTORY_LENGTH);
      }
    }),
  );
});

test("a difference met before anything was known stays cold until both agree", () => {
  const x: SideReading = { kind: "present", digest: digestOf("x"), pushedAt: 1 };
  const met = step({ warm: false }, x, { kind: "absent" });
  expect(met.entry?.cold).toBe(true);
  expect(step(met, x, { kind: "absent" }).entry?.cold).toBe(true);
  expect(step(met, x, x).entry).toMatchObject({ cold: false, digest: digestOf("x") });
});

test("a tag that could not be read while its repository was cold is cold, even if it is known from before", () => {
  const x: SideReading = { kind: "present", digest: digestOf("x"), pushedAt: 1 };
  expect(step({ warm: false }, x, { kind: "unread" }).entry?.cold).toBe(true);
  const known = step({ warm: true }, x, x);
  expect(step({ ...known, warm: false }, x, { kind: "unread" }).entry).toEqual({
    ...known.entry,
    cold: true,
  });
  expect(step(known, x, { kind: "unread" }).entry).toBe(known.entry);
});

test("a side that left what both agreed on and came back to it is known to have moved, until both agree again", () => {
  const at = (letter: string, pushedAt: number): SideReading => ({
    kind: "present",
    digest: digestOf(letter),
    pushedAt,
  });
  const agreed = step({ warm: true }, at("x", 1), at("x", 1));
  const back = step(agreed, at("y", 5), at("x", 6));
  expect(step(back, at("y", 5), at("x", 6)).entry?.pushedAt).toEqual({ left: 5, right: 1 });
  const person: SideEvidence = { ...NO_EVIDENCE, pushedBy: "person" };
  expect(step(back, at("x", 7), at("x", 6), person).entry?.pushedAt).toEqual({ left: 7, right: 6 });
});

test("what was lost is remembered for as long as nobody says that it was meant", () => {
  const at = (letter: string, pushedAt: number): SideReading => ({
    kind: "present",
    digest: digestOf(letter),
    pushedAt,
  });
  const agreed = step({ warm: true }, at("x", 1), at("x", 1));
  const pushed = step(agreed, at("y", 5), at("x", 1));
  const lost = step(pushed, at("x", 7), at("x", 1));
  expect(lost.entry).toMatchObject({ digest: digestOf("x"), pushedAt: { left: 5, right: 1 } });
  expect(step(lost, at("x", 7), at("x", 1)).entry).toBe(lost.entry);
  const both = step(step({ warm: true }, at("x", 1), at("x", 1)), at("y", 5), at("y", 6));
  const echoed = step(both, at("x", 7), at("x", 8));
  expect(echoed.entry).toMatchObject({ digest: digestOf("y"), pushedAt: { left: 7, right: 8 } });
  const meant = step(echoed, at("x", 7), at("x", 8), { ...NO_EVIDENCE, pushedBy: "person" });
  expect(meant.entry?.digest).toBe(digestOf("x"));
});

test("a base that was made cold keeps the past as history only", () => {
  const x: SideReading = { kind: "present", digest: digestOf("x"), pushedAt: 1 };
  const known = step({ warm: true }, x, x);
  const cooled = step({ ...known, warm: false }, x, { kind: "absent" });
  expect(cooled.entry?.cold).toBe(true);
});
