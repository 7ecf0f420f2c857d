import type { Execution, ExecutionState, Task, TriggerKind } from "../observed/model.ts";
import type { components } from "./generated/harbor.ts";
import type { WireObject } from "./wire-object.ts";

type Schemas = components["schemas"];

/** Harbor's words for states (goharbor/harbor src/server/v2.0/handler/replication.go:524-588). */
const STATES: Readonly<Record<string, ExecutionState>> = {
  InProgress: "running",
  Succeed: "succeeded",
  Failed: "failed",
  Stopped: "stopped",
};
const TASK_STATES: Readonly<Record<string, Task["state"]>> = {
  ...STATES,
  Pending: "pending",
  // 2.1 only: made, and not yet handed to the job service.
  Initialized: "pending",
};
const TRIGGERS: Readonly<Record<string, TriggerKind>> = {
  manual: "manual",
  scheduled: "scheduled",
  event_based: "event_based",
};

export function decodeExecution(wire: WireObject<Schemas["Execution"]>): Execution {
  const endedAt = wire.instant("end_time");
  return {
    id: wire.id("id"),
    policyId: wire.count("policy_id"),
    state: STATES[wire.text("status")] ?? "unknown",
    trigger: TRIGGERS[wire.text("trigger")] ?? "unknown",
    startedAt: wire.instant("start_time") ?? 0,
    ...(endedAt === undefined ? {} : { endedAt }),
    text: wire.text("status_text"),
    total: wire.count("total"),
    succeeded: wire.count("succeed"),
    failed: wire.count("failed"),
    running: wire.count("in_progress"),
    stopped: wire.count("stopped"),
  };
}

export function decodeTask(wire: WireObject<Schemas["ReplicationTask"]>): Task {
  const endedAt = wire.instant("end_time");
  return {
    id: wire.id("id"),
    executionId: wire.count("execution_id"),
    state: TASK_STATES[wire.text("status")] ?? "unknown",
    operation: wire.text("operation"),
    source: wire.text("src_resource"),
    startedAt: wire.instant("start_time") ?? 0,
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}
