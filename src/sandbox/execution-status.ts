import type { Core } from "./core.ts";
import type { ExecutionRow, RunStatus } from "./state.ts";

/** What the counters of an execution show; they are always those of its tasks right now. */
export interface Counters {
  readonly total: number;
  readonly succeed: number;
  readonly failed: number;
  readonly inProgress: number;
  readonly stopped: number;
}

/** The executions of one replication policy, oldest first. */
export function executionsOf(core: Core, policyId: number): ExecutionRow[] {
  return [...core.state.executions.values()].filter((one) => one.policyId === policyId);
}

export function isFinal(status: RunStatus): boolean {
  return status === "Success" || status === "Error" || status === "Stopped";
}

export function counters(execution: ExecutionRow): Counters {
  const count = (wanted: (status: RunStatus) => boolean): number =>
    execution.tasks.filter((task) => wanted(task.status)).length;
  return {
    total: execution.tasks.length,
    succeed: count((status) => status === "Success"),
    failed: count((status) => status === "Error"),
    inProgress: count((status) => status === "Pending" || status === "Running"),
    stopped: count((status) => status === "Stopped"),
  };
}

/** Ended before there were tasks, with the reason. */
export function markFailed(core: Core, execution: ExecutionRow, text: string): void {
  execution.status = "Error";
  execution.statusText = text;
  execution.endedAt = core.now();
  execution.updatedAt = core.now();
}

export function markSucceeded(core: Core, execution: ExecutionRow, text: string): void {
  execution.status = "Success";
  execution.statusText = text;
  execution.endedAt = core.now();
  execution.updatedAt = core.now();
}

/**
 * A task changed: the status of its execution follows, at once up to 2.7, with the next periodic refresh from
 * 2.8 on (goharbor/harbor src/pkg/task/hook.go:110-128). A refresh that a restart loses is never made up for.
 */
export function taskChanged(core: Core, execution: ExecutionRow): void {
  if (core.profile.minor < 8) {
    refreshStatus(core, execution);
    return;
  }
  const every = core.tempo.statusRefreshMs;
  if (core.refreshes.size === 0) {
    core.schedule("core", every - (core.now() % every), () => {
      const ids = [...core.refreshes];
      core.refreshes.clear();
      for (const id of ids) {
        const one = core.state.executions.get(id);
        if (one !== undefined) refreshStatus(core, one);
      }
    });
  }
  core.refreshes.add(execution.id);
}

/** Running while any task is, else the worst of them (goharbor/harbor src/pkg/task/dao/execution.go:264-273). */
function refreshStatus(core: Core, execution: ExecutionRow): void {
  const { total, inProgress, failed, stopped } = counters(execution);
  if (total === 0) return;
  if (inProgress > 0) execution.status = "Running";
  else if (failed > 0) execution.status = "Error";
  else execution.status = stopped > 0 ? "Stopped" : "Success";
  const ended = isFinal(execution.status);
  execution.endedAt = ended ? Math.max(...execution.tasks.map((task) => task.endedAt)) : 0;
  execution.updatedAt = core.now();
}
