import { empty, json, notFound, Refusal, type Response } from "./exchange.ts";
import type { Json } from "./json.ts";
import { list } from "./paging.ts";
import { isAdmin, requireProject, requireSystem, unauthorized } from "./permissions.ts";
import { projectByReference } from "./project-routes.ts";
import { projectName } from "./repository-routes.ts";
import { bodyOf, parameter, type Context, type Route } from "./router.ts";

export const configurationRoutes: readonly Route[] = [
  { method: "GET", path: "/configurations", answer: readConfiguration },
  { method: "PUT", path: "/configurations", answer: writeConfiguration },
  { method: "GET", path: "/projects/{project}/webhook/policies", answer: listWebhooks },
];

/** What Harbor starts with; a value is read with whether it may be edited. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  auth_mode: "db_auth",
  read_only: false,
  self_registration: false,
  project_creation_restriction: "everyone",
  token_expiration: 30,
  robot_name_prefix: "robot$",
  notification_enable: true,
  quota_per_project_enable: true,
  storage_per_project: -1,
  pull_audit_log_disable: false,
  audit_log_forward_endpoint: "",
  skip_audit_log_database: false,
  disabled_audit_log_event_types: "",
};
/** The minor release that brought a setting, where it is not all. */
const SINCE: Readonly<Record<string, number>> = {
  robot_name_prefix: 2,
  pull_audit_log_disable: 5,
  audit_log_forward_endpoint: 6,
  skip_audit_log_database: 6,
  disabled_audit_log_event_types: 13,
};

function requireAdmin({ identity }: Context): void {
  if (isAdmin(identity)) return;
  if (identity.kind === "anonymous") throw unauthorized();
  throw new Refusal(403, "FORBIDDEN", identity.name);
}

/** Before 2.10 a robot could be given the right through the API, where rights were not checked (seen on 2.7.3 and 2.9.0). */
function readConfiguration(context: Context): Response {
  requireSystem(context.core, context.identity, "configuration", "read");
  const { state, profile } = context.core;
  const shown = Object.entries(DEFAULTS).filter(([key]) => (SINCE[key] ?? 1) <= profile.minor);
  return json(
    200,
    Object.fromEntries(
      shown.map(([key, value]) => [key, { editable: true, value: state.configuration.get(key) ?? value }]),
    ),
  );
}

/** Unknown settings are ignored. */
function writeConfiguration(context: Context): Response {
  requireAdmin(context);
  for (const [key, value] of Object.entries(bodyOf(context))) {
    if (key in DEFAULTS && value !== undefined) context.core.state.configuration.set(key, value);
  }
  return empty(200);
}

function listWebhooks(context: Context): Response {
  requireProject(context.core, context.identity, projectName(context), "notification-policy", "list");
  const project = projectByReference(context, parameter(context, "project"));
  if (project === undefined) throw notFound(`project ${projectName(context)} not found`);
  return list<Json>(context, [], {}, "", (row) => row);
}
