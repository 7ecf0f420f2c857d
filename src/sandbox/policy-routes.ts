import { executionsOf, isFinal } from "./execution-status.ts";
import {
  conflict,
  empty,
  json,
  legacyJson,
  notFound,
  precondition,
  Refusal,
  type Response,
} from "./exchange.ts";
import { list } from "./paging.ts";
import { requireSystem } from "./permissions.ts";
import { policyJson } from "./policy-json.ts";
import { readPolicy } from "./policy-input.ts";
import { schedulePolicy } from "./policy-schedule.ts";
import type { Columns } from "./query.ts";
import { API, bodyOf, parameter, type Context, type Route } from "./router.ts";
import { nextId, type PolicyRow } from "./state.ts";

export const policyRoutes: readonly Route[] = [
  { method: "GET", path: "/replication/policies", answer: listPolicies, legacy: true },
  { method: "POST", path: "/replication/policies", answer: createPolicy, legacy: true },
  { method: "GET", path: "/replication/policies/{id}", answer: getPolicy, legacy: true },
  { method: "PUT", path: "/replication/policies/{id}", answer: updatePolicy, legacy: true },
  { method: "DELETE", path: "/replication/policies/{id}", answer: deletePolicy, legacy: true },
];

const COLUMNS: Columns<PolicyRow> = {
  id: (row) => row.id,
  name: (row) => row.name,
  enabled: (row) => row.enabled,
  creation_time: (row) => row.createdAt,
  update_time: (row) => row.updatedAt,
};

function listPolicies(context: Context): Response {
  const { core } = context;
  requireSystem(core, context.identity, "replication-policy", "list");
  const name = context.query.get("name") ?? "";
  const rows = [...core.state.policies.values()].filter((one) => one.name.includes(name));
  return list(context, rows, COLUMNS, "-creation_time,-id", (row) => policyJson(context, row));
}

function getPolicy(context: Context): Response {
  requireSystem(context.core, context.identity, "replication-policy", "read");
  const body = policyJson(context, policyOf(context));
  return context.legacy ? legacyJson(200, body) : json(200, body);
}

export function unknownPolicy(context: Context, id: string | number): Refusal {
  return notFound(context.legacy ? `policy ${id} not found` : `replication policy ${id} not found`);
}

function policyOf(context: Context): PolicyRow {
  const id = parameter(context, "id");
  const policy = context.core.state.policies.get(Number(id));
  if (policy === undefined) throw unknownPolicy(context, id);
  return policy;
}

function createPolicy(context: Context): Response {
  const { core, identity } = context;
  requireSystem(core, identity, "replication-policy", "create");
  const input = readPolicy(context, bodyOf(context));
  // the sequence moves although the name is taken, as in a database
  const id = nextId(core.state, "policy");
  refuseTaken(context, input.name, 0);
  const now = core.now();
  const policy: PolicyRow = { ...input, id, creator: identity.name, createdAt: now, updatedAt: now };
  core.state.policies.set(id, policy);
  schedulePolicy(core, policy);
  return empty(201, { location: `${API}/replication/policies/${id}` });
}

function refuseTaken(context: Context, name: string, id: number): void {
  const taken = [...context.core.state.policies.values()].some((one) => one.name === name && one.id !== id);
  if (!taken) return;
  throw conflict(
    context.legacy ? `policy ${name} already exists` : `replication policy ${name} already exists`,
  );
}

/** Replaces everything: what is left out falls back to nothing, so that no filter means everything. */
function updatePolicy(context: Context): Response {
  const { core } = context;
  requireSystem(core, context.identity, "replication-policy", "update");
  const policy = policyOf(context);
  const input = readPolicy(context, bodyOf(context));
  refuseTaken(context, input.name, policy.id);
  Object.assign(policy, input, { creator: "", updatedAt: core.now() });
  schedulePolicy(core, policy);
  return empty(200);
}

function deletePolicy(context: Context): Response {
  const { core } = context;
  requireSystem(core, context.identity, "replication-policy", "delete");
  const { id } = policyOf(context);
  const executions = executionsOf(core, id);
  if (executions.some((one) => !isFinal(one.status))) {
    throw context.legacy
      ? new Refusal(412, "PRECONDITION_FAILED", `the policy ${id} has running executions, can not be deleted`)
      : precondition("contains executions that aren't in final status, stop the execution first");
  }
  for (const execution of executions) core.state.executions.delete(execution.id);
  core.state.policies.delete(id);
  return empty(200);
}
