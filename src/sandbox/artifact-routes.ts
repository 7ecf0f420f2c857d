import { accessoriesOf } from "./accessories.ts";
import { accessoryJson, artifactJson, type Shown } from "./artifact-json.ts";
import { artifactOf } from "./artifact-lookup.ts";
import { artifactPage } from "./artifact-listing.ts";
import { copyArtifact } from "./copy-artifact.ts";
import { deleteArtifact } from "./deletion.ts";
import { empty, json, type Response } from "./exchange.ts";
import { list, listed, pageOf } from "./paging.ts";
import { requireProject } from "./permissions.ts";
import { projectByReference } from "./project-routes.ts";
import { placeOf, projectName } from "./repository-routes.ts";
import { parameter, type Context, type Route } from "./router.ts";

const OF_REPOSITORY = "/projects/{project}/repositories/{repository}/artifacts";

export const artifactRoutes: readonly Route[] = [
  { method: "GET", path: "/projects/{project}/artifacts", since: 12, answer: listOfProject },
  { method: "GET", path: OF_REPOSITORY, answer: listOfRepository },
  { method: "POST", path: OF_REPOSITORY, answer: copy },
  { method: "GET", path: `${OF_REPOSITORY}/{reference}`, answer: getArtifact },
  { method: "DELETE", path: `${OF_REPOSITORY}/{reference}`, answer: remove },
  { method: "GET", path: `${OF_REPOSITORY}/{reference}/accessories`, since: 5, answer: listAccessories },
];

/** With tags unless told otherwise; everything else only when asked. */
function shownOf(context: Context, repositoryName: boolean): Shown {
  return {
    tags: context.query.get("with_tag") !== "false",
    accessories: context.query.get("with_accessory") === "true",
    labels: context.query.get("with_label") === "true",
    repositoryName,
  };
}

/** What is not there lists as empty to an administrator. */
function listOfRepository(context: Context): Response {
  const { core, identity } = context;
  requireProject(core, identity, projectName(context), "artifact", "list");
  const place = placeOf(context);
  const page = pageOf(context);
  if (place === undefined || core.faults.emptyListing) return listed(context, [], 0, page);
  const { rows, total } = artifactPage(context, place.repository, page);
  const shown = shownOf(context, false);
  const body = rows.map((row) => artifactJson(core, place.project, place.repository, row, shown));
  return listed(context, body, total, page);
}

function listOfProject(context: Context): Response {
  const { core, identity } = context;
  requireProject(core, identity, projectName(context), "artifact", "list");
  const project = projectByReference(context, parameter(context, "project"));
  const page = pageOf(context);
  if (project === undefined || core.faults.emptyListing) return listed(context, [], 0, page);
  const { rows, total } = artifactPage(context, project, page);
  const shown = shownOf(context, true);
  const body = rows.flatMap((row) => {
    const repository = project.repositories.get(row.repositoryName);
    return repository === undefined ? [] : [artifactJson(core, project, repository, row, shown)];
  });
  return listed(context, body, total, page);
}

function getArtifact(context: Context): Response {
  requireProject(context.core, context.identity, projectName(context), "artifact", "read");
  const { project, repository, artifact } = artifactOf(context);
  return json(200, artifactJson(context.core, project, repository, artifact, shownOf(context, false)));
}

function remove(context: Context): Response {
  requireProject(context.core, context.identity, projectName(context), "artifact", "delete");
  const { project, repository, artifact } = artifactOf(context);
  deleteArtifact(context.core, project, repository, artifact, context.identity);
  return empty(200);
}

function listAccessories(context: Context): Response {
  requireProject(context.core, context.identity, projectName(context), "accessory", "list");
  const { repository, artifact } = artifactOf(context);
  return list(
    context,
    accessoriesOf(repository, artifact),
    {
      id: (row) => row.accessory?.id ?? 0,
      type: (row) => row.accessory?.type ?? "",
      digest: (row) => row.digest,
    },
    "id",
    (row) => accessoryJson(repository, artifact, row),
  );
}

function copy(context: Context): Response {
  requireProject(context.core, context.identity, projectName(context), "artifact", "create");
  return copyArtifact(context);
}
