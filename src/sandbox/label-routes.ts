import { badRequest, conflict, empty, json, legacyJson, notFound, type Response } from "./exchange.ts";
import { numberOf, stringOf, type Json } from "./json.ts";
import { list } from "./paging.ts";
import { requireProject, requireSystem } from "./permissions.ts";
import { API, bodyOf, parameter, type Context, type Route } from "./router.ts";
import { nextId, type LabelRow } from "./state.ts";
import { timeText } from "./times.ts";

export const labelRoutes: readonly Route[] = [
  { method: "GET", path: "/labels", answer: listLabels },
  { method: "POST", path: "/labels", answer: createLabel },
  { method: "GET", path: "/labels/{id}", answer: getLabel },
  { method: "DELETE", path: "/labels/{id}", answer: deleteLabel },
];

/** Anybody may list them; replication asks here whether its peer answers. */
function listLabels(context: Context): Response {
  const { core, query } = context;
  const name = query.get("name") ?? "";
  const project = Number(query.get("project_id") ?? 0);
  const rows = [...core.state.labels.values()].filter(
    (row) =>
      row.name.includes(name) && row.scope === (query.get("scope") ?? row.scope) && row.projectId === project,
  );
  if (rows.length === 0) return context.legacy ? legacyJson(200, []) : json(200, []);
  const columns = { id: (row: LabelRow) => row.id, name: (row: LabelRow) => row.name };
  return list(context, rows, columns, "id", labelJson);
}

function createLabel(context: Context): Response {
  const { core } = context;
  const body = bodyOf(context);
  const scope = stringOf(body["scope"]);
  const projectId = numberOf(body["project_id"]);
  const name = stringOf(body["name"]);
  if (scope !== "g" && scope !== "p") throw badRequest(`invalid scope: ${scope}`);
  requireRight(context, scope, projectId, "create");
  if (name === "") throw badRequest("name cannot be empty");
  if ([...core.state.labels.values()].some((one) => one.name === name && one.projectId === projectId)) {
    throw conflict(`label ${name} already exists`);
  }
  const now = core.now();
  const label: LabelRow = {
    id: nextId(core.state, "label"),
    name,
    description: stringOf(body["description"]),
    color: stringOf(body["color"]),
    scope,
    projectId,
    createdAt: now,
    updatedAt: now,
  };
  core.state.labels.set(label.id, label);
  return empty(201, { location: `${API}/labels/${label.id}` });
}

function requireRight(context: Context, scope: string, projectId: number, action: string): void {
  const { core, identity } = context;
  if (scope === "g") requireSystem(core, identity, "label", action);
  else requireProject(core, identity, core.state.projects.get(projectId)?.name ?? "", "label", action);
}

function labelOf(context: Context, action: string): LabelRow {
  const id = parameter(context, "id");
  const label = context.core.state.labels.get(Number(id));
  if (label === undefined) throw notFound(`label ${id} not found`);
  requireRight(context, label.scope, label.projectId, action);
  return label;
}

function getLabel(context: Context): Response {
  return json(200, labelJson(labelOf(context, "read")));
}

function deleteLabel(context: Context): Response {
  const label = labelOf(context, "delete");
  context.core.state.labels.delete(label.id);
  return empty(200);
}

function labelJson(row: LabelRow): Json {
  return {
    ...(row.color === "" ? {} : { color: row.color }),
    creation_time: timeText(row.createdAt),
    ...(row.description === "" ? {} : { description: row.description }),
    id: row.id,
    name: row.name,
    ...(row.projectId === 0 ? {} : { project_id: row.projectId }),
    scope: row.scope,
    update_time: timeText(row.updatedAt),
  };
}
