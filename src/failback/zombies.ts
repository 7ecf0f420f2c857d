import type { Instant } from "../clock.ts";
import type { Execution, Task } from "../observed/model.ts";
import { hangsWithoutTasks, isEnded } from "./executions.ts";

/** An execution that Harbor counts as running though nothing works on it any more; it keeps its policy from being deleted. */
export interface Zombie {
  readonly execution: Execution;
  /**
   * Its flow died with the core before it had tasks; all its tasks ended and the core died before it noticed; or its tasks were lost with the queue
   * of jobservice, which Harbor itself gives up after a day at the earliest (goharbor/harbor src/jobservice/worker/cworker/reaper.go).
   */
  readonly kind: "without-tasks" | "wedged" | "lost";
}

/** Longer than Harbor takes to notice that all tasks ended (30 s since 2.8), and than its waits between the runs of a failed task. */
const NOTICED_MS = 4 * 60_000;

/** No task of a copy that is alive goes on for so long without another one ending. */
const LOST_MS = 6 * 3_600_000;

/** Whether its tasks have to be read to know: all of them ended by its counters, or it is old, but it runs on by its state. */
export function needsTasks(execution: Execution, now: Instant): boolean {
  return isWedged(execution) || (isAtWork(execution) && now - execution.startedAt > LOST_MS);
}

function isWedged(execution: Execution): boolean {
  return execution.state === "running" && execution.total > 0 && isEnded(execution);
}

function isAtWork(execution: Execution): boolean {
  return execution.total > 0 && !isEnded(execution);
}

/** Whether nothing happened to it for so long that its tasks must have been lost. */
export function isLost(execution: Execution, tasks: readonly Task[], now: Instant): boolean {
  if (!isAtWork(execution) || now - execution.startedAt <= LOST_MS) return false;
  return tasks.every(({ startedAt, endedAt }) => now - Math.max(startedAt, endedAt ?? 0) > LOST_MS);
}

/** What an execution is if nobody works on it; `tasks` only where `needsTasks` asked for them. `now` is that Harbor's clock. */
export function zombieOf(execution: Execution, tasks: readonly Task[], now: Instant): Zombie | undefined {
  if (hangsWithoutTasks(execution, now)) return { execution, kind: "without-tasks" };
  if (isLost(execution, tasks, now)) return { execution, kind: "lost" };
  if (!isWedged(execution)) return undefined;
  const ended = tasks.map(({ endedAt }) => endedAt);
  if (tasks.length < execution.total) return undefined;
  const long = ended.every((at) => at !== undefined && now - at > NOTICED_MS);
  return long ? { execution, kind: "wedged" } : undefined;
}

/** A sentence without its beginning: "execution 12 …". */
export function zombieText({ execution: { id }, kind }: Zombie): string {
  switch (kind) {
    case "without-tasks":
      return `execution ${id} hangs without tasks, and Harbor will not end it by itself for days`;
    case "wedged":
      return `execution ${id} counts as running though all its tasks ended, and Harbor will not end it by itself for days`;
    case "lost":
      return `execution ${id} stands still for hours, so its tasks were lost; what it was to copy is not waited for`;
  }
}
