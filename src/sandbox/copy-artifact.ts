import { accessoriesOf } from "./accessories.ts";
import { byReference } from "./by-reference.ts";
import { publish } from "./events.ts";
import { badRequest, empty, notFound, Refusal, type Response } from "./exchange.ts";
import { isImmutable, withoutProject } from "./immutability.ts";
import { mayProject } from "./permissions.ts";
import { addArtifact, ensureRepository, linkBlob, setTag } from "./push.ts";
import { projectName } from "./repository-routes.ts";
import { API, parameter, type Context } from "./router.ts";
import {
  nextId,
  projectNamed,
  projectPart,
  repositoryNamed,
  type ArtifactRow,
  type ProjectRow,
  type RepositoryRow,
} from "./state.ts";

const SOURCE = /^(.+?)(?:@(sha256:[0-9a-f]{64})|:([\w][\w.-]{0,127}))$/;

/** Copies an artifact with all its tags, children and accessories inside one Harbor; the event names one tag only. */
export function copyArtifact(context: Context): Response {
  const { core, identity } = context;
  const { source, artifact } = sourceOf(context);
  const project = projectNamed(core.state, projectName(context));
  if (project === undefined) throw notFound(`project ${projectName(context)} not found`);
  const name = `${project.name}/${parameter(context, "repository")}`;
  refuseImmutable(context, project, name, artifact);
  const target = ensureRepository(core, project, name);
  const copy = copyRow(context, project, source, target, artifact);
  for (const tag of artifact.tags) setTag(core, target, copy, tag);
  publish(core, {
    kind: "push",
    projectId: project.id,
    project: project.name,
    repository: name,
    digest: copy.digest,
    tags: [...artifact.tags].slice(0, 1),
    labels: [],
    operator: identity.name,
  });
  const path = encodeURIComponent(encodeURIComponent(withoutProject(name)));
  return empty(201, {
    location: `${API}/projects/${project.name}/repositories/${path}/artifacts/${copy.digest}`,
  });
}

function sourceOf(context: Context): { source: RepositoryRow; artifact: ArtifactRow } {
  const { core, identity } = context;
  const text = context.query.get("from") ?? "";
  const from = SOURCE.exec(text);
  if (from === null) throw badRequest(`invalid 'from' parameter: ${text}`);
  const name = from[1] ?? "";
  const project = projectNamed(core.state, projectPart(name));
  if (!mayProject(core, identity, project, "artifact", "read")) {
    throw new Refusal(403, "FORBIDDEN", "forbidden");
  }
  const source = repositoryNamed(core.state, name);
  const artifact = source === undefined ? undefined : byReference(source, from[2] ?? from[3] ?? "");
  if (source === undefined || artifact === undefined) throw notFound(`artifact ${text} not found`);
  return { source, artifact };
}

function refuseImmutable(context: Context, project: ProjectRow, name: string, artifact: ArtifactRow): void {
  const existing = project.repositories.get(name);
  for (const tag of artifact.tags) {
    const there = existing?.tags.get(tag);
    if (there === undefined || there.digest === artifact.digest) continue;
    if (!isImmutable(context.core, project, withoutProject(name), tag)) continue;
    throw new Refusal(412, "PRECONDITION", `the tag ${tag} configured as immutable, cannot be updated`);
  }
}

function copyRow(
  context: Context,
  project: ProjectRow,
  source: RepositoryRow,
  target: RepositoryRow,
  row: ArtifactRow,
): ArtifactRow {
  const { core } = context;
  const existing = target.artifacts.get(row.digest);
  if (existing !== undefined) return existing;
  const children = row.children.flatMap((child) => {
    const original = source.artifacts.get(child.digest);
    return original === undefined ? [] : [copyRow(context, project, source, target, original)];
  });
  const copy: ArtifactRow = {
    ...row,
    id: nextId(core.state, "artifact"),
    repositoryId: target.id,
    repositoryName: target.name,
    projectId: project.id,
    pushedAt: core.now(),
    pulledAt: 0,
    children: row.children.map((child, at) => ({ ...child, id: children[at]?.id ?? 0 })),
    parents: new Set(),
    tags: new Set(),
    labels: [],
    accessory: undefined,
  };
  for (const child of children) child.parents.add(copy.id);
  for (const blob of row.blobs) linkBlob(core, target, blob);
  addArtifact(core, project, target, copy);
  for (const one of accessoriesOf(source, row)) {
    const accessory = copyRow(context, project, source, target, one);
    accessory.accessory ??= {
      id: nextId(core.state, "accessory"),
      subjectId: copy.id,
      subjectDigest: copy.digest,
      type: one.accessory?.type ?? "",
    };
    target.accessories.set(copy.digest, [...accessoriesOf(target, copy), accessory]);
    for (const tag of one.tags) setTag(core, target, accessory, tag);
  }
  return copy;
}
