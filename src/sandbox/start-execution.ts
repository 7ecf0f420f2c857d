import type { Core } from "./core.ts";
import { executionsOf, markFailed } from "./execution-status.ts";
import { runFlow } from "./flow.ts";
import type { Resource } from "./resource.ts";
import { nextId, type ExecutionRow, type PolicyRow, type TriggerKind } from "./state.ts";
import { sweepPolicy } from "./sweep.ts";

/**
 * Makes the execution's row at once; its flow runs later, when one of core's slots is free. Without a resource
 * everything is listed (goharbor/harbor src/controller/replication/execution.go:101-179).
 */
export function startExecution(
  core: Core,
  policy: PolicyRow,
  trigger: TriggerKind,
  resource?: Resource,
): ExecutionRow {
  const now = core.now();
  const busy = policy.singleActive && hasRunning(core, policy.id);
  const execution: ExecutionRow = {
    id: nextId(core.state, "execution"),
    policyId: policy.id,
    status: "Running",
    trigger,
    startedAt: now,
    endedAt: 0,
    updatedAt: now,
    statusText: "",
    tasks: [],
  };
  core.state.executions.set(execution.id, execution);
  if (core.profile.minor >= 2 && core.profile.minor < 8) sweepPolicy(core, policy.id);
  if (busy) {
    markFailed(core, execution, "Execution skipped: active replication still in progress.");
    return execution;
  }
  core.flowSlots.take(() => runFlow(core, execution, policy, resource));
  return execution;
}

function hasRunning(core: Core, policyId: number): boolean {
  return executionsOf(core, policyId).some((one) => one.status === "Running");
}
