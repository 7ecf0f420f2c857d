import { harborNow } from "../observed/harbor-now.ts";
import type { Clock, Millis } from "../clock.ts";
import { hangsWithoutTasks, isEnded, isFinal } from "../failback/executions.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Execution } from "../observed/model.ts";

/** An execution is given up when its counters stand still for so long: as long as Harbor's own two retries can take, twice. */
const STANDSTILL_MS = 8 * 60_000;
const FIRST_POLL_MS = 250;
const SLOWEST_POLL_MS = 5_000;

export type WatchResult =
  | { readonly kind: "final"; readonly execution: Execution }
  /** Its counters stopped moving, or it never had tasks: Harbor lost it. */
  | { readonly kind: "stuck"; readonly execution: Execution }
  | { readonly kind: "vanished" };

/**
 * Watches an execution until nothing more will come of it. Finality is read from its counters: the status alone may lag, or stay
 * `InProgress` for ever. With `retries` Harbor's own further runs of failed tasks are waited for: what may overwrite something must not come late.
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
  for (;;) {
    const execution = await port.execution(id, signal);
    if (execution === undefined) return { kind: "vanished" };
    const now = await harborNow(port, clock, signal);
    const ended = retries === "first-run" ? isEnded(execution) : isFinal(execution, now);
    if (ended) return { kind: "final", execution };
    const progress = [
      execution.state,
      execution.total,
      execution.succeeded,
      execution.failed,
      execution.running,
    ].join();
    if (progress !== counters) movedAt = clock.monotonic();
    counters = progress;
    if (hangsWithoutTasks(execution, now) || clock.monotonic() - movedAt > STANDSTILL_MS) {
      return { kind: "stuck", execution };
    }
    await clock.sleep(wait, signal);
    wait = Math.min(wait * 1.5, SLOWEST_POLL_MS);
  }
}
