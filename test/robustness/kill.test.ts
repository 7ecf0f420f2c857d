import { expect, test } from "vitest";
import { harm, killSeries } from "../support/killable-series.ts";

test("killed anywhere in reconcile, the next run ends as if nothing had happened: 12 times", async () => {
  const { outcomes, expected } = await killSeries(12, 1, ["2.9"]);
  expect(outcomes.flatMap((outcome) => harm(outcome, expected.get(outcome.kill.story.name)!))).toEqual([]);
  expect(outcomes.filter(({ killed }) => killed).length).toBeGreaterThanOrEqual(9);
});
