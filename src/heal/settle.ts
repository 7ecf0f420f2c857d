import type { Clock, Millis } from "../clock.ts";
import { toAppError } from "../errors.ts";
import { hangsWithoutTasks, isEnded, isFinal } from "../failback/executions.ts";
import { isLost } from "../failback/zombies.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Execution, ReplicationPolicy, Task } from "../observed/model.ts";
import { harborNow } from "../observed/harbor-now.ts";

/** Executions of one policy that are looked at: Harbor keeps fifty (src/jobservice/job/known_jobs.go:66). */
const EXECUTIONS_KEPT = 50;
const POLL_MS = 1_000;

/** The newest executions of some policies of one registry. */
export async function executionsOf(
  port: HarborPort,
  policies: readonly ReplicationPolicy[],
  signal: AbortSignal,
): Promise<Execution[]> {
  const lists = await Promise.all(
    policies.map(({ id }) => port.executions({ policyId: id, limit: EXECUTIONS_KEPT }, signal)),
  );
  return lists.flat();
}

/** Nothing was at work; something was and ended; something was and still is. */
export type Quiet = "quiet" | "waited" | "still-busy";

/**
 * Waits until the executions of these policies that are at work now have ended: Harbor queues old jobs again after a restart, and they may copy old
 * tags; and what a healing copied comes back as echoes. What begins meanwhile is not waited for, or a busy registry would never be quiet; nor are
 * those that hang for ever, or only wait for a further run of a failed task.
 */
export async function awaitQuiet(
  port: HarborPort,
  policies: readonly ReplicationPolicy[],
  clock: Clock,
  limitMs: Millis,
  signal: AbortSignal,
): Promise<Quiet> {
  const until = clock.monotonic() + limitMs;
  let awaited: ReadonlySet<number> | undefined;
  for (;;) {
    const now = await harborNow(port, clock, signal);
    const atWork = (await executionsOf(port, policies, signal)).filter((execution) =>
      isAtWork(execution, now),
    );
    const first = awaited === undefined;
    awaited ??= new Set(atWork.map(({ id }) => id));
    if (!atWork.some(({ id }) => awaited?.has(id))) return first ? "quiet" : "waited";
    if (clock.monotonic() >= until) return "still-busy";
    await clock.sleep(POLL_MS, signal);
  }
}

/** Longer than that is a bulk copy, or tasks that jobservice lost: its repositories count as being copied, but nobody waits. */
const LONG_MS = 30 * 60_000;

function isAtWork(execution: Execution, now: number): boolean {
  if (isEnded(execution) || hangsWithoutTasks(execution, now)) return false;
  return now - execution.startedAt < LONG_MS;
}

/** The repositories that executions are still copying, or may copy again in a further run of a failed task. */
export async function busyRepositories(
  port: HarborPort,
  executions: readonly Execution[],
  clock: Clock,
  signal: AbortSignal,
): Promise<Set<string>> {
  const now = await harborNow(port, clock, signal);
  const unfinished = executions.filter((execution) => execution.total > 0 && !isFinal(execution, now));
  const tasks = await Promise.all(
    unfinished.map(async (execution) => {
      const found = await tasksOf(port, execution.id, signal);
      return isLost(execution, found, now) ? [] : found;
    }),
  );
  return new Set(
    tasks
      .flat()
      .filter(({ state }) => state !== "succeeded" && state !== "stopped")
      .map(({ source }) => repositoryOf(source)),
  );
}

/** None where Harbor swept the execution meanwhile: up to 2.7 it does so whenever a new one begins (src/pkg/task/sweep_manager.go:69-187). */
export async function tasksOf(port: HarborPort, executionId: number, signal: AbortSignal): Promise<Task[]> {
  try {
    return await port.tasks(executionId, signal);
  } catch (thrown) {
    if (toAppError(thrown).code === "HARBOR_NOT_FOUND") return [];
    throw thrown;
  }
}

/** A task names its work as `project/repository [n item(s) in total]`. */
export function repositoryOf(source: string): string {
  return source.replace(/ \[\d+ item\(s\) in total\]$/, "");
}
