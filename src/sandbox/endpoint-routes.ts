import type { Core } from "./core.ts";
import { endpointJson, localEndpointJson } from "./endpoint-json.ts";
import { healthOf } from "./endpoint-health.ts";
import {
  badRequest,
  conflict,
  empty,
  internalError,
  json,
  legacyJson,
  notFound,
  precondition,
  Refusal,
  type Response,
} from "./exchange.ts";
import { numberOf, objectOf, stringOf, type JsonObject } from "./json.ts";
import { list } from "./paging.ts";
import { requireSystem } from "./permissions.ts";
import { sealed, unsealed } from "./sealed-secret.ts";
import { API, bodyOf, parameter, type Context, type Route } from "./router.ts";
import { nextId, type EndpointRow } from "./state.ts";

export const endpointRoutes: readonly Route[] = [
  { method: "GET", path: "/registries", answer: listEndpoints, legacy: true },
  { method: "POST", path: "/registries", answer: createEndpoint, legacy: true },
  { method: "POST", path: "/registries/ping", answer: pingEndpoint, legacy: true },
  { method: "GET", path: "/registries/{id}", answer: getEndpoint, legacy: true },
  { method: "PUT", path: "/registries/{id}", answer: updateEndpoint, legacy: true },
  { method: "DELETE", path: "/registries/{id}", answer: deleteEndpoint, legacy: true },
  { method: "GET", path: "/registries/{id}/info", answer: describeEndpoint, legacy: true },
];

function listEndpoints(context: Context): Response {
  const { core } = context;
  requireSystem(core, context.identity, "registry", "list");
  const name = context.query.get("name") ?? "";
  const rows = [...core.state.endpoints.values()].filter((one) => one.name.includes(name));
  const answer = list(
    context,
    rows,
    { id: (row) => row.id, name: (row) => row.name, url: (row) => row.url, type: (row) => row.type },
    "id",
    (row) => endpointJson(context, row),
  );
  if (!context.legacy) return answer;
  // the old handler knows no pages, and says null for none (seen on 2.1.6)
  const headers = Object.entries(answer.headers).filter(([name]) => name !== "x-total-count");
  return { ...(rows.length === 0 ? legacyJson(200, null) : answer), headers: Object.fromEntries(headers) };
}

function getEndpoint(context: Context): Response {
  const { core } = context;
  requireSystem(core, context.identity, "registry", "read");
  if (context.legacy && parameter(context, "id") === "0") throw badRequest("invalid ID in URL");
  const body =
    parameter(context, "id") === "0"
      ? localEndpointJson(context)
      : endpointJson(context, endpointOf(context));
  return context.legacy ? legacyJson(200, body) : json(200, body);
}

function endpointOf(context: Context): EndpointRow {
  const id = parameter(context, "id");
  const endpoint = context.core.state.endpoints.get(Number(id));
  if (endpoint === undefined) throw notFound(`registry ${id} not found`);
  return endpoint;
}

/** Needs the peer alive and willing, right now (goharbor/harbor src/controller/registry/controller.go:88-110). */
function createEndpoint(context: Context): Response {
  const { core } = context;
  requireSystem(core, context.identity, "registry", "create");
  const body = bodyOf(context);
  const credential = objectOf(body["credential"]);
  const now = core.now();
  const endpoint: EndpointRow = {
    id: 0,
    name: stringOf(body["name"]),
    description: stringOf(body["description"]),
    type: stringOf(body["type"]),
    url: normalUrl(stringOf(body["url"])),
    credentialType: stringOf(credential["type"]),
    accessKey: stringOf(credential["access_key"]),
    accessSecret: stringOf(credential["access_secret"]),
    sealedBy: "",
    insecure: body["insecure"] === true,
    caCertificate: core.profile.minor >= 15 ? stringOf(body["ca_certificate"]) : "",
    status: "healthy",
    createdAt: now,
    updatedAt: now,
  };
  if (endpoint.name === "") throw badRequest(context.legacy ? "empty URL" : "name cannot be empty");
  refuseUnhealthy(core, endpoint);
  refuseName(core, endpoint);
  const stored = sealed(core, { ...endpoint, id: nextId(core.state, "endpoint") });
  core.state.endpoints.set(stored.id, stored);
  return empty(201, { location: `${API}/registries/${stored.id}` });
}

function refuseName(core: Core, endpoint: EndpointRow): void {
  if (endpoint.name === "" || endpoint.name.length > 64) throw badRequest("invalid name");
  const taken = [...core.state.endpoints.values()].some(
    (one) => one.name === endpoint.name && one.id !== endpoint.id,
  );
  if (!taken) return;
  // the old handler says it in its own words
  throw conflict(
    core.profile.minor === 1
      ? `name '${endpoint.name}' is already used`
      : `registry ${endpoint.name} already exists`,
  );
}

/** Unreachable is an opaque 500, an error status of the peer is passed on as if it were our own. */
function refuseUnhealthy(core: Core, endpoint: EndpointRow): void {
  const health = healthOf(core, endpoint);
  if (health.kind === "healthy") return;
  if (health.kind === "error" && core.profile.minor >= 3) {
    if (health.status === 0 || health.status >= 500) throw internalError();
    throw new Refusal(health.status, "UNKNOWN", "unexpected answer of the registry");
  }
  throw badRequest("the registry is unhealthy");
}

/** A partial update with flat names, checked against the live peer. */
function updateEndpoint(context: Context): Response {
  const { core } = context;
  requireSystem(core, context.identity, "registry", "update");
  const stored = endpointOf(context);
  const body = bodyOf(context);
  const plain = unsealed(core, stored);
  const changed = { ...plain, ...flatFields(body, plain), updatedAt: core.now() };
  if (core.profile.minor >= 16 && changed.url !== stored.url && body["access_secret"] === undefined) {
    changed.accessSecret = "";
  }
  refuseUnhealthy(core, changed);
  refuseName(core, changed);
  core.state.endpoints.set(stored.id, sealed(core, { ...changed, status: "healthy" }));
  return empty(200);
}

function flatFields(body: JsonObject, stored: EndpointRow): Partial<EndpointRow> {
  const text = (key: string, otherwise: string): string =>
    typeof body[key] === "string" ? stringOf(body[key]) : otherwise;
  return {
    name: text("name", stored.name),
    description: text("description", stored.description),
    url: normalUrl(text("url", stored.url)),
    credentialType: text("credential_type", stored.credentialType),
    accessKey: text("access_key", stored.accessKey),
    accessSecret: text("access_secret", stored.accessSecret),
    insecure: typeof body["insecure"] === "boolean" ? body["insecure"] : stored.insecure,
    caCertificate: text("ca_certificate", stored.caCertificate),
  };
}

function deleteEndpoint(context: Context): Response {
  const { core } = context;
  requireSystem(core, context.identity, "registry", "delete");
  const { id } = endpointOf(context);
  const policies = [...core.state.policies.values()];
  const using = policies.filter((one) => one.destinationId === id || one.sourceId === id).length;
  if (using > 0 && context.legacy) {
    throw new Refusal(
      412,
      "PRECONDITION_FAILED",
      `Can't delete registry ${id},  ${using} replication policies use it as destination registry`,
    );
  }
  if (using > 0) {
    throw precondition(`the registry ${id} is referenced by replication policies, cannot delete it`);
  }
  if ([...core.state.projects.values()].some((one) => one.proxyOf === id)) {
    throw precondition(`the registry ${id} is referenced by proxy cache projects, cannot delete it`);
  }
  core.state.endpoints.delete(id);
  return empty(200);
}

function pingEndpoint(context: Context): Response {
  const { core } = context;
  requireSystem(core, context.identity, "registry", "read");
  if (context.legacy && parameter(context, "id") === "0") throw badRequest("invalid ID in URL");
  const body = bodyOf(context);
  const id = numberOf(body["id"], -1);
  const stored = core.state.endpoints.get(id);
  if (id > 0 && stored === undefined) throw notFound(`registry ${id} not found`);
  if (id === 0) return empty(200);
  const base = stored === undefined ? undefined : unsealed(core, stored);
  const known = base ?? blankEndpoint(stringOf(body["type"]));
  const fixed = core.profile.minor >= 16 && stored !== undefined;
  const asked = fixed
    ? {
        ...known,
        ...flatFields({ ...body, url: undefined, insecure: undefined, ca_certificate: undefined }, known),
      }
    : { ...known, ...flatFields(body, known) };
  if (asked.type === "" || asked.url === "") throw badRequest("type or url cannot be empty");
  refuseUnhealthy(core, asked);
  return empty(200);
}

function blankEndpoint(type: string): EndpointRow {
  return {
    id: 0,
    name: "",
    description: "",
    type,
    url: "",
    credentialType: "",
    accessKey: "",
    accessSecret: "",
    sealedBy: "",
    insecure: false,
    caCertificate: "",
    status: "",
    createdAt: 0,
    updatedAt: 0,
  };
}

function describeEndpoint(context: Context): Response {
  const { core } = context;
  requireSystem(core, context.identity, "registry", "read");
  const local = parameter(context, "id") === "0";
  const { minor } = core.profile;
  if (!local) refuseUnhealthy(core, endpointOf(context));
  const filter = (
    type: string,
    style: string,
    values: string[] | null,
  ): { [key: string]: string | string[] | null } =>
    context.legacy ? { style, type, ...(values === null ? {} : { values }) } : { style, type, values };
  const described = {
    ...(minor >= 7 ? { supported_copy_by_chunk: true } : {}),
    supported_resource_filters: [
      filter("name", "input", null),
      filter("tag", "input", null),
      filter("label", "list", null),
      filter("resource", "radio", ["image", "artifact"]),
    ],
    supported_triggers: ["manual", "scheduled", ...(local ? ["event_based"] : [])],
    type: "harbor",
  };
  return context.legacy ? legacyJson(200, { ...described, description: "" }) : json(200, described);
}

/** Scheme, host and path without a trailing slash; `http://` where the scheme lacks (goharbor/harbor src/lib/endpoint.go). */
function normalUrl(url: string): string {
  if (url === "") return "";
  const whole = /^https?:\/\//.test(url) ? url : `http://${url}`;
  return whole.replace(/\/+$/, "");
}
