import { derivedValue, type Core } from "./core.ts";
import type { ArtifactRow, ProjectRow, RepositoryRow } from "./state.ts";

/** Listings show artifacts with a tag or without a parent; accessories are shown with their subject only. */
export function isListed(artifact: ArtifactRow): boolean {
  return (
    artifact.accessory?.subjectId === undefined && (artifact.tags.size > 0 || artifact.parents.size === 0)
  );
}

/** The listed artifacts of a project or repository, ascending by id; with the children of indexes if asked. */
export function listedArtifacts(
  core: Core,
  of: ProjectRow | RepositoryRow,
  withChildren: boolean,
): readonly ArtifactRow[] {
  const kind = "repositories" in of ? "project" : "repository";
  return derivedValue(
    core,
    `listed:${kind}:${of.id}:${withChildren}`,
    () => {
      const rows = Array.isArray(of.artifacts) ? of.artifacts : [...of.artifacts.values()];
      return rows.filter((one) => (withChildren ? one.accessory?.subjectId === undefined : isListed(one)));
    },
    isRows,
  );
}

function isRows(value: unknown): value is readonly ArtifactRow[] {
  return Array.isArray(value);
}
