import type { ProjectRow, RepositoryRow } from "./state.ts";

/** The repositories that Harbor knows: blobs alone make none. */
export function repositoriesOf(project: ProjectRow): RepositoryRow[] {
  return [...project.repositories.values()].filter((one) => one.known);
}
