import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/errors.ts";
import { HarborError, type Reached } from "../../src/harbor/harbor-error.ts";
import { LONGEST_WAIT_MS, retryAfterMs, waitBeforeRetry, type Repeatable } from "../../src/harbor/retry.ts";

function failure(code: ErrorCode, reached: Reached, status?: number, retryAfter?: number): HarborError {
  return new HarborError(code, "x", {
    registry: "a",
    method: "GET",
    url: "http://x",
    reached,
    reason: "x",
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }),
  });
}

const FIRST = { tries: 1, spentMs: 0, budgetMs: 6_000 };
const REFUSED = failure("HARBOR_UNREACHABLE", "no");
const RESET = failure("HARBOR_UNREACHABLE", "maybe");
const LATE = failure("HARBOR_TIMEOUT", "maybe");
const UNTRUSTED = failure("HARBOR_TLS", "no");
const status = (code: number): HarborError => failure("HARBOR_FAILED", "maybe", code);

describe("which failures are repeated", () => {
  const rows: readonly [string, HarborError, boolean, boolean, boolean][] = [
    ["refused", REFUSED, true, true, true],
    ["reset", RESET, true, true, false],
    ["late", LATE, false, false, false],
    ["untrusted", UNTRUSTED, false, false, false],
    ["429", status(429), true, true, true],
    ["500", status(500), true, false, false],
    ["502", status(502), true, true, false],
    ["503", status(503), true, true, false],
    ["504", status(504), true, true, false],
    ["404", status(404), false, false, false],
    ["412", status(412), false, false, false],
  ];
  test.each(rows)("%s", (_, error, ...expected) => {
    const kinds: Repeatable[] = ["read", "idempotent", "once"];
    const actual = kinds.map((kind) => waitBeforeRetry(error, kind, FIRST, 0.5) !== undefined);
    expect(actual).toEqual(expected);
  });
});

describe("the wait", () => {
  test("doubles, and jitter takes up to half of it away", () => {
    const waits = [1, 2].map((tries) => waitBeforeRetry(RESET, "read", { ...FIRST, tries }, 0));
    expect(waits).toEqual([125, 250]);
    expect(waitBeforeRetry(RESET, "read", FIRST, 0.999)).toBeCloseTo(250, 0);
  });

  test("ends when the budget is spent, and after the table's number of tries", () => {
    expect(waitBeforeRetry(RESET, "read", { ...FIRST, spentMs: 5_990 }, 0)).toBeUndefined();
    expect(waitBeforeRetry(RESET, "read", { ...FIRST, tries: 3 }, 0)).toBeUndefined();
  });

  test("never exceeds half a minute, whatever Harbor asks", () => {
    fc.assert(
      fc.property(
        fc.option(fc.nat(120_000), { nil: undefined }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(20_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retryAfter, tries, spentMs, jitter) => {
          const error = failure("HARBOR_BUSY", "yes", 429, retryAfter);
          const wait = waitBeforeRetry(error, "read", { tries, spentMs, budgetMs: 6_000 }, jitter);
          return wait === undefined || (wait >= 0 && wait <= LONGEST_WAIT_MS && tries <= 4);
        },
      ),
    );
  });
});

test.each([
  ["5", 5_000],
  [" 0 ", 0],
  ["Thu, 01 Jan 2026 00:00:10 GMT", 10_000],
  ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
  ["soon", undefined],
  ["", undefined],
  [undefined, undefined],
])("Retry-After %j", (header, expected) => {
  expect(retryAfterMs(header, Date.UTC(2026, 0, 1))).toBe(expected);
});
