import fc from "fast-check";
import { expect, test } from "vitest";
import { compareTag, type RepositoryCase } from "../../src/parity/compare-repository.ts";
import type { BaseEntry, TagCase } from "../../src/parity/model.ts";
import { isSettled } from "../../src/parity/settled.ts";
import { anyCase } from "./cases.ts";

function judge(tag: TagCase, entry: BaseEntry): ReturnType<typeof compareTag> {
  const about: RepositoryCase = {
    repository: "p/r",
    names: { left: "a", right: "b" },
    warm: tag.base.warm,
    entries: new Map([["v1", entry]]),
    rules: tag,
    evidence: (side) => tag.evidence[side],
  };
  return compareTag(about, "v1", tag.left, tag.right);
}

/** Mostly both sides as they were seen. */
const likelyCase = fc.tuple(anyCase, fc.boolean(), fc.boolean()).map(([tag, isSeen, isSame]): TagCase => {
  const { entry } = tag.base;
  if (entry === undefined || !isSeen) return tag;
  const digest = entry.digest ?? "";
  const seen = isSame ? { left: [digest], right: [...entry.seen.right, digest] } : entry.seen;
  const at = (side: "left" | "right"): number => entry.pushedAt[side] ?? 0;
  return {
    ...tag,
    left: { kind: "present", digest, pushedAt: at("left") },
    right: { kind: "present", digest, pushedAt: at("right") },
    base: { ...tag.base, entry: { ...entry, seen } },
  };
});

test("what is settled is in step and changes nothing, whatever else is known, and both happens", () => {
  const met = { settled: 0, open: 0 };
  fc.assert(
    fc.property(likelyCase, (tag) => {
      const { entry } = tag.base;
      if (entry === undefined) return;
      const row = (side: "left" | "right"): Parameters<typeof isSettled>[1] => {
        const reading = tag[side];
        return reading.kind === "present" ? reading : undefined;
      };
      if (!isSettled(entry, row("left"), row("right"))) {
        met.open += 1;
        return;
      }
      met.settled += 1;
      const judged = judge(tag, entry);
      expect(judged).toMatchObject({ verdict: { kind: "in-step" }, changed: false });
      expect(judged.finding).toBeUndefined();
    }),
    { numRuns: 3_000 },
  );
  expect(Math.min(met.settled, met.open)).toBeGreaterThan(100);
});

test("a tag that was seen to be deleted on a side is not settled until that is forgotten, nor is a cold one", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const reading = { digest, pushedAt: 7 };
  const entry: BaseEntry = {
    digest,
    cold: false,
    pushedAt: { left: 7, right: 7 },
    seen: { left: [digest], right: [digest] },
  };
  expect(isSettled(entry, reading, reading)).toBe(true);
  expect(isSettled({ ...entry, deletedOn: "right" }, reading, reading)).toBe(false);
  expect(isSettled({ ...entry, cold: true }, reading, reading)).toBe(false);
});
