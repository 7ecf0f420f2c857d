import type { Instant } from "../clock.ts";
import type { Execution, Task } from "../observed/model.ts";
import { hangsWithoutTasks, isEnded } from "./executions.ts";

/** An execution that Harbor counts as running though nothing works on it any more; it keeps its policy from being deleted. */
export interface Zombie {
  readonly execution: Execution;
  /** Its flow died with the core before it had tasks, or all its tasks ended and the core died before it noticed. */
  readonly kind: "without-tasks" | "wedged";
}

/** Longer than Harbor takes to notice that all tasks ended (30 s since 2.8), and than its waits between the runs of a failed task. */
const NOTICED_MS = 4 * 60_000;

/** Whether its tasks have to be read to know: all of them ended by its counters, but it runs on by its state. */
export function mayBeWedged(execution: Execution): boolean {
  return execution.state === "running" && execution.total > 0 && isEnded(execution);
}

/** What an execution is if nobody works on it; `tasks` only where `mayBeWedged` asked for them. `now` is that Harbor's clock. */
export function zombieOf(execution: Execution, tasks: readonly Task[], now: Instant): Zombie | undefined {
  if (hangsWithoutTasks(execution, now)) return { execution, kind: "without-tasks" };
  if (!mayBeWedged(execution)) return undefined;
  const ended = tasks.map(({ endedAt }) => endedAt);
  if (tasks.length < execution.total) return undefined;
  const long = ended.every((at) => at !== undefined && now - at > NOTICED_MS);
  return long ? { execution, kind: "wedged" } : undefined;
}

/** A sentence without its beginning: "execution 12 …". */
export function zombieText({ execution: { id }, kind }: Zombie): string {
  return kind === "without-tasks"
    ? `execution ${id} hangs without tasks, and Harbor will not end it by itself for days`
    : `execution ${id} counts as running though all its tasks ended, and Harbor will not end it by itself for days`;
}
