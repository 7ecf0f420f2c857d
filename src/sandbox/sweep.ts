import type { Core } from "./core.ts";
import { executionsOf, isFinal } from "./execution-status.ts";

/** How many executions of a replication policy are kept. */
const RETAINED = 50;
/** 168 h: from then on an execution that nobody works on is closed. */
const DANGLING_MS = 7 * 24 * 3_600_000;

/** Removes the final executions that are older than the fifty newest (goharbor/harbor src/pkg/task/sweep_manager.go:69-187). */
export function sweepPolicy(core: Core, policyId: number): void {
  const executions = executionsOf(core, policyId);
  for (const execution of executions.slice(0, Math.max(0, executions.length - RETAINED))) {
    if (isFinal(execution.status)) core.state.executions.delete(execution.id);
  }
}

/** Sweeps all policies and closes what dangles: without tasks as a success, whatever was lost (2.8 on). */
export function sweepAll(core: Core): void {
  for (const policyId of core.state.policies.keys()) sweepPolicy(core, policyId);
  const before = core.now() - DANGLING_MS;
  for (const execution of core.state.executions.values()) {
    if (execution.status !== "Running" || execution.startedAt >= before) continue;
    if (execution.tasks.some((task) => task.status === "Running")) continue;
    const has = (status: string): boolean => execution.tasks.some((task) => task.status === status);
    execution.status = has("Error") ? "Error" : has("Stopped") ? "Stopped" : "Success";
    execution.endedAt = core.now();
    execution.updatedAt = core.now();
  }
}

/** How often this release sweeps; undefined where every new execution sweeps its policy, or nothing ever does (2.1). */
export function sweepPeriod(core: Core): number | undefined {
  if (core.profile.minor < 8) return undefined;
  if (core.tempo.sweepEveryMs > 0) return core.tempo.sweepEveryMs;
  return core.profile.minor < 12 ? 3_600_000 : 86_400_000;
}
