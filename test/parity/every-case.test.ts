import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeTag } from "../../src/parity/judge-tag.ts";
import { frozenWhereItSwings } from "../../src/parity/oscillation.ts";
import type { Side, SideReading, TagCase, Verdict } from "../../src/parity/model.ts";
import { digestOf } from "../support/digests.ts";
import { anyCase, deletionCase, inWords, judgeableCase } from "./cases.ts";

const digestOn = (one: SideReading): string | undefined => (one.kind === "present" ? one.digest : undefined);

/** What a decision rests on; which of two losses is named depends on the order of the sides. */
function decidable(verdict: Verdict): unknown {
  if (!("reason" in verdict)) return verdict.kind;
  const { replay, byReplication, frozen, notice } = verdict;
  return { replay, byReplication, frozen, notice };
}

/** As a tag is judged in a pass, its history considered. */
function judged(tag: TagCase): Verdict {
  return frozenWhereItSwings(tag.base.entry, judgeTag(tag));
}

const swinging = fc
  .tuple(fc.constantFrom("xyxyx", "yxyxy", "zxyxyx", "xzxzxy"), fc.boolean())
  .map(([letters, onLeft]) => {
    const history = letters.split("").map(digestOf);
    return onLeft ? { left: history, right: [] } : { left: [], right: history };
  });

describe("for every case", () => {
  test("a copy goes from a side that has the tag, and may overwrite exactly what the other side holds", () => {
    fc.assert(
      fc.property(anyCase, (tag) => {
        const verdict = judgeTag(tag);
        if (!("reason" in verdict) || verdict.copy === undefined) return;
        const { from, replaces } = verdict.copy;
        expect(digestOn(tag[from])).toBeDefined();
        expect(digestOn(tag[from === "left" ? "right" : "left"])).toBe(replaces);
        if (tag.topology === "master-slave") expect(from).toBe("left");
      }),
      { numRuns: 2000 },
    );
  });

  test("what would be overwritten is known to be older: by base, by history, or by an outage", () => {
    fc.assert(
      fc.property(anyCase, (tag) => {
        const verdict = judgeTag(tag);
        if (!("reason" in verdict) || verdict.copy === undefined) return;
        const { from, replaces } = verdict.copy;
        if (replaces === undefined) return;
        const entry = tag.base.entry;
        const reasons = [
          entry?.digest === replaces,
          entry?.seen[from].includes(replaces) === true,
          tag.evidence[from].auditedDigests.includes(replaces),
          tag.evidence[from].pushedInOutage,
        ];
        expect(reasons).toContain(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("between equal masters the sides can be exchanged", () => {
    const exchange = (tag: TagCase): TagCase => {
      const { entry, warm } = tag.base;
      const swap = <T>(both: Readonly<Record<Side, T>>): Record<Side, T> => ({
        left: both.right,
        right: both.left,
      });
      const exchanged =
        entry === undefined
          ? {}
          : {
              entry: {
                ...entry,
                pushedAt: { left: entry.pushedAt.right!, right: entry.pushedAt.left! },
                seen: swap(entry.seen),
              },
            };
      return { ...tag, ...swap(tag), evidence: swap(tag.evidence), base: { warm, ...exchanged } };
    };
    const exchangeWords = (words: string): string =>
      words.replace(/[<>]/, (arrow) => (arrow === "<" ? ">" : "<"));
    fc.assert(
      fc.property(anyCase, (tag) => {
        const dual: TagCase = { ...tag, topology: "dual-master" };
        expect(inWords(judged(exchange(dual)))).toBe(exchangeWords(inWords(judged(dual))));
        expect(decidable(judged(exchange(dual)))).toEqual(decidable(judged(dual)));
      }),
      { numRuns: 2000 },
    );
  });

  test("a deletion is taken over only if both agreed on that image, a person deleted it, and nothing was pushed after that", () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(judgeableCase, deletionCase), (tag) => {
        const verdict = judged(tag);
        if (!("reason" in verdict) || verdict.replay === undefined) return;
        taken += 1;
        const holder = tag.left.kind === "present" ? "left" : "right";
        const lacking = holder === "left" ? "right" : "left";
        const { entry, warm } = tag.base;
        const { deletion } = tag.evidence[lacking];
        expect(warm && entry?.cold === false).toBe(true);
        expect([entry?.digest, digestOn(tag[holder])]).toEqual([verdict.replay, verdict.replay]);
        expect(tag[lacking].kind).toBe("absent");
        expect(deletion?.by).toBe("person");
        const { pushedAtOurs = Infinity, personPush, lastPush } = tag.evidence[holder];
        const pushes = [pushedAtOurs, personPush?.at, lastPush].filter((at) => at !== undefined);
        expect(deletion?.at).toBeGreaterThan(Math.max(...pushes));
        expect([verdict.kind, verdict.side, verdict.copy]).toEqual(["deleted", lacking, undefined]);
        if (tag.topology === "master-slave") expect(lacking).toBe("left");
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(taken).toBeGreaterThan(20);
  });

  test("where a tag swings, nothing is put over anything, and only a person decides", () => {
    let swung = 0;
    fc.assert(
      fc.property(judgeableCase, swinging, (tag, seen) => {
        const { entry } = tag.base;
        if (entry === undefined) return;
        const verdict = judged({ ...tag, base: { ...tag.base, entry: { ...entry, seen } } });
        if (!("reason" in verdict)) return;
        expect(verdict.copy?.replaces).toBeUndefined();
        if (verdict.kind === "conflict" || verdict.kind === "regressed") {
          swung += 1;
          expect(verdict.frozen).toBe(true);
        }
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect(swung).toBeGreaterThan(50);
  });

  test("equal sides are in step, or something else was there that somebody may miss", () => {
    let regressed = 0;
    fc.assert(
      fc.property(judgeableCase, (tag) => {
        if (digestOn(tag.left) === undefined || digestOn(tag.left) !== digestOn(tag.right)) return;
        const verdict = judged(tag);
        if (verdict.kind === "rewound" || verdict.kind === "in-step") return;
        expect(verdict.kind).toBe("regressed");
        if (!("reason" in verdict)) return;
        regressed += 1;
        expect(verdict.copy).toBeUndefined();
        expect(verdict.notice).toBe(false);
        expect(verdict.lost).not.toBe(digestOn(tag.left));
        const seen = tag.base.entry?.seen;
        const known = [
          ...(seen?.left ?? []),
          ...(seen?.right ?? []),
          ...Object.values(tag.evidence).map(({ personPush }) => personPush?.digest),
          tag.base.entry?.digest,
        ];
        if (verdict.lost !== undefined) expect(known).toContain(verdict.lost);
        for (const { givenUp } of Object.values(tag.evidence)) expect(givenUp).not.toContain(verdict.lost);
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(regressed).toBeGreaterThan(5);
  });
});
