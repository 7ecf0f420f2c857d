import type { ImmutableRule, Project, Quota } from "../observed/model.ts";
import type { Api } from "./api.ts";
import type { Dialect } from "./capabilities.ts";
import { createOnce } from "./create-once.ts";
import { decodeImmutableRule, decodeProject, decodeQuota } from "./decode-project.ts";
import type { components } from "./generated/harbor.ts";
import { allRows, rowsOf } from "./listing.ts";
import { PAGE_SIZE } from "./page.ts";
import { undefinedIfAbsent } from "./undefined-if-absent.ts";
import { listOf, WireObject } from "./wire-object.ts";

type Schemas = components["schemas"];
type Signal = AbortSignal | undefined;
/** Else a project whose name is a number would be taken for an id. */
export const BY_NAME = { "X-Is-Resource-Name": "true" };

export function listProjects(
  api: Api,
  dialect: Dialect,
  signal: Signal,
  name?: string,
): AsyncIterable<Project> {
  return rowsOf({
    of: "the projects",
    key: dialect.sortedListings ? "project_id" : undefined,
    ask: (query) =>
      api.call("get", "/projects", {
        doing: "listing the projects",
        query: name === undefined ? query : { ...query, name },
        signal,
      }),
    decode: (wire) => listOf<Schemas["Project"]>(wire, "projects").map(decodeProject),
    id: (project) => project.id,
  });
}

/** Rejects with `HARBOR_NOT_FOUND` on 404: what that means depends on who asks. */
export async function readProject(
  api: Api,
  dialect: Dialect,
  name: string,
  signal: Signal,
): Promise<Project> {
  const doing = `reading the project ${name}`;
  if (!dialect.projectByName) {
    await api.call("head", "/projects", { doing, query: { project_name: name }, signal });
    for await (const project of listProjects(api, dialect, signal, name)) {
      if (project.name === name) return project;
    }
    return await readProjectAgain(api, name, signal);
  }
  const path = { project_name_or_id: name };
  const answer = await api.call("get", "/projects/{project_name_or_id}", {
    doing,
    path,
    headers: BY_NAME,
    signal,
  });
  return decodeProject(new WireObject<Schemas["Project"]>(answer.json(), "project"));
}

/** It was there and is not listed: removed in between (404 now), or hidden from us, which is no absence. */
async function readProjectAgain(api: Api, name: string, signal: Signal): Promise<never> {
  const doing = `reading the project ${name}`;
  const answer = await api.call("head", "/projects", { doing, query: { project_name: name }, signal });
  throw answer.nonsense("the project exists and is not listed");
}

export async function createProject(
  api: Api,
  dialect: Dialect,
  name: string,
  isPublic: boolean,
  signal: Signal,
): Promise<void> {
  await createOnce({
    send: async () => {
      const body = { project_name: name, metadata: { public: String(isPublic) } };
      await api.call("post", "/projects", { doing: `creating the project ${name}`, body, signal });
      return true;
    },
    find: async () =>
      (await undefinedIfAbsent(() => readProject(api, dialect, name, signal))) === undefined
        ? undefined
        : true,
  });
}

export async function listImmutableRules(
  api: Api,
  dialect: Dialect,
  project: string,
  signal: Signal,
): Promise<ImmutableRule[]> {
  const name = dialect.rulesByName ? project : String((await readProject(api, dialect, project, signal)).id);
  return await allRows({
    of: `the tag rules of ${project}`,
    key: dialect.sortedListings ? "id" : undefined,
    ask: (query) =>
      api.call("get", "/projects/{project_name_or_id}/immutabletagrules", {
        doing: `listing the immutable tag rules of ${project}`,
        path: { project_name_or_id: name },
        query,
        headers: dialect.rulesByName ? BY_NAME : {},
        signal,
      }),
    decode: (wire) => listOf<Schemas["TagRule"]>(wire, "rules").map(decodeImmutableRule),
    id: (rule) => rule.id,
  });
}

export async function readQuota(api: Api, projectId: number, signal: Signal): Promise<Quota | undefined> {
  const answer = await api.call("get", "/quotas", {
    doing: `reading the quota of project ${projectId}`,
    query: { reference: "project", reference_id: String(projectId), page: 1, page_size: PAGE_SIZE },
    signal,
  });
  // 2.1 says null where there is none (seen on 2.1.6).
  return listOf<Schemas["Quota"]>(answer.json() ?? [], "quotas")
    .map(decodeQuota)
    .find((quota) => quota.projectId === projectId);
}
