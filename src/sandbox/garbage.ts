import type { Core } from "./core.ts";

/** Removes what no artifact names, children and accessories included in what names. */
export function collectGarbage(core: Core): void {
  const used = new Set<string>();
  for (const project of core.state.projects.values()) {
    for (const artifact of project.artifacts) {
      used.add(artifact.digest);
      for (const blob of artifact.blobs) used.add(blob);
    }
  }
  for (const digest of core.blobs.digests()) if (!used.has(digest)) core.blobs.collect(digest);
  for (const project of core.state.projects.values()) {
    for (const repository of project.repositories.values()) {
      for (const blob of repository.blobs) if (!used.has(blob)) repository.blobs.delete(blob);
    }
  }
}
