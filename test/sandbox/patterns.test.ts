import { describe, expect, it } from "vitest";
import { cronOf, nextTime } from "../../src/sandbox/cron.ts";
import { BadPattern, matchPattern, type DoublestarRelease } from "../../src/sandbox/doublestar.ts";

function result(release: DoublestarRelease, pattern: string, name: string): string {
  try {
    return matchPattern(release, pattern, name) ? "yes" : "no";
  } catch (error) {
    if (error instanceof BadPattern) return "error";
    throw error;
  }
}

/** Pattern, name, what 1.1.1 says, what 1.3.4 says. */
const TABLE: readonly (readonly [string, string, string, string])[] = [
  ["", "anything/at/all", "yes", "yes"],
  ["{a,b}", "b", "yes", "yes"],
  ["{a,b}", "c", "no", "no"],
  ["v{1,2}{a,b}", "v1b", "yes", "yes"],
  ["{v1.*,latest}", "v1.7", "yes", "yes"],
  ["*{-rc,-beta}*", "v1-beta2", "yes", "yes"],
  ["{p1,p2}/**", "p2/x/y", "yes", "yes"],
  ["{p1/**,p2/**}", "p2/x", "error", "yes"],
  ["{p1/**,p2/r1}", "p2/r1", "error", "yes"],
  ["{v1,{x,y}}", "v1", "no", "yes"],
  ["{v1,{x,y}}", "x", "yes", "yes"],
  ["{,a}", "", "no", "yes"],
  ["{a, b}", "b", "no", "no"],
  ["a,b", "a", "no", "no"],
  ["library/**", "library/a/b", "yes", "yes"],
  ["library/**", "library", "no", "no"],
  ["library/*", "library/a/b", "no", "no"],
  ["lib**", "lib/x", "no", "no"],
  ["lib**", "library", "yes", "yes"],
  ["**", "", "yes", "yes"],
  ["*", "", "yes", "yes"],
  ["v*", "", "no", "no"],
  ["?*", "", "no", "no"],
  ["?*", "v", "yes", "yes"],
  ["x/{**,q}", "x/y/z", "no", "no"],
  ["x/{**,q}", "x/q", "yes", "yes"],
  ["{a", "a", "error", "error"],
  ["[a", "a", "error", "error"],
  ["b{a", "a", "no", "no"],
  ["**/app", "a/b/app", "yes", "yes"],
  ["a/**/z", "a/z", "yes", "yes"],
  ["a/**/z", "a/b/c/z", "yes", "yes"],
  ["v[0-9]", "v7", "yes", "yes"],
  ["v[^0-9]", "v7", "no", "no"],
  ["v[\\-x]", "v-", "yes", "yes"],
  ["v[x-]", "vx", "error", "error"],
  ["v\\*", "v*", "yes", "yes"],
  ["v\\*", "v1", "no", "no"],
  ["a\\", "ab", "error", "error"],
  ["V1", "v1", "no", "no"],
];

describe("patterns", () => {
  it.each(TABLE)("%s against %s is %s in 1.1.1 and %s in 1.3.4", (pattern, name, old, recent) => {
    expect([result("1.1.1", pattern, name), result("1.3.4", pattern, name)]).toEqual([old, recent]);
  });
});

describe("schedules", () => {
  const next = (text: string, from: string): string => {
    const cron = cronOf(9, text);
    if (cron === undefined) return "refused";
    const at = nextTime(cron, Date.parse(from));
    return at === undefined ? "never" : new Date(at).toISOString();
  };

  it.each([
    ["0 0 3 * * *", "2026-01-01T03:00:00Z", "2026-01-02T03:00:00.000Z"],
    ["0 */20 * * * *", "2026-01-01T00:00:01Z", "2026-01-01T00:20:00.000Z"],
    ["0 5,10-12 1 * * *", "2026-01-01T01:05:00Z", "2026-01-01T01:10:00.000Z"],
    ["0 0 0 31 * *", "2026-02-01T00:00:00Z", "2026-03-31T00:00:00.000Z"],
    ["0 0 0 * * 1", "2026-01-01T00:00:00Z", "2026-01-05T00:00:00.000Z"],
    ["0 0 0 1 * 1", "2026-01-06T00:00:00Z", "2026-01-12T00:00:00.000Z"],
    ["0 0 0 30 2 *", "2026-01-01T00:00:00Z", "never"],
    ["0 0 24 * * *", "2026-01-01T00:00:00Z", "refused"],
    ["0 9-5 * * * *", "2026-01-01T00:00:00Z", "refused"],
    ["0 x * * * *", "2026-01-01T00:00:00Z", "refused"],
  ])("%s after %s is %s", (text, from, expected) => {
    expect(next(text, from)).toBe(expected);
  });

  it("of old releases may be words or five fields", () => {
    expect(cronOf(9, "0 0 2 * JAN,dec MON-fri")).toEqual(cronOf(9, "0 0 2 * 1,12 1-5"));
    expect(cronOf(9, "0 0 2 * * moon")).toBeUndefined();
    expect(cronOf(1, "@daily")).toEqual(cronOf(1, "0 0 0 * * *"));
    expect(cronOf(1, "0 3 * * *")).toEqual(cronOf(1, "0 0 3 * * *"));
  });
});
