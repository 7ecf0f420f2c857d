import { conflict, empty, json, notFound, precondition, Refusal, type Response } from "./exchange.ts";
import { numberOf, objectOf, stringOf, type Json, type JsonObject } from "./json.ts";
import { list } from "./paging.ts";
import { unprocessable } from "./paging.ts";
import { isAdmin, mayProject, maySystem, unauthorized } from "./permissions.ts";
import { createProject, removeProject } from "./projects.ts";
import type { Columns } from "./query.ts";
import { repositoriesOf } from "./repository-listing.ts";
import { API, bodyOf, parameter, type Context, type Route } from "./router.ts";
import { projectNamed, type ProjectRow } from "./state.ts";
import { timeText } from "./times.ts";

export const projectRoutes: readonly Route[] = [
  { method: "GET", path: "/projects", answer: listProjects },
  { method: "HEAD", path: "/projects", answer: headProject },
  { method: "POST", path: "/projects", answer: postProject },
  { method: "GET", path: "/projects/{project}", answer: getProject },
  { method: "PUT", path: "/projects/{project}", answer: putProject },
  { method: "DELETE", path: "/projects/{project}", answer: deleteProject },
];

const COLUMNS: Columns<ProjectRow> = {
  project_id: (row) => row.id,
  id: (row) => row.id,
  name: (row) => row.name,
  public: (row) => row.public,
  creation_time: (row) => row.createdAt,
  update_time: (row) => row.updatedAt,
};

function listProjects(context: Context): Response {
  const { core } = context;
  const name = context.query.get("name") ?? "";
  const isPublic = context.query.get("public");
  const rows = visibleProjects(context)
    .filter((one) => name === "" || one.name.includes(name))
    .filter((one) => isPublic === null || one.public === (isPublic === "true" || isPublic === "1"));
  const detailed = context.query.get("with_detail") !== "false";
  return list(context, core.faults.emptyListing ? [] : rows, COLUMNS, "name", (row) =>
    projectJson(context, row, detailed),
  );
}

export function visibleProjects(context: Context): ProjectRow[] {
  const { core, identity } = context;
  const listsAll = identity.kind === "robot" && listsProjects(context);
  return [...core.state.projects.values()]
    .filter((one) => !core.faults.hiddenProjects.has(one.name))
    .filter(
      (one) =>
        isAdmin(identity) ||
        one.public ||
        listsAll ||
        mayProject(core, identity, one, "project", "read") ||
        seesByRobot(context, one),
    );
}

function listsProjects(context: Context): boolean {
  return (
    context.identity.kind === "robot" &&
    context.identity.robot.permissions.some(
      (one) =>
        one.kind === "system" &&
        one.access.some((access) => access.resource === "project" && access.action === "list"),
    )
  );
}

/** A robot sees the projects that it has any right in. */
function seesByRobot({ identity }: Context, project: ProjectRow): boolean {
  return (
    identity.kind === "robot" &&
    identity.robot.permissions.some(
      (one) => one.kind === "project" && (one.namespace === "*" || one.namespace === project.name),
    )
  );
}

function headProject(context: Context): Response {
  const name = context.query.get("project_name") ?? "";
  if (context.identity.kind === "anonymous") throw unauthorized();
  if (projectNamed(context.core.state, name) === undefined || context.core.faults.hiddenProjects.has(name)) {
    throw notFound(`project ${name} not found`);
  }
  return empty(200);
}

function postProject(context: Context): Response {
  const { core, identity } = context;
  refuseCreator(context);
  const body = bodyOf(context);
  const metadata = objectOf(body["metadata"]);
  const name = stringOf(body["project_name"]);
  const project = createProject(core, {
    name,
    public: isTrue(metadata["public"]) || body["public"] === true,
    owner: identity.kind === "robot" ? "admin" : identity.name,
    proxyOf:
      body["registry_id"] === undefined || body["registry_id"] === null
        ? undefined
        : numberOf(body["registry_id"]),
    quotaBytes: isAdmin(identity) ? numberOf(body["storage_limit"], -1) : -1,
    metadata: otherMetadata(metadata),
  });
  return empty(201, { location: `${API}/projects/${project.id}` });
}

/**
 * Where everybody may create projects, so may a robot of the whole system without the right, but none of a project; otherwise it takes the
 * right (goharbor/harbor src/server/v2.0/handler/project.go:94-112; seen on 2.7.3, 2.9.0 and 2.14.4).
 */
function refuseCreator({ core, identity }: Context): void {
  if (identity.kind === "anonymous") throw unauthorized();
  if (identity.kind === "robot" && identity.robot.level !== "system") {
    throw new Refusal(403, "FORBIDDEN", "Only system level robot can create project");
  }
  const restricted = core.state.configuration.get("project_creation_restriction") === "adminonly";
  const granted = identity.kind === "user" ? isAdmin(identity) : maySystem(identity, "project", "create");
  if (restricted && !granted) throw new Refusal(403, "FORBIDDEN", "Only system admin can create project");
}

function otherMetadata(metadata: JsonObject): Map<string, string> {
  return new Map(
    Object.entries(metadata)
      .filter(([key, value]) => key !== "public" && typeof value === "string")
      .map(([key, value]) => [key, stringOf(value)]),
  );
}

function isTrue(value: Json | undefined): boolean {
  return value === "true" || value === true;
}

function getProject(context: Context): Response {
  return json(200, projectJson(context, readableProject(context), true));
}

function putProject(context: Context): Response {
  const project = readableProject(context);
  if (!mayProject(context.core, context.identity, project, "project", "update")) throw forbidden();
  const metadata = objectOf(bodyOf(context)["metadata"]);
  if (metadata["public"] !== undefined) project.public = isTrue(metadata["public"]);
  for (const [key, value] of otherMetadata(metadata)) project.metadata.set(key, value);
  project.updatedAt = context.core.now();
  context.core.state.revision++;
  return empty(200);
}

function deleteProject(context: Context): Response {
  const project = readableProject(context);
  if (!mayProject(context.core, context.identity, project, "project", "delete")) throw forbidden();
  if (repositoriesOf(project).length > 0) {
    throw precondition("precondition failed: the project contains repositories, can not be deleted");
  }
  if ([...context.core.state.projects.values()].length === 0) throw conflict("no project");
  removeProject(context.core, project, context.identity.name);
  return empty(200);
}

function forbidden(): Refusal {
  return new Refusal(403, "FORBIDDEN", "forbidden");
}

/** The project of the path, as its reader sees it: 404 to an administrator only, else 401 or 403. */
function readableProject(context: Context): ProjectRow {
  const { core, identity } = context;
  const text = parameter(context, "project");
  if (core.profile.minor === 1 && !/^-?\d+$/.test(text)) {
    throw unprocessable(`project_id in path must be of type int64: "${text}"`);
  }
  const project = projectByReference(context, text);
  const allowed = isAdmin(identity) || mayRead(context, project);
  if (!allowed) throw identity.kind === "anonymous" ? unauthorized() : forbidden();
  if (project === undefined) throw notFound(`project ${text} not found`);
  return project;
}

/** A robot before 2.9 can't be given this right: it lists private projects, and reads none singly (seen on 2.7.3). */
function mayRead({ core, identity }: Context, project: ProjectRow | undefined): boolean {
  if (project === undefined) return false;
  if (identity.kind === "robot" && core.profile.minor < 9 && !project.public) return false;
  return mayProject(core, identity, project, "project", "read");
}

/** By name; a number is an id unless the header says otherwise. A hidden project is not there. */
export function projectByReference(context: Context, text: string): ProjectRow | undefined {
  const { core, request } = context;
  const byName = request.headers["x-is-resource-name"] === "true" || !/^\d+$/.test(text);
  const project = byName ? projectNamed(core.state, text) : core.state.projects.get(Number(text));
  return project === undefined || core.faults.hiddenProjects.has(project.name) ? undefined : project;
}

function projectJson(context: Context, project: ProjectRow, detailed: boolean): Json {
  const { core } = context;
  const { minor } = core.profile;
  const repositories = repositoriesOf(project).length;
  return {
    chart_count: minor > 1 && minor < 8 ? 0 : undefined,
    creation_time: timeText(project.createdAt),
    ...(detailed ? rolesIn(context, project) : { current_user_role_ids: null }),
    cve_allowlist: {
      creation_time: timeText(0),
      // the list of the first project is not stored in 2.1
      id: minor === 1 && project.id === 1 ? undefined : project.id,
      items: [],
      project_id: project.id,
      update_time: timeText(0),
    },
    metadata: { public: String(project.public), ...Object.fromEntries(project.metadata) },
    name: project.name,
    owner_id: core.state.users.get(project.ownerName)?.id ?? 1,
    owner_name: project.ownerName,
    project_id: project.id,
    registry_id: project.proxyOf,
    repo_count: minor === 1 && repositories === 0 ? undefined : repositories,
    update_time: timeText(project.updatedAt),
  };
}

/** The reader's roles: 1 is the administrator of the project. */
function rolesIn({ identity }: Context, project: ProjectRow): { readonly [key: string]: Json } {
  const rules = identity.kind === "user" && (identity.admin || project.ownerName === identity.name);
  return rules ? { current_user_role_id: 1, current_user_role_ids: [1] } : { current_user_role_ids: null };
}
