import { deleteRepository } from "./deletion.ts";
import { empty, json, notFound, type Response } from "./exchange.ts";
import { listedArtifacts } from "./listing.ts";
import { list } from "./paging.ts";
import { isAdmin, mayProject, requireProject } from "./permissions.ts";
import { projectByReference, visibleProjects } from "./project-routes.ts";
import type { Columns } from "./query.ts";
import { repositoriesOf } from "./repository-listing.ts";
import type { Json } from "./json.ts";
import { bodyOf, parameter, type Context, type Route } from "./router.ts";
import { stringOf } from "./json.ts";
import type { ProjectRow, RepositoryRow } from "./state.ts";
import { timeText } from "./times.ts";

export const repositoryRoutes: readonly Route[] = [
  { method: "GET", path: "/repositories", since: 3, answer: listAll },
  { method: "GET", path: "/projects/{project}/repositories", answer: listOfProject },
  { method: "GET", path: "/projects/{project}/repositories/{repository}", answer: getRepository },
  { method: "PUT", path: "/projects/{project}/repositories/{repository}", answer: putRepository },
  { method: "DELETE", path: "/projects/{project}/repositories/{repository}", answer: remove },
];

const COLUMNS: Columns<RepositoryRow> = {
  repository_id: (row) => row.id,
  id: (row) => row.id,
  name: (row) => row.name,
  project_id: (row) => row.projectId,
  creation_time: (row) => row.createdAt,
  update_time: (row) => row.updatedAt,
};

function listAll(context: Context): Response {
  const { core, identity } = context;
  const rows = visibleProjects(context)
    .filter((one) => isAdmin(identity) || mayProject(core, identity, one, "repository", "list"))
    .flatMap(repositoriesOf);
  return write(context, rows);
}

function listOfProject(context: Context): Response {
  const { core, identity } = context;
  const name = projectName(context);
  requireProject(core, identity, name, "repository", "list");
  const project = projectByReference(context, parameter(context, "project"));
  if (project === undefined) throw notFound(`project ${name} not found`);
  return write(context, repositoriesOf(project));
}

function write(context: Context, rows: readonly RepositoryRow[]): Response {
  const shown = context.core.faults.emptyListing ? [] : rows;
  return list(context, shown, COLUMNS, "-creation_time,-id", (row) => repositoryJson(context, row));
}

/** The name of the project of the path: what stands there, or the name of that id. */
export function projectName(context: Context): string {
  const text = parameter(context, "project");
  return projectByReference(context, text)?.name ?? text;
}

export interface Place {
  readonly project: ProjectRow;
  readonly repository: RepositoryRow;
}

/** Project and repository of the path, undefined when one of them is not there. */
export function placeOf(context: Context): Place | undefined {
  const project = projectByReference(context, parameter(context, "project"));
  const repository = project?.repositories.get(`${project.name}/${parameter(context, "repository")}`);
  return project === undefined || repository?.known !== true ? undefined : { project, repository };
}

function placeOr404(context: Context): Place {
  const place = placeOf(context);
  if (place !== undefined) return place;
  throw notFound(`repository ${projectName(context)}/${parameter(context, "repository")} not found`);
}

function getRepository(context: Context): Response {
  requireProject(context.core, context.identity, projectName(context), "repository", "read");
  return json(200, repositoryJson(context, placeOr404(context).repository));
}

function putRepository(context: Context): Response {
  requireProject(context.core, context.identity, projectName(context), "repository", "update");
  const { repository } = placeOr404(context);
  repository.description = stringOf(bodyOf(context)["description"]);
  repository.updatedAt = context.core.now();
  return empty(200);
}

function remove(context: Context): Response {
  const { core, identity } = context;
  requireProject(core, identity, projectName(context), "repository", "delete");
  const { project, repository } = placeOr404(context);
  deleteRepository(core, project, repository, identity);
  return empty(200);
}

function repositoryJson(context: Context, row: RepositoryRow): Json {
  const old = context.core.profile.minor === 1;
  return {
    artifact_count: listedArtifacts(context.core, row, false).length,
    creation_time: timeText(row.createdAt),
    description: row.description === "" ? undefined : row.description,
    id: row.id,
    name: row.name,
    project_id: row.projectId,
    pull_count: old && row.pullCount === 0 ? undefined : row.pullCount,
    update_time: timeText(row.updatedAt),
  };
}
