import type { Core } from "./core.ts";
import { Refusal } from "./exchange.ts";
import type { Identity } from "./identity.ts";
import { projectNamed, type Permission, type ProjectRow } from "./state.ts";

/** What anybody may read of a public project. */
const PUBLIC_RESOURCES = new Set(["project", "repository", "artifact", "tag", "accessory", "label"]);
const PUBLIC_ACTIONS = new Set(["read", "list", "pull"]);

export function unauthorized(): Refusal {
  return new Refusal(401, "UNAUTHORIZED", "unauthorized");
}

export function isAdmin(identity: Identity): boolean {
  return identity.kind === "internal" || (identity.kind === "user" && identity.admin);
}

/** May the account do this to the whole Harbor? */
export function maySystem(identity: Identity, resource: string, action: string): boolean {
  if (isAdmin(identity)) return true;
  if (identity.kind === "user") return resource === "project" && action !== "delete";
  if (identity.kind !== "robot") return false;
  return grants(systemPermissions(identity.robot.permissions), resource, action);
}

/** May the account do this inside the project? A public project may be read by anybody. */
export function mayProject(
  core: Core,
  identity: Identity,
  project: ProjectRow | undefined,
  resource: string,
  action: string,
): boolean {
  if (isAdmin(identity)) return true;
  if (project === undefined) return false;
  const isPublic = project.public && PUBLIC_RESOURCES.has(resource) && PUBLIC_ACTIONS.has(action);
  if (isPublic && readsPublic(core, identity)) return true;
  if (identity.kind === "user") return project.ownerName === identity.name;
  if (identity.kind !== "robot") return false;
  return grants(projectPermissions(core, identity.robot.permissions, project.name), resource, action);
}

export function requireSystem(core: Core, identity: Identity, resource: string, action: string): void {
  if (maySystem(identity, resource, action)) return;
  if (identity.kind === "anonymous") throw unauthorized();
  throw new Refusal(403, "FORBIDDEN", core.profile.minor === 1 ? "forbidden" : identity.name);
}

/** Refuses 403 also where the project does not exist: only an administrator is told 404 (goharbor/harbor src/server/v2.0/handler/base.go). */
export function requireProject(
  core: Core,
  identity: Identity,
  projectName: string,
  resource: string,
  action: string,
): void {
  const project = projectNamed(core.state, projectName);
  // 2.1 asks for the project before it asks who asks, and says no either way
  if (
    mayProject(core, identity, project, resource, action) &&
    !(core.profile.minor === 1 && project === undefined)
  ) {
    return;
  }
  if (identity.kind === "anonymous") throw unauthorized();
  throw new Refusal(403, "FORBIDDEN", "forbidden");
}

function systemPermissions(permissions: readonly Permission[]): Permission[] {
  return permissions.filter((one) => one.kind === "system");
}

/** A robot that has no right on any project may not even read what is public, which strangers may (seen on 2.7.3, 2.9.0 and 2.14.4). */
function readsPublic(core: Core, identity: Identity): boolean {
  return identity.kind !== "robot" || onProjects(core, identity.robot.permissions).length > 0;
}

/** From 2.3 to 2.9 a robot with rights on the system has none on projects (goharbor/harbor src/common/security/robot/context.go). */
function onProjects(core: Core, permissions: readonly Permission[]): Permission[] {
  if (core.profile.minor < 10 && systemPermissions(permissions).length > 0) return [];
  return permissions.filter((one) => one.kind === "project");
}

function projectPermissions(core: Core, permissions: readonly Permission[], project: string): Permission[] {
  return onProjects(core, permissions).filter((one) => one.namespace === "*" || one.namespace === project);
}

function grants(permissions: readonly Permission[], resource: string, action: string): boolean {
  return permissions.some((one) =>
    one.access.some(
      (access) => access.resource === resource && (access.action === action || access.action === "*"),
    ),
  );
}
