import { accessoriesOf } from "./accessories.ts";
import type { Core } from "./core.ts";
import type { Json } from "./json.ts";
import { isImmutable, withoutProject } from "./immutability.ts";
import { API } from "./router.ts";
import type { ArtifactRow, ProjectRow, RepositoryRow, TagRow } from "./state.ts";
import { timeText } from "./times.ts";

const ICON = "sha256:0048162a053eef4d4ce3fe7518615bef084403614f8bca43b40ae2e762e11e06";

export interface Shown {
  readonly tags: boolean;
  readonly accessories: boolean;
  readonly labels: boolean;
  /** Listings of a whole project name the repository. */
  readonly repositoryName: boolean;
}

export function artifactJson(
  core: Core,
  project: ProjectRow,
  repository: RepositoryRow,
  row: ArtifactRow,
  shown: Shown,
): Json {
  const { minor } = core.profile;
  const accessories = shown.accessories ? accessoriesOf(repository, row) : [];
  const isImage = row.extra !== undefined && row.type === "IMAGE";
  return {
    accessories:
      minor >= 5 ? listed(accessories.map((one) => accessoryJson(repository, row, one))) : undefined,
    addition_links: isImage ? additionLinks(repository, row) : undefined,
    extra_attrs: isImage ? extraAttributes(core, row) : undefined,
    artifact_type: minor >= 11 && row.artifactType !== "" ? row.artifactType : undefined,
    digest: row.digest,
    icon: ICON,
    id: row.id,
    labels:
      shown.labels && row.labels.length > 0 ? row.labels.map((name, id) => ({ id: id + 1, name })) : null,
    manifest_media_type: row.manifestMediaType,
    media_type: row.mediaType,
    project_id: row.projectId,
    pull_time: timeText(row.pulledAt),
    push_time: timeText(row.pushedAt),
    references: row.children.length === 0 ? null : row.children.map((child) => childJson(row, child)),
    repository_id: row.repositoryId,
    repository_name: shown.repositoryName ? row.repositoryName : undefined,
    size: row.size,
    tags: shown.tags ? tagsJson(core, project, repository, row) : null,
    type: row.type,
  };
}

function listed(rows: readonly Json[]): Json {
  return rows.length === 0 ? null : rows;
}

function additionLinks(repository: RepositoryRow, row: ArtifactRow): Json {
  const slash = repository.name.indexOf("/");
  const project = repository.name.slice(0, slash);
  const rest = encodeURIComponent(encodeURIComponent(repository.name.slice(slash + 1)));
  const href = `${API}/projects/${project}/repositories/${rest}/artifacts/${row.digest}/additions/build_history`;
  return { build_history: { absolute: false, href } };
}

function extraAttributes(core: Core, row: ArtifactRow): Json {
  const extra = row.extra ?? {};
  if (core.profile.minor > 1) return extra;
  return {
    architecture: extra["architecture"] ?? "",
    author: null,
    created: extra["created"] ?? null,
    os: extra["os"] ?? "",
  };
}

function childJson(parent: ArtifactRow, child: ArtifactRow["children"][number]): Json {
  return {
    child_digest: child.digest,
    child_id: child.id,
    parent_id: parent.id,
    platform:
      child.architecture === "" ? null : { OsFeatures: null, architecture: child.architecture, os: child.os },
    urls: null,
  };
}

export function accessoryJson(repository: RepositoryRow, subject: ArtifactRow, row: ArtifactRow): Json {
  return {
    artifact_id: row.id,
    creation_time: timeText(row.pushedAt),
    digest: row.digest,
    icon: "",
    id: row.accessory?.id ?? 0,
    size: row.size,
    subject_artifact_digest: subject.digest,
    subject_artifact_id: subject.id,
    subject_artifact_repo: repository.name,
    type: row.accessory?.type ?? "",
  };
}

/** Newest first; null where there is none. */
function tagsJson(core: Core, project: ProjectRow, repository: RepositoryRow, row: ArtifactRow): Json {
  const tags = tagsOf(repository, row);
  return tags.length === 0
    ? null
    : tags.map((tag) => tagJson(core, tag, repository, immutableTag(core, project, repository, tag.name)));
}

export function tagsOf(repository: RepositoryRow, row: ArtifactRow): TagRow[] {
  return [...row.tags]
    .map((name) => repository.tags.get(name))
    .filter((tag) => tag !== undefined)
    .sort((left, right) => right.pushedAt - left.pushedAt || right.id - left.id);
}

export function immutableTag(
  core: Core,
  project: ProjectRow,
  repository: RepositoryRow,
  name: string,
): boolean {
  return isImmutable(core, project, withoutProject(repository.name), name);
}

export function tagJson(core: Core, tag: TagRow, repository: RepositoryRow, immutable: boolean): Json {
  return {
    artifact_id: tag.artifactId,
    id: tag.id,
    immutable,
    name: tag.name,
    pull_time: timeText(tag.pulledAt),
    push_time: timeText(tag.pushedAt),
    repository_id: repository.id,
    signed: core.profile.minor < 8 ? false : undefined,
  };
}
