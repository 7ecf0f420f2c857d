import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FailureClass } from "../../src/failback/failure-class.ts";
import { whenAgain } from "../../src/failback/retry-later.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LAST = 1_000 * HOUR;

function pause(inARow: number, failureClass: FailureClass): number {
  const again = whenAgain({ inARow, lastAt: LAST }, failureClass, LAST);
  return again.kind === "now" ? 0 : again.at - LAST;
}

describe("a work that failed is tried again", () => {
  test("at once where it never failed, and where something goes by itself", () => {
    expect(whenAgain(undefined, "person", LAST)).toEqual({ kind: "now" });
    expect([1, 2, 50].map((n) => pause(n, "wait"))).toEqual([0, 0, 0]);
  });

  test("three times at once where trying may do, then after 5 minutes and twice that, up to an hour", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 60].map((n) => pause(n, "retry") / MINUTE)).toEqual([
      0, 0, 5, 10, 20, 40, 60, 60,
    ]);
  });

  test("after an hour and twice that, up to a day, where a person has to do something", () => {
    expect([1, 2, 3, 4, 5, 6, 1_000].map((n) => pause(n, "person") / HOUR)).toEqual([1, 2, 4, 8, 16, 24, 24]);
  });

  test("as soon as the pause is over", () => {
    const failures = { inARow: 1, lastAt: LAST };
    expect(whenAgain(failures, "person", LAST + HOUR - 1)).toEqual({ kind: "not-before", at: LAST + HOUR });
    expect(whenAgain(failures, "person", LAST + HOUR)).toEqual({ kind: "now" });
  });

  test("never later than a day after the last try, and never earlier for more failures", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.constantFrom("wait", "retry", "person"),
        (n, of) => {
          expect(pause(n, of)).toBeLessThanOrEqual(24 * HOUR);
          expect(pause(n + 1, of)).toBeGreaterThanOrEqual(pause(n, of));
        },
      ),
    );
  });
});
