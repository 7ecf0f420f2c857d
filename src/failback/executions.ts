import type { Instant, Millis } from "../clock.ts";
import type { Execution } from "../observed/model.ts";

/**
 * Harbor retries a failed task twice, after up to 118 s, and shows the execution as failed in between
 * (goharbor/work backoff; src/jobservice/job/impl/replication/replication.go: three runs).
 */
const RETRY_WINDOW_MS = 4 * 60_000;

/**
 * How soon after a push its event's execution starts, with room for a loaded core. Not more: what was pushed shortly before an outage and is
 * covered by no event would be taken for lost, and then for newer than what the other side has.
 */
const EVENT_DELAY_MS = 3_000;
/** The cores of one cluster share no clock. */
const CORES_APART_MS = 1_000;

/** An execution without tasks that runs for longer lost its flow: Harbor will never end it. */
const FLOW_LIMIT_MS = 5 * 60_000;

/** Whether all tasks have run at least once, or it died before there were any. Read from its counters: the status lags by up to 30 s. */
export function isEnded(execution: Execution): boolean {
  const { total, succeeded, failed, stopped, state } = execution;
  if (state === "stopped" || state === "succeeded") return true;
  return total === 0 ? state === "failed" : succeeded + failed + stopped >= total;
}

/**
 * Whether nothing more will come of an execution: it ended, and Harbor's further runs of its failed tasks are over too. The status alone
 * would not do: it stays `InProgress` for ever when core died before it was refreshed. `now` is that Harbor's clock.
 */
export function isFinal(execution: Execution, now: Instant): boolean {
  if (!isEnded(execution)) return false;
  return execution.failed === 0 || now - (execution.endedAt ?? execution.startedAt) > RETRY_WINDOW_MS;
}

/** Failed before any task existed: Harbor never tries such a copy again, and does not say what it was. */
export function diedWithoutTasks(execution: Execution): boolean {
  return execution.state === "failed" && execution.total === 0 && execution.text !== SKIPPED;
}

/** `single_active_replication` (2.14): not a loss, another one is running. */
const SKIPPED = "Execution skipped: active replication still in progress.";

/** Runs without tasks for so long that its flow must have died with the core (surviving as a zombie). */
export function hangsWithoutTasks(execution: Execution, now: Instant): boolean {
  return execution.state === "running" && execution.total === 0 && now - execution.startedAt > FLOW_LIMIT_MS;
}

/**
 * Whether the event of a push is known to have died: the first event's execution after it failed without tasks. Only the first one, since a
 * push just before an outage was copied by its own. Both by the pushing Harbor's clock.
 */
export function eventDied(executions: readonly Execution[], pushedAt: Instant): boolean {
  const near = executions
    .filter(({ trigger, startedAt }) => trigger === "event_based" && isNear(startedAt, pushedAt))
    .toSorted((one, other) => one.startedAt - other.startedAt);
  const first = near.find(({ startedAt }) => startedAt >= pushedAt) ?? near.at(-1);
  return first !== undefined && diedWithoutTasks(first);
}

function isNear(startedAt: Instant, pushedAt: Instant): boolean {
  return startedAt >= pushedAt - CORES_APART_MS && startedAt - pushedAt <= EVENT_DELAY_MS;
}

/**
 * Young enough that Harbor may still be bringing it. Both by the same clock. A time that is not to come for long was written by a clock that
 * went wrong and was put right since; it says nothing, least of all that the tag is young until then.
 */
export function isYoung(pushedAt: Instant, now: Instant, settleMs: Millis): boolean {
  return Math.abs(now - pushedAt) < settleMs;
}
