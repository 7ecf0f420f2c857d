import type { Core, Database } from "./core.ts";
import { isFinal, taskChanged } from "./execution-status.ts";
import { PeerHangs } from "./peer.ts";
import { hex } from "./random.ts";
import { runnerOf } from "./redis.ts";
import type { Resource } from "./resource.ts";
import { nextId, type EndpointRow, type ExecutionRow, type RunStatus, type TaskRow } from "./state.ts";
import { runTask } from "./task-run.ts";
import { wholeSecond } from "./times.ts";

/** Runs in total, then a job is dropped (goharbor/harbor src/jobservice/job/impl/replication/replication.go:63-75). */
const MAX_RUNS = 3;

export interface Assignment {
  readonly resource: Resource;
  /** The repository at the destination. */
  readonly destination: string;
}

/** A task in the queue. The queue is Redis: whose job service takes it next is anybody's that shares it. */
interface Job {
  readonly execution: ExecutionRow;
  readonly task: TaskRow;
  /** Where both of them stand. */
  readonly database: Database;
}

/** One task for each resource; jobs are never merged, however alike. */
export function submitTasks(
  core: Core,
  execution: ExecutionRow,
  work: readonly Assignment[],
  endpoint: EndpointRow,
  override: boolean,
): void {
  for (const { resource, destination } of work) {
    const task: TaskRow = {
      id: nextId(core.state, "task"),
      executionId: execution.id,
      jobId: hex(core.random, 24),
      operation: resource.operation,
      source: resource.repository,
      destination,
      items: resource.items,
      override,
      endpoint,
      jobSecret: core.settings.jobSecret,
      status: "Pending",
      startedAt: wholeSecond(core.now()),
      endedAt: 0,
      failedRuns: 0,
      logs: new Map(),
    };
    execution.tasks.push(task);
    queue(core, { execution, task, database: core.database }, 0);
  }
}

function queue(core: Core, job: Job, delayMs: number): void {
  const runner = runnerOf(core);
  runner.schedule("jobs", delayMs, () => enqueue(runner, job));
}

/**
 * A job reports to the core of the node that runs it. Where that has another database nobody there knows the task,
 * and the one that was made stays as it is for good (seen on 2.9.0): from here on it is only played.
 */
function asReported(core: Core, job: Job): Job {
  if (core.database === job.database) return job;
  return {
    execution: structuredClone(job.execution),
    task: structuredClone(job.task),
    database: core.database,
  };
}

function enqueue(core: Core, queued: Job): void {
  const job = asReported(core, queued);
  const { task } = job;
  core.workers.take(() => {
    if (isFinal(task.status) && task.status !== "Error") {
      core.workers.release();
      return;
    }
    setStatus(core, job, "Running");
    const references = task.items.reduce((sum, item) => sum + Math.max(1, item.tags.length), 0);
    core.schedule("jobs", core.tempo.taskMs + references * core.tempo.referenceMs, () => runOnce(core, job));
  });
}

function runOnce(core: Core, job: Job): void {
  if (job.task.status === "Stopped") {
    core.workers.release();
    return;
  }
  core.copyingFor = core.state.policies.get(job.execution.policyId)?.name;
  try {
    const done = runTask(core, job.task);
    endRun(core, job, done);
  } catch (error) {
    if (!(error instanceof PeerHangs)) throw error;
    const alive = core.survives("jobs");
    error.whenOver(() => {
      if (alive()) core.schedule("jobs", 0, () => endRun(core, job, false));
    });
  } finally {
    core.copyingFor = undefined;
  }
}

/** Between two runs task and execution show Failed: it is final only after the last one. */
function endRun(core: Core, job: Job, done: boolean): void {
  const { task } = job;
  core.workers.release();
  if (task.status === "Stopped") return;
  setStatus(core, job, done ? "Success" : "Error");
  if (done) return;
  task.failedRuns++;
  if (task.failedRuns >= MAX_RUNS) return;
  queue(core, job, core.tempo.retryBackoff(task.failedRuns, core.random));
}

function setStatus(core: Core, { execution, task }: Job, status: RunStatus): void {
  task.status = status;
  task.endedAt = isFinal(status) ? wholeSecond(core.now()) : 0;
  // a task that is only played belongs to no execution of this database
  if (core.state.executions.get(execution.id) === execution) taskChanged(core, execution);
}

/**
 * Stops what is not final. An execution without tasks flips at once; one whose tasks all ended stays as it is,
 * even if its status was never refreshed (seen on 2.9.0).
 */
export function stopExecution(core: Core, execution: ExecutionRow): void {
  if (isFinal(execution.status)) return;
  if (execution.tasks.length === 0) {
    execution.status = "Stopped";
    execution.endedAt = core.now();
    execution.updatedAt = core.now();
    return;
  }
  for (const task of execution.tasks) {
    if (isFinal(task.status)) continue;
    setStatus(core, { execution, task, database: core.database }, "Stopped");
  }
}
