import { accessoriesOf, unlinkAccessory } from "./accessories.ts";
import type { Core } from "./core.ts";
import type { ContentEvent } from "./content-event.ts";
import { publish } from "./events.ts";
import { notFound, Refusal } from "./exchange.ts";
import type { Identity } from "./identity.ts";
import { refuseDeletion, refuseTagDeletion } from "./immutability.ts";
import type { ArtifactRow, ProjectRow, RepositoryRow } from "./state.ts";

/** Removes one tag; the artifact stays, untagged. */
export function deleteTag(
  core: Core,
  project: ProjectRow,
  repository: RepositoryRow,
  artifact: ArtifactRow,
  tag: string,
  by: Identity,
): void {
  if (!artifact.tags.has(tag)) throw notFound(`tag ${tag} attached to artifact ${artifact.id} not found`);
  refuseTagDeletion(core, project, repository, tag);
  dropTag(core, repository, artifact, tag);
  publish(core, { ...eventOf(core, project, repository, artifact, by), kind: "delete-tag", tags: [tag] });
}

/** Removes an artifact with its tags and accessories; told once, for the artifact itself. */
export function deleteArtifact(
  core: Core,
  project: ProjectRow,
  repository: RepositoryRow,
  artifact: ArtifactRow,
  by: Identity,
): void {
  if (artifact.parents.size > 0) {
    throw new Refusal(
      412,
      "VIOLATE_FOREIGN_KEY_CONSTRAINT",
      `the artifact ${artifact.digest} is referenced by other artifacts, cannot be deleted`,
    );
  }
  refuseDeletion(core, project, repository, artifact);
  const event = eventOf(core, project, repository, artifact, by);
  drop(core, project, repository, artifact);
  publish(core, event);
}

/** Removes artifact by artifact, then the repository: one event each (goharbor/harbor src/controller/repository). */
export function deleteRepository(
  core: Core,
  project: ProjectRow,
  repository: RepositoryRow,
  by: Identity,
): void {
  for (const artifact of repository.artifacts.values()) {
    refuseDeletion(core, project, repository, artifact);
  }
  const events: ContentEvent[] = [];
  for (const artifact of [...repository.artifacts.values()]) {
    if (artifact.accessory === undefined && artifact.parents.size === 0) {
      events.push(eventOf(core, project, repository, artifact, by));
    }
  }
  const gone = new Set(repository.artifacts.values());
  project.artifacts = project.artifacts.filter((one) => !gone.has(one));
  project.repositories.delete(repository.name);
  core.state.revision++;
  for (const event of events) publish(core, event);
  publish(core, {
    kind: "delete-repository",
    projectId: project.id,
    project: project.name,
    repository: repository.name,
    digest: "",
    tags: [],
    labels: [],
    operator: by.name,
  });
}

function drop(core: Core, project: ProjectRow, repository: RepositoryRow, artifact: ArtifactRow): void {
  for (const accessory of accessoriesOf(repository, artifact)) drop(core, project, repository, accessory);
  for (const tag of [...artifact.tags]) dropTag(core, repository, artifact, tag);
  repository.artifacts.delete(artifact.digest);
  const at = project.artifacts.indexOf(artifact);
  if (at !== -1) project.artifacts.splice(at, 1);
  unlinkAccessory(repository, artifact);
  for (const child of artifact.children) repository.artifacts.get(child.digest)?.parents.delete(artifact.id);
  core.state.revision++;
}

function dropTag(core: Core, repository: RepositoryRow, artifact: ArtifactRow, tag: string): void {
  repository.tags.delete(tag);
  artifact.tags.delete(tag);
  if (core.profile.minor >= 16) repository.updatedAt = core.now();
  core.state.revision++;
}

function eventOf(
  core: Core,
  project: ProjectRow,
  repository: RepositoryRow,
  artifact: ArtifactRow,
  by: Identity,
): ContentEvent {
  return {
    kind: "delete-artifact",
    projectId: project.id,
    project: project.name,
    repository: repository.name,
    digest: artifact.digest,
    tags: [...artifact.tags],
    // labels stand on these events from 2.13 on
    labels: core.profile.minor >= 13 ? [...artifact.labels] : [],
    operator: by.name,
  };
}
