import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWithin, parseDailyWindow, type DailyWindow } from "../../src/topology/daily-window.ts";

function windowOf(text: string): DailyWindow {
  const found = parseDailyWindow(text);
  if (found === undefined) throw new Error(`${text} is no window`);
  return found;
}

const at = (text: string): number => Date.parse(text);

describe("a daily window", () => {
  test.each([
    ["22:00-06:00", "2026-03-01T21:59:59Z", false],
    ["22:00-06:00", "2026-03-01T22:00:00Z", true],
    ["22:00-06:00", "2026-03-02T00:00:00Z", true],
    ["22:00-06:00", "2026-03-02T05:59:59Z", true],
    ["22:00-06:00", "2026-03-02T06:00:00Z", false],
    ["09:30-10:00", "2026-03-02T09:30:00Z", true],
    ["09:30-10:00", "2026-03-02T10:00:00Z", false],
    ["00:00-01:00", "2026-03-02T00:59:00Z", true],
    // 22:00 in Berlin is 21:00 UTC in winter, 20:00 in summer.
    ["22:00-06:00 Europe/Berlin", "2026-01-15T21:00:00Z", true],
    ["22:00-06:00 Europe/Berlin", "2026-01-15T20:30:00Z", false],
    ["22:00-06:00 Europe/Berlin", "2026-07-15T20:30:00Z", true],
    ["22:00-06:00 Asia/Kolkata", "2026-01-15T16:30:00Z", true],
    ["22:00-06:00 Asia/Kolkata", "2026-01-15T16:29:00Z", false],
  ])("%s at %s: %s", (text, moment, expected) => {
    expect(isWithin(windowOf(text), at(moment))).toBe(expected);
  });

  test.each([
    "",
    "22-06",
    "24:00-06:00",
    "22:60-06:00",
    "22:00-22:00",
    "22:00-06:00 Mars/Base",
    "22:00-06:00  UTC",
  ])("%j is none", (text) => {
    expect(parseDailyWindow(text)).toBeUndefined();
  });

  test("says its zone where none was named", () => {
    expect(windowOf("22:00-06:00").text).toBe("22:00-06:00 UTC");
    expect(windowOf("22:00-06:00 Europe/Berlin").text).toBe("22:00-06:00 Europe/Berlin");
  });

  test("and the rest of the day are each other's opposite", () => {
    const time = fc
      .tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 }))
      .map(([h, m]) => `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`);
    fc.assert(
      fc.property(time, time, fc.integer({ min: 0, max: 2e12 }), (from, to, now) => {
        fc.pre(from !== to);
        expect(isWithin(windowOf(`${from}-${to}`), now)).toBe(!isWithin(windowOf(`${to}-${from}`), now));
      }),
    );
  });
});
