import { expect, test } from "vitest";
import { shortestPeriodMs } from "../../src/topology/cron-period.ts";

test.each([
  ["* * * * * *", 1],
  ["0 * * * * *", 60],
  ["0 */5 * * * *", 300],
  ["30 0-59/20 * * * *", 1_200],
  ["0 0 * * * *", 3_600],
  ["0 0,10 * * * *", 600],
  ["0 50 23,0 * * *", 3_600],
  ["0 0 2 * * *", 86_400],
  ["0 0 2 1 jan mon", 86_400],
  ["0 0 8-18/2 * * *", 7_200],
])("%s comes every %i s at the most often", (cron, seconds) => {
  expect(shortestPeriodMs(cron)).toBe(seconds * 1000);
});
