import { empty, json, legacyJson, notFound, Refusal, type Response } from "./exchange.ts";
import { numberOf, objectOf, type Json } from "./json.ts";
import { list } from "./paging.ts";
import { isAdmin, requireSystem, unauthorized } from "./permissions.ts";
import { usedBytes } from "./quota.ts";
import { bodyOf, parameter, type Context, type Route } from "./router.ts";
import type { ProjectRow } from "./state.ts";
import { timeText } from "./times.ts";

export const quotaRoutes: readonly Route[] = [
  { method: "GET", path: "/quotas", answer: listQuotas },
  {
    method: "GET",
    path: "/quotas/{id}",
    answer: (context) => json(200, quotaJson(context, quotaOf(context))),
  },
  { method: "PUT", path: "/quotas/{id}", answer: updateQuota },
];

function requireAdmin({ identity }: Context): void {
  if (isAdmin(identity)) return;
  if (identity.kind === "anonymous") throw unauthorized();
  throw new Refusal(403, "FORBIDDEN", identity.name);
}

function listQuotas(context: Context): Response {
  // A robot may be given this right (seen on 2.7.3, 2.9.0 and 2.14.4); the old handler knows administrators only.
  if (context.core.profile.minor < 2) requireAdmin(context);
  else requireSystem(context.core, context.identity, "quota", "list");
  const id = context.query.get("reference_id");
  const rows = [...context.core.state.projects.values()].filter(
    (one) => id === null || String(one.id) === id,
  );
  // The old handler says null for none (seen on 2.1.6).
  if (context.legacy && rows.length === 0) return legacyJson(200, null);
  return list(context, rows, { id: (row) => row.id }, "-id", (row) => quotaJson(context, row));
}

/** A quota carries the id of its project here. */
function quotaOf(context: Context): ProjectRow {
  requireAdmin(context);
  const id = parameter(context, "id");
  const project = context.core.state.projects.get(Number(id));
  if (project === undefined) throw notFound(`quota ${id} not found`);
  return project;
}

function updateQuota(context: Context): Response {
  const project = quotaOf(context);
  project.quotaBytes = numberOf(objectOf(bodyOf(context)["hard"])["storage"], project.quotaBytes);
  return empty(200);
}

function quotaJson({ core }: Context, project: ProjectRow): Json {
  return {
    creation_time: timeText(project.createdAt),
    hard: { storage: project.quotaBytes },
    id: project.id,
    ref: { id: project.id, name: project.name, owner_name: project.ownerName },
    update_time: timeText(project.updatedAt),
    used: { storage: usedBytes(core, project) },
  };
}
