import { json, type Response } from "./exchange.ts";
import type { Json } from "./json.ts";
import { list } from "./paging.ts";
import { maySystem, requireProject, requireSystem, unauthorized } from "./permissions.ts";
import { projectByReference } from "./project-routes.ts";
import type { Columns } from "./query.ts";
import { projectName } from "./repository-routes.ts";
import { parameter, type Context, type Route } from "./router.ts";
import type { AuditRow } from "./state.ts";
import { timeText } from "./times.ts";

const EXTENDED_SINCE = 13;
const PURGED_SINCE = 6;

/** From 2.13 on new entries stand in the extended log only; the old one stays readable and empty. */
export const auditRoutes: readonly Route[] = [
  { method: "GET", path: "/audit-logs", answer: (context) => listAll(context, isOld(context), false) },
  {
    method: "GET",
    path: "/auditlog-exts",
    since: EXTENDED_SINCE,
    answer: (context) => listAll(context, true, true),
  },
  { method: "GET", path: "/auditlog-exts/events", since: EXTENDED_SINCE, answer: eventTypes },
  { method: "GET", path: "/system/purgeaudit", since: PURGED_SINCE, answer: listPurges },
  {
    method: "GET",
    path: "/projects/{project}/logs",
    answer: (context) => ofProject(context, isOld(context), false),
  },
  {
    method: "GET",
    path: "/projects/{project}/auditlog-exts",
    since: EXTENDED_SINCE,
    answer: (context) => ofProject(context, true, true),
  },
];

const COLUMNS: Columns<AuditRow> = {
  id: (row) => row.id,
  operation: (row) => row.operation,
  resource: (row) => row.resource,
  resource_type: (row) => row.resourceType,
  username: (row) => row.username,
  op_time: (row) => row.at,
  project_id: (row) => row.projectId,
};

function isOld({ core }: Context): boolean {
  return core.profile.minor < EXTENDED_SINCE;
}

/** Without the right one sees nothing, and is told 200. */
function listAll(context: Context, filled: boolean, extended: boolean): Response {
  const { core, identity } = context;
  if (identity.kind === "anonymous") throw unauthorized();
  const allowed = maySystem(identity, "audit-log", "list");
  return write(context, filled && allowed ? core.state.audit : [], extended);
}

function ofProject(context: Context, filled: boolean, extended: boolean): Response {
  const { core, identity } = context;
  requireProject(core, identity, projectName(context), "log", "list");
  const id = projectByReference(context, parameter(context, "project"))?.id;
  return write(context, filled ? core.state.audit.filter((row) => row.projectId === id) : [], extended);
}

function write(context: Context, rows: readonly AuditRow[], extended: boolean): Response {
  return list(context, rows, COLUMNS, "-op_time,-id", (row) => auditJson(row, extended));
}

function listPurges(context: Context): Response {
  requireSystem(context.core, context.identity, "purge-audit", "list");
  return list(context, context.core.state.auditPurges, { id: (row) => row.id }, "-id", (row) => ({
    creation_time: timeText(row.at),
    id: row.id,
    job_kind: "MANUAL",
    job_name: "PURGE_AUDIT_LOG",
    job_parameters: JSON.stringify({
      audit_retention_hour: row.retentionHours,
      dry_run: false,
      include_operations: "create,delete,pull",
    }),
    job_status: "Success",
    schedule: { next_scheduled_time: timeText(0), type: "Manual" },
    update_time: timeText(row.at),
  }));
}

function auditJson(row: AuditRow, extended: boolean): Json {
  return {
    id: row.id,
    op_time: timeText(row.at),
    operation: row.operation,
    operation_description: extended ? row.description : undefined,
    operation_result: extended ? true : undefined,
    resource: row.resource,
    resource_type: row.resourceType,
    username: row.username,
  };
}

function eventTypes({ identity }: Context): Response {
  if (identity.kind === "anonymous") throw unauthorized();
  const names = [
    "create_artifact",
    "delete_artifact",
    "pull_artifact",
    "create_project",
    "delete_project",
    "delete_repository",
    "login_user",
    "logout_user",
    "create_user",
    "delete_user",
    "update_user",
    "create_robot",
    "delete_robot",
    "update_configuration",
  ];
  return json(
    200,
    names.map((event_type) => ({ event_type })),
  );
}
