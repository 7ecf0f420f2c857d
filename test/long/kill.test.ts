import { expect, test } from "vitest";
import { harm, killSeries } from "../support/killable-series.ts";

const PROFILES = ["2.9", "2.1", "2.7", "2.12", "2.14", "2.16"] as const;

test("killed anywhere in reconcile, the next run ends as if nothing had happened: 200 times", async () => {
  const { outcomes, expected } = await killSeries(200, 2, PROFILES);
  expect(outcomes.flatMap((outcome) => harm(outcome, expected.get(outcome.kill.story.name)!))).toEqual([]);
  expect(outcomes.filter(({ killed }) => killed).length).toBeGreaterThanOrEqual(150);
});
