import type { Core } from "./core.ts";
import type { ContentEvent } from "./content-event.ts";
import { projectPart, projectNamed, repositoryNamed } from "./state.ts";

/** Moves pull time and pull count; from 2.5 on they wait in memory for a while. The repository's update time moves with them. */
export function countPull(core: Core, event: ContentEvent): void {
  const at = core.now();
  const flush = (): void => {
    const repository = repositoryNamed(core.state, event.repository);
    const artifact = repository?.artifacts.get(event.digest);
    if (repository === undefined || artifact === undefined) return;
    repository.pullCount++;
    repository.updatedAt = core.now();
    artifact.pulledAt = at;
    for (const name of event.tags) {
      const tag = repository.tags.get(name);
      if (tag !== undefined) tag.pulledAt = at;
    }
    core.state.revision++;
  };
  if (projectNamed(core.state, projectPart(event.repository)) === undefined) return;
  if (core.profile.minor < 5) flush();
  else core.schedule("core", core.tempo.pullFlushMs, flush);
}
