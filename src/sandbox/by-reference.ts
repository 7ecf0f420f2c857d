import type { ArtifactRow, RepositoryRow } from "./state.ts";

/** What a tag or a digest stands for in a repository. */
export function byReference(repository: RepositoryRow, reference: string): ArtifactRow | undefined {
  const digest = reference.startsWith("sha256:") ? reference : repository.tags.get(reference)?.digest;
  return digest === undefined ? undefined : repository.artifacts.get(digest);
}
