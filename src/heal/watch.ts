import { harborNow } from "../observed/harbor-now.ts";
import type { Clock, Instant, Millis } from "../clock.ts";
import { hangsWithoutTasks, isEnded, isFinal } from "../failback/executions.ts";
import { isLost } from "../failback/zombies.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Execution, Task } from "../observed/model.ts";
import { tasksOf } from "./settle.ts";

/**
 * After so long without its counters moving the tasks of an execution are looked at: as long as Harbor's own two retries can take, twice. The counters of
 * one repository's copy do not move before its end, and a large image over a thin line takes longer than that.
 */
const STANDSTILL_MS = 8 * 60_000;
/**
 * So long a task at work is waited for without another one ending. After that it is left to go on: it would keep a slot that others wait for, and its pass
 * from telling anything, while Harbor brings it over without us.
 */
const PATIENCE_MS = 30 * 60_000;
const FIRST_POLL_MS = 250;
const SLOWEST_POLL_MS = 5_000;

export type WatchResult =
  | { readonly kind: "final"; readonly execution: Execution }
  /** A task of it goes on for longer than is waited for: nothing is wrong with it, and it must not be stopped. */
  | { readonly kind: "at-work"; readonly execution: Execution }
  /** Its counters stopped moving and no task is at work, or it never had tasks: Harbor lost it, or nothing serves its queue. */
  | { readonly kind: "stuck"; readonly execution: Execution }
  | { readonly kind: "vanished" };

/**
 * Watches an execution until nothing more will come of it, or for as long as that is worth it. Finality is read from its counters: the status alone may lag,
 * or stay `InProgress` for ever. With `retries` Harbor's own further runs of failed tasks are waited for: what may overwrite something must not come late.
 */
export async function watchExecution(
  port: HarborPort,
  clock: Clock,
  id: number,
  retries: "await-retries" | "first-run",
  signal: AbortSignal,
): Promise<WatchResult> {
  let wait: Millis = FIRST_POLL_MS;
  let counters = "";
  let movedAt = clock.monotonic();
  let lookedAt = movedAt;
  for (let isFirst = true; ; isFirst = false) {
    const execution = await port.execution(id, signal);
    if (execution === undefined) return { kind: "vanished" };
    const now = await harborNow(port, clock, signal);
    const ended = retries === "first-run" ? isEnded(execution) : isFinal(execution, now);
    if (ended) return { kind: "final", execution };
    const seen = progressOf(execution);
    if (seen !== counters) movedAt = lookedAt = clock.monotonic();
    counters = seen;
    if (hangsWithoutTasks(execution, now)) return { kind: "stuck", execution };
    const standsStill = clock.monotonic() - lookedAt > STANDSTILL_MS;
    // An earlier pass left it to go on, and waited for it as long.
    const wasLeft = isFirst && now - execution.startedAt > PATIENCE_MS;
    if (standsStill || wasLeft) {
      lookedAt = clock.monotonic();
      const atWork = await tasksAtWork(port, execution, now, signal);
      if (standsStill && atWork.length === 0) return { kind: "stuck", execution };
      const goesOnFor = Math.max(lookedAt - movedAt, now - begunAt(execution, atWork));
      if (atWork.length > 0 && goesOnFor > PATIENCE_MS) return { kind: "at-work", execution };
    }
    await clock.sleep(wait, signal);
    wait = Math.min(wait * 1.5, SLOWEST_POLL_MS);
  }
}

function progressOf({ state, total, succeeded, failed, running }: Execution): string {
  return [state, total, succeeded, failed, running].join();
}

/** When the youngest of them was handed to the job service, or ran again. */
function begunAt(execution: Execution, tasks: readonly Task[]): Instant {
  return Math.max(execution.startedAt, ...tasks.map(({ startedAt }) => startedAt));
}

/**
 * The tasks of an execution that a worker has in hand, none where they must have been lost with their worker. All versions tell these from those in the
 * queue: `InProgress` and not `Pending` (src/server/v2.0/handler/replication.go:556-567; in 2.1 src/replication/operation/hook/task.go:26-46).
 * `now` is that Harbor's clock.
 */
export async function tasksAtWork(
  port: HarborPort,
  execution: Execution,
  now: Instant,
  signal: AbortSignal,
): Promise<Task[]> {
  if (execution.total === 0 || isEnded(execution)) return [];
  const tasks = await tasksOf(port, execution.id, signal);
  const running = tasks.filter(({ state }) => state === "running");
  return isLost(execution, running, now) ? [] : running;
}
