import type { Core } from "./core.ts";
import { isFinal, taskChanged } from "./execution-status.ts";
import { PeerHangs } from "./peer.ts";
import { hex } from "./random.ts";
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
      status: "Pending",
      startedAt: wholeSecond(core.now()),
      endedAt: 0,
      failedRuns: 0,
      log: [],
    };
    execution.tasks.push(task);
    core.schedule("jobs", 0, () => enqueue(core, execution, task));
  }
}

function enqueue(core: Core, execution: ExecutionRow, task: TaskRow): void {
  core.workers.take(() => {
    if (isFinal(task.status) && task.status !== "Error") {
      core.workers.release();
      return;
    }
    setStatus(core, execution, task, "Running");
    const references = task.items.reduce((sum, item) => sum + Math.max(1, item.tags.length), 0);
    core.schedule("jobs", core.tempo.taskMs + references * core.tempo.referenceMs, () =>
      runOnce(core, execution, task),
    );
  });
}

function runOnce(core: Core, execution: ExecutionRow, task: TaskRow): void {
  if (task.status === "Stopped") {
    core.workers.release();
    return;
  }
  core.copyingFor = core.state.policies.get(execution.policyId)?.name;
  try {
    const done = runTask(core, task);
    endRun(core, execution, task, done);
  } catch (error) {
    if (!(error instanceof PeerHangs)) throw error;
    const alive = core.survives("jobs");
    error.whenOver(() => {
      if (alive()) core.schedule("jobs", 0, () => endRun(core, execution, task, false));
    });
  } finally {
    core.copyingFor = undefined;
  }
}

/** Between two runs task and execution show Failed: it is final only after the last one. */
function endRun(core: Core, execution: ExecutionRow, task: TaskRow, done: boolean): void {
  core.workers.release();
  if (task.status === "Stopped") return;
  setStatus(core, execution, task, done ? "Success" : "Error");
  if (done) return;
  task.failedRuns++;
  if (task.failedRuns >= MAX_RUNS) return;
  core.schedule("jobs", core.tempo.retryBackoff(task.failedRuns, core.random), () =>
    enqueue(core, execution, task),
  );
}

function setStatus(core: Core, execution: ExecutionRow, task: TaskRow, status: RunStatus): void {
  task.status = status;
  task.endedAt = isFinal(status) ? wholeSecond(core.now()) : 0;
  taskChanged(core, execution);
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
    setStatus(core, execution, task, "Stopped");
  }
}
