import { expect, test } from "vitest";
import { lastJson, runCli } from "../support/run-cli.ts";

test("demo tells the story on standard error, and ends with what it measured, proven", async () => {
  const ran = await runCli(["demo", "--output", "json"]);
  expect([ran.code, ran.out.length], ran.text).toEqual([0, 1]);
  const { seconds, ...told } = lastJson(ran);
  expect(told).toEqual({ gap: { missing: 1, stale: 1, deleted: 1 }, healed: 2, proven: true });
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThan(60);
  const story = ran.err.join("\n");
  expect(story).toMatch(/1\. Two Harbors.+3\. a goes down.+4\. Tidelock brings.+in step and proven/s);
  expect(story).toMatch(/< library\/app:latest {2}stale.+- library\/app:nightly {2}deleted/s);
});
