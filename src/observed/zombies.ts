import type { Instant } from "../clock.ts";
import { toAppError } from "../errors.ts";
import { needsTasks, zombieOf, type Zombie } from "../failback/zombies.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Execution, Task } from "./model.ts";

/** The executions that nobody works on any more. Asks for the tasks of those alone whose counters say that all of them ended, or that are old. */
export async function zombiesAmong(
  port: HarborPort,
  executions: readonly Execution[],
  now: Instant,
  signal?: AbortSignal,
): Promise<Zombie[]> {
  const found: Zombie[] = [];
  for (const execution of executions) {
    const tasks = needsTasks(execution, now) ? await tasksOf(port, execution.id, signal) : [];
    const zombie = zombieOf(execution, tasks, now);
    if (zombie !== undefined) found.push(zombie);
  }
  return found;
}

/** None where Harbor swept the execution meanwhile. */
async function tasksOf(port: HarborPort, id: number, signal: AbortSignal | undefined): Promise<Task[]> {
  try {
    return await port.tasks(id, signal);
  } catch (thrown) {
    if (toAppError(thrown).code === "HARBOR_NOT_FOUND") return [];
    throw thrown;
  }
}
