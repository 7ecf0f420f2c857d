import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startSchedule, type Stop } from "../../src/daemon/schedule.ts";

/** The scheduler takes its time from Node, so Node's time is what is moved here. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

interface Scheduled {
  /** When it ticked, as time of the day in UTC with the day before it. */
  readonly ticks: string[];
  readonly stop: Stop;
}

function scheduled(expression: string, from: string): Scheduled {
  vi.setSystemTime(new Date(from));
  const ticks: string[] = [];
  const stop = startSchedule(expression, () => ticks.push(new Date().toISOString().slice(8, 19)));
  return { ticks, stop };
}

const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000);

/** The clock goes on, but nobody looks at it: the process is kept from running. */
function stall(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

// First in this file: node-cron remembers the zone of the machine from when it is first asked for it.
describe("schedules are in UTC, wherever the machine is", () => {
  beforeEach(() => {
    vi.stubEnv("TZ", "Europe/Berlin");
  });

  test("so none falls into the hour that a spring day lacks", async () => {
    const { ticks, stop } = scheduled("0 30 2 * * *", "2026-03-28T12:00:00Z");
    await pass(2 * 86_400);
    await stop();
    expect(ticks).toEqual(["29T02:30:00", "30T02:30:00"]);
  });

  test("and none is passed over in the hour that an autumn day has twice", async () => {
    const { ticks, stop } = scheduled("0 */20 * * * *", "2026-10-24T23:50:00Z");
    await pass(2 * 3600);
    await stop();
    const hour = (day: string, at: string): string[] => ["00", "20", "40"].map((m) => `${day}T${at}:${m}:00`);
    expect(ticks).toEqual([...hour("25", "00"), ...hour("25", "01")]);
  });
});

test("ticks at each time of a six-field expression, until it is stopped", async () => {
  const { ticks, stop } = scheduled("*/10 * * * * *", "2026-05-04T10:00:01Z");
  await pass(25);
  await stop();
  await pass(60);
  expect(ticks).toEqual(["04T10:00:10", "04T10:00:20"]);
});

describe("a time that the process could not keep", () => {
  test("is made up for as soon as it runs again, since the next one may be tomorrow's", async () => {
    const { ticks, stop } = scheduled("0 30 2 * * *", "2026-05-04T02:29:58Z");
    stall(4.7);
    await pass(2);
    expect(ticks).toEqual(["04T02:30:04"]);
    await pass(86_400);
    await stop();
    expect(ticks).toEqual(["04T02:30:04", "05T02:30:00"]);
  });

  test("is made up for once, however many there were, and puts no foreign line beside the log", async () => {
    const foreign = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => undefined),
    );
    const { ticks, stop } = scheduled("0 */5 * * * *", "2026-05-04T10:00:01Z");
    await pass(298);
    stall(3650);
    await pass(300);
    await stop();
    expect(ticks).toEqual(["04T11:05:50", "04T11:10:00"]);
    expect(foreign.map((one) => one.mock.calls)).toEqual([[], [], [], [], []]);
  });
});

test("a clock that was set back is followed", async () => {
  const { ticks, stop } = scheduled("0 0 * * * *", "2026-05-04T10:30:00Z");
  await pass(1200);
  stall(-7200);
  await pass(1200);
  await stop();
  expect(ticks).toEqual(["04T09:00:00"]);
});

test("an expression of which no time ever comes is refused at once", () => {
  expect(() => startSchedule("0 0 0 30 2 *", () => undefined)).toThrow(/impossible day/);
});
