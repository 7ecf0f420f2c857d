import { artifactOf, type Found } from "./artifact-lookup.ts";
import { immutableTag, tagJson, tagsOf } from "./artifact-json.ts";
import { deleteTag } from "./deletion.ts";
import { publish } from "./events.ts";
import { badRequest, conflict, empty, Refusal, type Response } from "./exchange.ts";
import { stringOf } from "./json.ts";
import { list } from "./paging.ts";
import { requireProject } from "./permissions.ts";
import { setTag } from "./push.ts";
import type { Columns } from "./query.ts";
import { projectName } from "./repository-routes.ts";
import { bodyOf, parameter, type Context, type Route } from "./router.ts";
import type { TagRow } from "./state.ts";

const OF_ARTIFACT = "/projects/{project}/repositories/{repository}/artifacts/{reference}/tags";
const NAME = /^[\w][\w.-]{0,127}$/;

export const tagRoutes: readonly Route[] = [
  { method: "GET", path: OF_ARTIFACT, answer: listTags },
  { method: "POST", path: OF_ARTIFACT, answer: createTag },
  { method: "DELETE", path: `${OF_ARTIFACT}/{tag}`, answer: removeTag },
];

const COLUMNS: Columns<TagRow> = {
  id: (row) => row.id,
  name: (row) => row.name,
  push_time: (row) => row.pushedAt,
  pull_time: (row) => row.pulledAt,
};

function listTags(context: Context): Response {
  requireProject(context.core, context.identity, projectName(context), "tag", "list");
  const { project, repository, artifact } = artifactOf(context);
  return list(context, tagsOf(repository, artifact), COLUMNS, "-push_time,-id", (row) =>
    tagJson(context.core, row, repository, immutableTag(context.core, project, repository, row.name)),
  );
}

/** Never moves a tag: 409 even where it stands on this very artifact. Old releases take any name (seen on 2.7.3). */
function createTag(context: Context): Response {
  const { core, identity } = context;
  requireProject(core, identity, projectName(context), "tag", "create");
  const found = artifactOf(context);
  const name = stringOf(bodyOf(context)["name"]);
  refuseName(context, found, name);
  setTag(core, found.repository, found.artifact, name);
  publish(core, {
    kind: "create-tag",
    projectId: found.project.id,
    project: found.project.name,
    repository: found.repository.name,
    digest: found.artifact.digest,
    tags: [name],
    labels: core.profile.minor >= 13 ? found.artifact.labels : [],
    operator: identity.name,
  });
  return empty(201);
}

function refuseName(context: Context, { project, repository }: Found, name: string): void {
  if (project.proxyOf !== undefined) {
    throw new Refusal(405, "METHOD_NOT_ALLOWED", `the operation isn't supported for a proxy project`);
  }
  if (name === "" || (context.core.profile.minor >= 8 && !NAME.test(name))) {
    throw badRequest(`bad request: invalid tag name: ${name}`);
  }
  if (repository.tags.has(name)) {
    throw conflict(`tag ${name} already exists under the repository ${repository.id}`);
  }
}

function removeTag(context: Context): Response {
  const { core, identity } = context;
  requireProject(core, identity, projectName(context), "tag", "delete");
  const { project, repository, artifact } = artifactOf(context);
  deleteTag(core, project, repository, artifact, parameter(context, "tag"), identity);
  return empty(200);
}
