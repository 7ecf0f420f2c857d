import { expect, test } from "vitest";
import { LIVE_PAIR, WHY_SKIPPED } from "./live-environment.ts";
import { liveHarbor } from "./live-harbor.ts";

test("two Harbors are named in the environment, and both answer", async ({ skip }) => {
  if (WHY_SKIPPED !== undefined) {
    process.stdout.write(`skipped: ${WHY_SKIPPED}\n`);
    skip(WHY_SKIPPED);
  }
  for (const access of [LIVE_PAIR.a, LIVE_PAIR.b]) {
    const { port } = liveHarbor(access);
    const { version, administrator } = await port.identify();
    process.stdout.write(`${access.name} is Harbor ${version.text}\n`);
    expect(administrator).toBe(true);
    port.close();
  }
});
