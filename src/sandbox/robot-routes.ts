import { badRequest, conflict, empty, json, notFound, type Response } from "./exchange.ts";
import { listOf, numberOf, objectOf, stringOf, type Json, type JsonObject } from "./json.ts";
import { list } from "./paging.ts";
import { requireProject, requireSystem } from "./permissions.ts";
import { hex } from "./random.ts";
import { API, bodyOf, parameter, type Context, type Route } from "./router.ts";
import { nextId, type Permission, type RobotRow } from "./state.ts";
import { timeText } from "./times.ts";

const NAME = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

export const robotRoutes: readonly Route[] = [
  { method: "GET", path: "/robots", since: 2, answer: listRobots },
  { method: "POST", path: "/robots", since: 2, answer: createRobot },
  { method: "GET", path: "/robots/{id}", since: 2, answer: getRobot },
  { method: "PUT", path: "/robots/{id}", since: 2, answer: updateRobot },
  { method: "PATCH", path: "/robots/{id}", since: 2, answer: refreshSecret },
  { method: "DELETE", path: "/robots/{id}", since: 2, answer: deleteRobot },
];

function listRobots(context: Context): Response {
  const { core, query } = context;
  const [, projectId] = /(?:^|,)ProjectID=(\d+)/.exec(query.get("q") ?? "") ?? [];
  const project = core.state.projects.get(Number(projectId))?.name;
  requireRobot(context, project === undefined ? "system" : "project", project ?? "", "list");
  const columns = {
    id: (row: RobotRow) => row.id,
    name: (row: RobotRow) => row.name,
    level: (row: RobotRow) => row.level,
  };
  return list(context, [...core.state.robots.values()], columns, "-id", robotJson);
}

/** The secret is shown once, here. */
function createRobot(context: Context): Response {
  const { core } = context;
  const body = bodyOf(context);
  const level = stringOf(body["level"]);
  const permissions = permissionsOf(body);
  const project = permissions[0]?.namespace ?? "";
  requireRobot(context, level, project, "create");
  const short = stringOf(body["name"]);
  if (!NAME.test(short))
    throw badRequest("bad request: robot name is not in lower case or contains illegal characters");
  const name = level === "project" ? `robot$${project}+${short}` : `robot$${short}`;
  if ([...core.state.robots.values()].some((one) => one.name === name)) {
    throw conflict(`robot account ${short} already exists`);
  }
  const robot: RobotRow = {
    id: nextId(core.state, "robot"),
    name,
    description: stringOf(body["description"]),
    secret: stringOf(body["secret"]) === "" ? hex(core.random, 32) : stringOf(body["secret"]),
    level,
    disabled: body["disable"] === true,
    permissions,
    createdAt: core.now(),
  };
  core.state.robots.set(robot.id, robot);
  const shown = {
    creation_time: timeText(robot.createdAt),
    expires_at: numberOf(body["duration"], -1),
    id: robot.id,
    name,
    secret: robot.secret,
  };
  return json(201, shown, { location: `${API}/robots/${robot.id}` });
}

function permissionsOf(body: JsonObject): Permission[] {
  return listOf(body["permissions"])
    .map(objectOf)
    .map((one) => ({
      kind: stringOf(one["kind"]),
      namespace: stringOf(one["namespace"]),
      access: listOf(one["access"])
        .map(objectOf)
        .map((access) => ({ resource: stringOf(access["resource"]), action: stringOf(access["action"]) })),
    }));
}

function robotOf(context: Context, action: string): RobotRow {
  const id = parameter(context, "id");
  const robot = context.core.state.robots.get(Number(id));
  requireRobot(context, robot?.level ?? "system", robot?.permissions[0]?.namespace ?? "", action);
  if (robot === undefined) throw notFound(`robot ${id} not found`);
  return robot;
}

/** Robots of a project are its administrators' to make, and whose that have the right on it (seen on 2.9.0 and 2.14.4). */
function requireRobot({ core, identity }: Context, level: string, project: string, action: string): void {
  if (level === "project") requireProject(core, identity, project, "robot", action);
  else requireSystem(core, identity, "robot", action);
}

function getRobot(context: Context): Response {
  return json(200, robotJson(robotOf(context, "read")));
}

function updateRobot(context: Context): Response {
  const robot = robotOf(context, "update");
  const body = bodyOf(context);
  robot.description = stringOf(body["description"]);
  robot.disabled = body["disable"] === true;
  robot.permissions = permissionsOf(body);
  return empty(200);
}

function refreshSecret(context: Context): Response {
  const robot = robotOf(context, "update");
  const secret = stringOf(bodyOf(context)["secret"]);
  robot.secret = secret === "" ? hex(context.core.random, 32) : secret;
  return json(200, { secret: robot.secret });
}

function deleteRobot(context: Context): Response {
  const robot = robotOf(context, "delete");
  context.core.state.robots.delete(robot.id);
  return empty(200);
}

function robotJson(row: RobotRow): Json {
  return {
    creation_time: timeText(row.createdAt),
    description: row.description,
    disable: row.disabled,
    duration: -1,
    editable: true,
    expires_at: -1,
    id: row.id,
    level: row.level,
    name: row.name,
    permissions: row.permissions.map((one) => ({
      kind: one.kind,
      namespace: one.namespace,
      access: one.access.map((access) => ({ ...access })),
    })),
    update_time: timeText(row.createdAt),
  };
}
