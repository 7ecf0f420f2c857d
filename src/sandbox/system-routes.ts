import type { Core } from "./core.ts";
import { json, legacyJson, type Response } from "./exchange.ts";
import type { Json, JsonObject } from "./json.ts";
import { externalUrl } from "./public-url.ts";
import { isAdmin, unauthorized, requireSystem } from "./permissions.ts";
import { Refusal } from "./exchange.ts";
import type { Context, Route } from "./router.ts";
import { repositoriesOf } from "./repository-listing.ts";
import { usedBytes } from "./quota.ts";
import { sessionUserId } from "./sessions.ts";
import { timeText } from "./times.ts";

const ADAPTERS = [
  "ali-acr",
  "aws-ecr",
  "azure-acr",
  "docker-hub",
  "docker-registry",
  "dtr",
  "github-ghcr",
  "gitlab",
  "google-gcr",
  "harbor",
  "huawei-SWR",
  "jfrog-artifactory",
  "quay",
  "tencent-tcr",
];

export const systemRoutes: readonly Route[] = [
  { method: "GET", path: "/ping", answer: ping },
  { method: "GET", path: "/systeminfo", answer: describeSystem, legacy: true },
  { method: "GET", path: "/statistics", answer: statistics, legacy: true },
  { method: "GET", path: "/users/current", answer: currentUser, legacy: true },
  { method: "GET", path: "/replication/adapters", answer: adapters, legacy: true },
];

function write(context: Context, value: Json): Response {
  return context.legacy ? legacyJson(200, value) : json(200, value);
}

function ping(context: Context): Response {
  const old = context.core.profile.minor === 1;
  return {
    status: 200,
    headers: { "content-type": old ? "application/json; charset=utf-8" : "text/plain" },
    body: Buffer.from(old ? '"Pong"' : "Pong"),
  };
}

function describeSystem(context: Context): Response {
  const { core, identity } = context;
  const { minor } = core.profile;
  const known = identity.kind !== "anonymous" || minor === 1;
  const anonymous = toldAnybody(core, known);
  if (!known) return write(context, anonymous);
  return write(context, {
    ...anonymous,
    current_time: minor > 1 ? timeText(core.now()) : undefined,
    external_url: externalUrl(core),
    has_ca_root: false,
    notification_enable: core.state.configuration.get("notification_enable") ?? true,
    project_creation_restriction: core.state.configuration.get("project_creation_restriction") ?? "everyone",
    read_only: core.state.configuration.get("read_only") ?? false,
    registry_storage_provider_name: "filesystem",
    registry_url: externalUrl(core).replace(/^https?:\/\//, ""),
    with_chartmuseum: minor < 8 ? false : undefined,
    with_notary: minor < 8 ? false : undefined,
  });
}

function toldAnybody(core: Core, known: boolean): JsonObject {
  const { minor } = core.profile;
  return {
    auth_mode: "db_auth",
    self_registration: core.state.configuration.get("self_registration") ?? false,
    harbor_version: minor < 13 || known ? core.settings.harborVersion : undefined,
    banner_message: minor >= 8 ? "" : undefined,
    primary_auth_mode: minor >= 8 ? false : undefined,
    oidc_provider_name: minor >= 10 ? "" : undefined,
  };
}

function statistics(context: Context): Response {
  const { core, identity } = context;
  if (identity.kind === "anonymous") throw unauthorized();
  const projects = [...core.state.projects.values()];
  const count = (isPublic: boolean): { projects: number; repositories: number } => {
    const some = projects.filter((one) => one.public === isPublic);
    return {
      projects: some.length,
      repositories: some.reduce((sum, one) => sum + repositoriesOf(one).length, 0),
    };
  };
  const open = count(true);
  const closed = count(false);
  const bytes = projects.reduce((sum, one) => sum + usedBytes(core, one), 0);
  return write(context, {
    private_project_count: closed.projects,
    private_repo_count: closed.repositories,
    public_project_count: open.projects,
    public_repo_count: open.repositories,
    ...(isAdmin(identity)
      ? {
          total_project_count: projects.length,
          total_repo_count: open.repositories + closed.repositories,
          total_storage_consumption: core.profile.minor > 1 ? bytes : undefined,
        }
      : {}),
  });
}

/** Robots are no users: 412. In the words of the release for who is nobody. */
function currentUser(context: Context): Response {
  const { core, identity } = context;
  if (identity.kind === "robot") {
    throw new Refusal(412, "PRECONDITION", "get current user not available for security context: robot");
  }
  const user = core.state.users.get(identity.name);
  const stranger = identity.kind === "anonymous" ? sessionUserId(core, context.request) : undefined;
  if (stranger !== undefined) {
    // A session from the Redis of another Harbor, whose database has more people (seen on 2.9.0).
    throw new Refusal(404, "NOT_FOUND", `user ${stranger} not found`);
  }
  if (user === undefined) {
    throw context.legacy ? new Refusal(401, "UNAUTHORIZED", "UnAuthorize") : unauthorized();
  }
  const common = {
    admin_role_in_auth: false,
    comment: user.admin ? "admin user" : "",
    creation_time: timeText(user.createdAt),
    realname: user.admin ? "system admin" : user.name,
    sysadmin_flag: user.admin,
    update_time: timeText(user.createdAt),
    user_id: user.id,
    username: user.name,
  };
  if (!context.legacy) return json(200, common);
  return legacyJson(200, {
    ...common,
    email: "",
    password: "",
    password_version: "sha256",
    deleted: false,
    role_name: "",
    role_id: 0,
    reset_uuid: "",
  });
}

function adapters(context: Context): Response {
  const { core, identity } = context;
  requireSystem(core, identity, "replication-adapter", "list");
  const { minor } = core.profile;
  if (minor === 1) {
    const missing = new Set(["dtr", "github-ghcr"]);
    return write(context, [...ADAPTERS.filter((one) => !missing.has(one)), "helm-hub"].sort(ascending));
  }
  return write(context, minor < 8 ? [...ADAPTERS, "artifact-hub", "helm-hub"].sort(ascending) : ADAPTERS);
}

function ascending(left: string, right: string): number {
  return left.toLowerCase() < right.toLowerCase() ? -1 : 1;
}
