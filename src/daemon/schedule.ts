import cron from "node-cron";
import { systemClock, type Instant } from "../clock.ts";

/** Ends whatever was started. */
export type Stop = () => Promise<void>;

/** However far off the next time is: a clock that somebody set is noticed after this. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Calls `tick` at each time of a six-field cron expression, in UTC: the hour that local time lacks or has twice would leave some out.
 * Throws where no time would ever come. The only user of node-cron, which is asked when the next time is and nothing else: its own timers drop what
 * comes a second late, warn of it on the console, and stand still in the hour that local time has twice (node-cron 4.6.0 src/scheduler/plan-beat.ts, and
 * `nowWithoutMs` in runner.ts).
 */
export function startSchedule(expression: string, tick: () => void): Stop {
  const task = cron.createTask(expression, tick, { timezone: "UTC" });
  const ending = new AbortController();
  const nextTime = (): Instant => task.getNextRuns(1)[0]?.getTime() ?? Infinity;
  const ended = keep({ first: nextTime(), nextTime, tick }, ending.signal);
  return async () => {
    ending.abort();
    await ended;
    await task.destroy();
  };
}

interface Kept {
  readonly first: Instant;
  /** The next one from now on. */
  readonly nextTime: () => Instant;
  readonly tick: () => void;
}

/** Times that were slept through are made up for by one tick, as soon as the process runs again. */
async function keep({ first, nextTime, tick }: Kept, signal: AbortSignal): Promise<void> {
  let due = first;
  for (;;) {
    const left = Math.max(0, due - systemClock.now());
    await systemClock.sleep(Math.min(left, LONGEST_SLEEP_MS), signal).catch(() => undefined);
    if (signal.aborted) return;
    const isDue = systemClock.now() >= due;
    if (isDue) tick();
    // A clock that was set back has an earlier one than before.
    due = isDue ? nextTime() : Math.min(due, nextTime());
  }
}

/** Starts all of them, or none: what had begun is ended again where one throws. */
export function startTogether(starts: readonly (() => Stop)[]): Stop {
  const begun: Stop[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(begun.map((one) => one()));
  };
  try {
    for (const start of starts) begun.push(start());
  } catch (thrown) {
    void stop();
    throw thrown;
  }
  return stop;
}
