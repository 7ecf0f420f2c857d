import type { Project, ProjectRight, SystemRight } from "../observed/model.ts";
import type { Api } from "./api.ts";
import type { Dialect } from "./capabilities.ts";
import { HarborError } from "./harbor-error.ts";
import { BY_NAME } from "./projects.ts";

type Signal = AbortSignal | undefined;
type Try = (api: Api, doing: string, signal: Signal) => Promise<unknown>;
type TryInProject = (api: Api, place: Place, doing: string, signal: Signal) => Promise<unknown>;

interface Place {
  readonly project: string;
  /** What old releases take in place of the name. */
  readonly reference: { readonly path: { readonly project_name_or_id: string }; readonly headers: Headers };
}
type Headers = Readonly<Record<string, string>>;

/** The highest id that Harbor's tables can hold: nothing stands under it, and a larger one would fail inside. */
const NOBODY = 2_147_483_647;
/** A repository and an artifact that are not there. */
const NO_REPOSITORY = "tidelock-doctor";
const NO_DIGEST = `sha256:${"0".repeat(64)}`;
const ARTIFACTS = "/projects/{project_name}/repositories/{repository_name}/artifacts";

/**
 * Harbor asks for the right before it looks at what is wanted (goharbor/harbor src/server/v2.0/handler/registry.go, replication.go; before 2.3
 * src/core/api, in `Prepare`), so an impossible wish is told 403 without the right, and 400 or 404 with it. Seen on 2.1.6, 2.7.3, 2.9.0 and 2.14.4.
 */
const SYSTEM: Readonly<Record<SystemRight, Try>> = {
  "registry:list": (api, doing, signal) =>
    api.call("get", "/registries", { doing, query: { page: 1, page_size: 1 }, signal }),
  "registry:read": (api, doing, signal) =>
    api.call("post", "/registries/ping", { doing, body: { id: NOBODY }, signal }),
  "registry:create": (api, doing, signal) =>
    api.call("post", "/registries", { doing, body: { name: "", url: "", type: "harbor" }, signal }),
  "registry:update": (api, doing, signal) =>
    api.call("put", "/registries/{id}", { doing, path: { id: NOBODY }, body: {}, signal }),
  "registry:delete": (api, doing, signal) =>
    api.call("delete", "/registries/{id}", { doing, path: { id: NOBODY }, signal }),
  "replication-policy:list": (api, doing, signal) =>
    api.call("get", "/replication/policies", { doing, query: { page: 1, page_size: 1 }, signal }),
  "replication-policy:read": (api, doing, signal) =>
    api.call("get", "/replication/policies/{id}", { doing, path: { id: NOBODY }, signal }),
  "replication-policy:create": (api, doing, signal) =>
    api.call("post", "/replication/policies", { doing, body: { name: "" }, signal }),
  "replication-policy:update": (api, doing, signal) =>
    api.call("put", "/replication/policies/{id}", {
      doing,
      path: { id: NOBODY },
      body: { name: "" },
      signal,
    }),
  "replication-policy:delete": (api, doing, signal) =>
    api.call("delete", "/replication/policies/{id}", { doing, path: { id: NOBODY }, signal }),
  "replication:list": (api, doing, signal) =>
    api.call("get", "/replication/executions", { doing, query: { page: 1, page_size: 1 }, signal }),
  "replication:read": (api, doing, signal) =>
    api.call("get", "/replication/executions/{id}", { doing, path: { id: NOBODY }, signal }),
  "replication:create": (api, doing, signal) =>
    api.call("post", "/replication/executions", { doing, body: { policy_id: NOBODY }, signal }),
  "project:create": (api, doing, signal) =>
    api.call("post", "/projects", { doing, body: { project_name: "" }, signal }),
  "quota:list": (api, doing, signal) =>
    api.call("get", "/quotas", { doing, query: { page: 1, page_size: 1 }, signal }),
};

const IN_PROJECT: Readonly<Record<ProjectRight, TryInProject>> = {
  "project:read": (api, { reference }, doing, signal) =>
    api.call("get", "/projects/{project_name_or_id}", { doing, ...reference, signal }),
  "repository:list": (api, { project }, doing, signal) =>
    api.call("get", "/projects/{project_name}/repositories", {
      doing,
      path: { project_name: project },
      query: { page: 1, page_size: 1 },
      signal,
    }),
  "artifact:list": (api, { project }, doing, signal) =>
    api.call("get", ARTIFACTS, {
      doing,
      path: { project_name: project, repository_name: NO_REPOSITORY },
      query: { page: 1, page_size: 1 },
      signal,
    }),
  "artifact:read": (api, { project }, doing, signal) =>
    api.call("get", `${ARTIFACTS}/{reference}`, { doing, path: nothingIn(project), signal }),
  "tag:create": (api, { project }, doing, signal) =>
    api.call("post", `${ARTIFACTS}/{reference}/tags`, {
      doing,
      path: nothingIn(project),
      body: { name: NO_REPOSITORY },
      signal,
    }),
  "tag:delete": (api, { project }, doing, signal) =>
    api.call("delete", `${ARTIFACTS}/{reference}/tags/{tag_name}`, {
      doing,
      path: { ...nothingIn(project), tag_name: NO_REPOSITORY },
      signal,
    }),
  "immutable-tag:list": (api, { reference }, doing, signal) =>
    api.call("get", "/projects/{project_name_or_id}/immutabletagrules", {
      doing,
      ...reference,
      query: { page: 1, page_size: 1 },
      signal,
    }),
};

export function trySystemRight(api: Api, right: SystemRight, signal: Signal): Promise<boolean> {
  return isGranted(() => SYSTEM[right](api, `trying the right ${right}`, signal));
}

export function tryProjectRight(
  api: Api,
  dialect: Dialect,
  right: ProjectRight,
  { id, name }: Pick<Project, "id" | "name">,
  signal: Signal,
): Promise<boolean> {
  const reference = dialect.rulesByName
    ? { path: { project_name_or_id: name }, headers: BY_NAME }
    : { path: { project_name_or_id: String(id) }, headers: {} };
  const place = { project: name, reference };
  return isGranted(() => IN_PROJECT[right](api, place, `trying the right ${right} in ${name}`, signal));
}

/** Anything else than the known answers, e.g. of a Harbor in trouble, says nothing about the right. */
async function isGranted(wish: () => Promise<unknown>): Promise<boolean> {
  try {
    await wish();
    return true;
  } catch (error) {
    if (!(error instanceof HarborError)) throw error;
    if (error.status === 400 || error.code === "HARBOR_NOT_FOUND") return true;
    if (error.code === "HARBOR_FORBIDDEN") return false;
    throw error;
  }
}

function nothingIn(project: string): { project_name: string; repository_name: string; reference: string } {
  return { project_name: project, repository_name: NO_REPOSITORY, reference: NO_DIGEST };
}
