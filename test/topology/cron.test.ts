import fc from "fast-check";
import { validate } from "node-cron";
import { describe, expect, it } from "vitest";
import { cronMistake, harborCronMistake, normalCron } from "../../src/topology/cron.ts";

describe("schedules that Harbor accepts", () => {
  it.each([
    "0 0 2 * * *",
    "0 */5 * * * *",
    "0 0-59 * * * *",
    "0 30 1,13 1-15/2 jan-mar MON-FRI",
    "0 0 0 31 12 0",
    "0 0 0 29 2 *",
    "0 0 0 31 4-6 *",
    "0 0 0 31,1 2 *",
    "0 0 0 */30 feb *",
  ])("%s", (cron) => {
    expect(harborCronMistake(cron)).toBeUndefined();
  });

  it.each([
    ["0 * * * * *", /minute/],
    ["5 0 2 * * *", /first field/],
    ["*/1 0 2 * * *", /first field/],
    ["00 0 2 * * *", /first field/],
    ["0 2 * * *", /5 fields/],
    ["0 0 2 * * * 2026", /7 fields/],
    ["0  0 2 * * *", /single spaces/],
    [" 0 0 2 * * *", /single spaces/],
    ["@every 5m", /shorthand/],
    ["@daily", /shorthand/],
    ["0 60 2 * * *", /minute, "60"/],
    ["0 0 24 * * *", /hour, "24"/],
    ["0 0 0 0 * *", /day of the month, "0"/],
    ["0 0 0 1 13 *", /month, "13"/],
    ["0 0 0 * * 7", /day of the week, "7"/],
    ["0 0 5-1 * * *", /backwards/],
    ["0 */0 * * * *", /step/],
    ["0 1/2/3 * * * *", /slash/],
    ["0 5/15 * * * *", /step without a range/],
    ["0 1-2-3 * * * *", /numbers from 0 to 59/],
    ["0 1- * * * *", /numbers/],
    ["0 0 0 L * *", /day of the month/],
    ["0 0 0 1 janu *", /names/],
    ["", /single spaces|fields/],
    ["0 0 0 30 2 *", /never comes: no month of "2" has the day "30"/],
    ["0 0 0 31 4,6 *", /never comes: no month of "4,6" has the day "31"/],
    ["0 0 0 30-31 FEB *", /never comes/],
    ["0 0 0 31 4-6/2 *", /never comes/],
    ["0 0 0 31 feb,11-11/3 mon", /never comes/],
  ])("%s is refused", (cron, why) => {
    expect(harborCronMistake(cron)).toMatch(why);
  });
});

describe("our own schedules", () => {
  it("may run every second", () => {
    expect(cronMistake("* * * * * *")).toBeUndefined();
  });

  it("are understood by the scheduler whenever they are accepted", () => {
    const number = fc.integer({ min: 0, max: 60 }).map(String);
    const range = fc.tuple(number, number).map(([a, b]) => `${a}-${b}`);
    const part = fc.oneof(
      fc.constantFrom("*", "*/5", "mon", "JAN-feb", "?", "L"),
      number,
      range,
      fc.tuple(range, fc.integer({ min: 0, max: 9 })).map(([a, step]) => `${a}/${step}`),
    );
    const field = fc.oneof(
      { weight: 4, arbitrary: fc.constant("*") },
      part,
      fc.tuple(part, part).map((two) => two.join(",")),
    );
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(field, { minLength: 6, maxLength: 6 }), (fields) => {
        const cron = fields.join(" ");
        if (cronMistake(cron) !== undefined) return;
        accepted += 1;
        expect(`${cron}: ${validate(cron)}`).toBe(`${cron}: true`);
      }),
      { numRuns: 3000, seed: 7 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

describe("a day that a month may not have", () => {
  const someOf = (parts: readonly string[]) =>
    fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 3 }).map((chosen) => chosen.join(","));

  it("is refused exactly where the scheduler would refuse it", () => {
    const days = someOf(["29", "29-31", "30", "30-31", "31", "31-31/2", "*/31"]);
    const months = someOf(["2", "FEB", "4", "6-9/3", "4-6/2", "sep-nov/2", "jan-dec/3", "*/4", "9-12"]);
    fc.assert(
      fc.property(days, months, (day, month) => {
        const cron = `0 0 0 ${day} ${month} *`;
        expect(`${cron}: ${cronMistake(cron) === undefined}`).toBe(`${cron}: ${validate(cron)}`);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });
});

describe("normalCron", () => {
  it("forgets case and spacing", () => {
    expect(normalCron(" 0  0 2 * * MON")).toBe("0 0 2 * * mon");
  });
});
