import type { Core } from "./core.ts";
import { precondition } from "./exchange.ts";
import { matchPattern } from "./doublestar.ts";
import type { ArtifactRow, ImmutableRuleRow, ProjectRow, RepositoryRow } from "./state.ts";

/** Is the tag protected by a rule of its project? `repository` without the project. */
export function isImmutable(core: Core, project: ProjectRow, repository: string, tag: string): boolean {
  return project.immutableRules.some((rule) => !rule.disabled && covers(core, rule, repository, tag));
}

function covers(core: Core, rule: ImmutableRuleRow, repository: string, tag: string): boolean {
  const release = core.profile.doublestar;
  const inRepository =
    matchPattern(release, rule.repositoryPattern, repository) !==
    rule.repositoryDecoration.includes("xcludes");
  const onTag = matchPattern(release, rule.tagPattern, tag) !== rule.tagDecoration.includes("xcludes");
  return inRepository && onTag;
}

export function withoutProject(repository: string): string {
  return repository.slice(repository.indexOf("/") + 1);
}

/**
 * A push to an existing immutable tag is refused, even of the same digest
 * (goharbor/harbor src/server/middleware/immutable/pushmf.go).
 */
export function refuseMove(core: Core, project: ProjectRow, repository: RepositoryRow, tag: string): void {
  const name = withoutProject(repository.name);
  if (!repository.tags.has(tag) || !isImmutable(core, project, name, tag)) return;
  throw precondition(`Failed to process request due to '${name}:${tag}' configured as immutable.`);
}

/** Deleting an artifact asks for every tag of it. */
export function refuseDeletion(
  core: Core,
  project: ProjectRow,
  repository: RepositoryRow,
  artifact: ArtifactRow,
): void {
  for (const tag of artifact.tags) refuseTagDeletion(core, project, repository, tag);
}

export function refuseTagDeletion(
  core: Core,
  project: ProjectRow,
  repository: RepositoryRow,
  tag: string,
): void {
  if (!isImmutable(core, project, withoutProject(repository.name), tag)) return;
  throw precondition(`the tag ${tag} configured as immutable, cannot be deleted`);
}
