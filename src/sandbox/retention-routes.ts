import { empty, json, notFound, type Response } from "./exchange.ts";
import { objectOf } from "./json.ts";
import { requireProject, requireSystem } from "./permissions.ts";
import { API, bodyOf, parameter, type Context, type Route } from "./router.ts";
import { nextId } from "./state.ts";

export const retentionRoutes: readonly Route[] = [
  { method: "POST", path: "/retentions", answer: createRetention },
  { method: "GET", path: "/retentions/{id}", answer: readRetention },
];

/** A project has one at most; its id is kept in the metadata of the project. */
function createRetention(context: Context): Response {
  const body = bodyOf(context);
  const project = context.core.state.projects.get(Number(objectOf(body["scope"])["ref"]));
  if (project === undefined) throw notFound("project not found");
  requireProject(context.core, context.identity, project.name, "tag-retention", "create");
  const id = nextId(context.core.state, "retention");
  context.core.state.retentions.set(id, body);
  project.metadata.set("retention_id", String(id));
  return empty(201, { location: `${API}/retentions/${id}` });
}

/** What was written, or what `runRetention` of the sandbox leaves behind: a policy without rules. */
function readRetention(context: Context): Response {
  const id = parameter(context, "id");
  const project = [...context.core.state.projects.values()].find(
    (one) => one.metadata.get("retention_id") === id,
  );
  if (project === undefined) {
    requireSystem(context.core, context.identity, "tag-retention", "read");
    throw notFound(`retention policy ${id} not found`);
  }
  requireProject(context.core, context.identity, project.name, "tag-retention", "read");
  return json(200, {
    algorithm: "or",
    rules: [],
    scope: { level: "project", ref: project.id },
    trigger: { kind: "Schedule", references: {}, settings: { cron: "" } },
    ...context.core.state.retentions.get(Number(id)),
    id: Number(id),
  });
}
