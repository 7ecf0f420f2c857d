import { expect, test } from "vitest";
import { startSchedule } from "../../src/daemon/schedule.ts";

test("ticks at each time of a six-field expression, until it is stopped", async () => {
  let ticks = 0;
  let tick: () => void = () => undefined;
  const ticked = new Promise<void>((resolve) => (tick = resolve));
  const stop = startSchedule("* * * * * *", () => {
    ticks += 1;
    tick();
  });
  await ticked;
  await stop();
  expect(ticks).toBe(1);
});
