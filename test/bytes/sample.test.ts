import fc from "fast-check";
import { expect, test } from "vitest";
import { isSampled, roundAt } from "../../src/bytes/sample.ts";

const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
const share = fc.integer({ min: 1, max: 1_000_000 }).map((millionths) => millionths / 1_000_000);
const round = fc.nat({ max: 60_000 });

test("every image is in the sample once in each turn, wherever the turn begins", () => {
  fc.assert(
    fc.property(
      digest,
      fc.constantFrom(0.01, 0.05, 0.07, 0.3, 1 / 3, 0.5, 0.999, 1),
      round,
      (one, part, from) => {
        const rounds = Math.ceil(1 / part - 1e-6) + 1;
        const met = Array.from({ length: rounds }, (_, at) =>
          isSampled(one, { share: part, round: from + at }),
        );
        expect(met.includes(true)).toBe(true);
      },
    ),
  );
});

test("a whole sample holds everything; the same question has the same answer", () => {
  fc.assert(
    fc.property(digest, share, round, (one, part, at) => {
      expect(isSampled(one, { share: 1, round: at })).toBe(true);
      expect(isSampled(one, { share: part, round: at })).toBe(isSampled(one, { share: part, round: at }));
    }),
  );
});

test("a sample is about as big as its share", () => {
  const digests = Array.from({ length: 20_000 }, (_, at) => `sha256:${at}`);
  for (const part of [0.05, 0.5]) {
    const sampled = digests.filter((one) => isSampled(one, { share: part, round: 3 })).length;
    expect(sampled / digests.length).toBeGreaterThan(part * 0.9);
    expect(sampled / digests.length).toBeLessThan(part * 1.1);
  }
});

test("a round is a day", () => {
  const noon = Date.UTC(2026, 5, 1, 12);
  expect(roundAt(noon + 11 * 3_600_000)).toBe(roundAt(noon));
  expect(roundAt(noon + 13 * 3_600_000)).toBe(roundAt(noon) + 1);
});
