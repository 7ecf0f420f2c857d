import { counters } from "./execution-status.ts";
import {
  badRequest,
  empty,
  internalError,
  json,
  legacyJson,
  notFound,
  precondition,
  type Response,
} from "./exchange.ts";
import { numberOf, type Json } from "./json.ts";
import { list } from "./paging.ts";
import { requireSystem } from "./permissions.ts";
import { unknownPolicy } from "./policy-routes.ts";
import type { Columns } from "./query.ts";
import { resourceText } from "./resource.ts";
import { API, bodyOf, parameter, type Context, type Route } from "./router.ts";
import { startExecution } from "./start-execution.ts";
import type { ExecutionRow, RunStatus, TaskRow, TriggerKind } from "./state.ts";
import { stopExecution } from "./task-queue.ts";
import { legacyTimeText, timeText } from "./times.ts";

const TASKS = "/replication/executions/{id}/tasks";

export const executionRoutes: readonly Route[] = [
  { method: "GET", path: "/replication/executions", answer: listExecutions, legacy: true },
  { method: "POST", path: "/replication/executions", answer: start, legacy: true },
  { method: "GET", path: "/replication/executions/{id}", answer: getExecution, legacy: true },
  { method: "PUT", path: "/replication/executions/{id}", answer: stop, legacy: true },
  { method: "GET", path: TASKS, answer: listTasks, legacy: true },
  { method: "GET", path: `${TASKS}/{task}/log`, answer: taskLog, legacy: true },
];

const STATUSES: Readonly<Record<RunStatus, string>> = {
  Pending: "InProgress",
  Running: "InProgress",
  Success: "Succeed",
  Error: "Failed",
  Stopped: "Stopped",
};
const TRIGGERS: Readonly<Record<TriggerKind, string>> = {
  MANUAL: "manual",
  SCHEDULE: "scheduled",
  EVENT: "event_based",
};

const COLUMNS: Columns<ExecutionRow> = {
  id: (row) => row.id,
  start_time: (row) => row.startedAt,
  end_time: (row) => row.endedAt,
  update_time: (row) => row.updatedAt,
  status: (row) => row.status,
};

function listExecutions(context: Context): Response {
  const { core, query } = context;
  requireSystem(core, context.identity, "replication", "list");
  const policy = query.get("policy_id");
  const status = query.get("status");
  const trigger = query.get("trigger");
  const rows = [...core.state.executions.values()].filter(
    (row) =>
      (policy === null || String(row.policyId) === policy) &&
      (status === null || status === "" || storedStatus(context, row) === status) &&
      (trigger === null || trigger === "" || TRIGGERS[row.trigger] === trigger),
  );
  return list(context, rows, COLUMNS, "-start_time,-id", (row) => executionJson(context, row));
}

/** 2.1 works the status out when it is read, and looks for the one in its table, which is not refreshed (seen on 2.1.6). */
function storedStatus(context: Context, row: ExecutionRow): string {
  return context.legacy && row.tasks.length > 0 ? "InProgress" : STATUSES[row.status];
}

/** Any enabled replication policy can be started, whatever its trigger. */
function start(context: Context): Response {
  const { core } = context;
  requireSystem(core, context.identity, "replication", "create");
  const id = numberOf(bodyOf(context)["policy_id"]);
  const policy = core.state.policies.get(id);
  if (policy === undefined) throw unknownPolicy(context, id);
  if (!policy.enabled) {
    const text = `the policy ${id} is disabled`;
    throw context.legacy ? badRequest(text) : precondition(text);
  }
  const scheduled = context.query.get("trigger") === "scheduled";
  const execution = startExecution(core, policy, scheduled ? "SCHEDULE" : "MANUAL");
  return empty(201, { location: `${API}/replication/executions/${execution.id}` });
}

function executionOf(context: Context): ExecutionRow {
  const id = parameter(context, "id");
  const execution = context.core.state.executions.get(Number(id));
  if (execution === undefined) {
    throw notFound(context.legacy ? `execution ${id} not found` : `replication execution ${id} not found`);
  }
  return execution;
}

function getExecution(context: Context): Response {
  requireSystem(context.core, context.identity, "replication", "read");
  const body = executionJson(context, executionOf(context));
  return context.legacy ? legacyJson(200, body) : json(200, body);
}

function stop(context: Context): Response {
  requireSystem(context.core, context.identity, "replication", "create");
  stopExecution(context.core, executionOf(context));
  return context.legacy ? empty(200) : json(200, null);
}

function listTasks(context: Context): Response {
  requireSystem(context.core, context.identity, "replication", "list");
  const execution = executionOf(context);
  const status = context.query.get("status");
  const rows = execution.tasks.filter(
    (row) => status === null || status === "" || taskStatus(row) === status,
  );
  const columns: Columns<TaskRow> = { id: (row) => row.id, start_time: (row) => row.startedAt };
  return list(context, rows, columns, "-start_time,-id", (row) => taskJson(context, row));
}

function taskLog(context: Context): Response {
  requireSystem(context.core, context.identity, "replication", "read");
  const id = parameter(context, "task");
  const execution = executionOf(context);
  const task = execution.tasks.find((one) => String(one.id) === id);
  if (task === undefined) throw notFound(missingTask(context, execution, id));
  if (context.core.faults.jobserviceStopped) throw internalError();
  const lines = task.logs.get(context.core.name);
  if (lines === undefined) throw notFound(missingLog(task));
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  return { status: 200, headers: { "content-type": "text/plain" }, body };
}

function missingTask({ core }: Context, execution: ExecutionRow, id: string): string {
  const elsewhere = [...core.state.executions.values()].some((one) =>
    one.tasks.some((task) => String(task.id) === id),
  );
  return elsewhere
    ? `execution ${execution.id} contains no task with ID ${id}`
    : `replication task ${id} not found`;
}

/** The job service of this node has no such file: another one ran the job, or nobody did (seen on 2.9.0). */
function missingLog(task: TaskRow): string {
  return JSON.stringify({ code: 10010, message: "object is not found", details: task.jobId });
}

function executionJson(context: Context, row: ExecutionRow): Json {
  const { total, succeed, failed, inProgress, stopped } = counters(row);
  const write = context.legacy ? legacyTimeText : timeText;
  return {
    end_time: write(row.endedAt),
    failed,
    id: row.id,
    in_progress: inProgress,
    policy_id: row.policyId,
    start_time: write(row.startedAt),
    status: STATUSES[row.status],
    status_text: row.statusText,
    stopped,
    succeed,
    total,
    trigger: TRIGGERS[row.trigger],
  };
}

function taskStatus(row: TaskRow): string {
  return row.status === "Pending" ? "Pending" : STATUSES[row.status];
}

function taskJson(context: Context, row: TaskRow): Json {
  const write = context.legacy ? legacyTimeText : timeText;
  return {
    dst_resource: resourceText(row.destination, row.items),
    end_time: write(row.endedAt),
    execution_id: row.executionId,
    id: row.id,
    job_id: row.jobId,
    operation: row.operation,
    resource_type: "artifact",
    src_resource: resourceText(row.source, row.items),
    start_time: write(row.startedAt),
    status: taskStatus(row),
    StatusRevision: context.legacy ? Math.floor(row.startedAt / 1000) : undefined,
  };
}
