import { accessoriesOf } from "./accessories.ts";
import type { Core } from "./core.ts";
import { isListed } from "./listing.ts";
import { passesName, passingArtifacts, type Candidate } from "./filters.ts";
import { stringOf } from "./json.ts";
import { repositoriesOf } from "./repository-listing.ts";
import type { Resource } from "./resource.ts";
import type { ArtifactRow, FilterRow, ProjectRow, RepositoryRow } from "./state.ts";

/**
 * What a run of the whole policy copies, newest repository first: every repository that passes, with its artifacts that pass, one
 * resource each (goharbor/harbor src/pkg/reg/adapter/harbor/v2/adapter.go:53-111). Throws `BadPattern`.
 */
export function enumerate(core: Core, filters: readonly FilterRow[]): Resource[] {
  return projectsToScan(core, filters).flatMap((project) =>
    repositoriesOf(project)
      .reverse()
      .filter((repository) => passesName(core, filters, repository.name))
      .map((repository) => ({
        repository: repository.name,
        operation: "copy" as const,
        items: itemsOf(core, repository, filters),
        public: project.public,
      }))
      .filter((resource) => resource.items.length > 0),
  );
}

/**
 * The project part of the first name filter narrows the search if it is literal or one group of braces; if no
 * such project exists everything is scanned all the same (src/pkg/reg/adapter/harbor/base/adapter.go:228-265).
 */
function projectsToScan(core: Core, filters: readonly FilterRow[]): ProjectRow[] {
  const all = [...core.state.projects.values()];
  const name = stringOf(filters.find((filter) => filter.type === "name")?.value);
  const first = name.split("/", 1)[0] ?? "";
  const names = literals(first);
  const named = all.filter((project) => names.includes(project.name));
  return named.length > 0 ? named : all;
}

function literals(pattern: string): string[] {
  const group = /^\{([^{}]*)\}$/.exec(pattern);
  const names = group === null ? [pattern] : (group[1] ?? "").split(",");
  return names.every((name) => name !== "" && !/[*?[\]{}\\]/.test(name)) ? names : [];
}

/** Newest first, as the listing; accessories right after their subject, with its tags for filtering (2.5 on). */
function itemsOf(core: Core, repository: RepositoryRow, filters: readonly FilterRow[]): Candidate[] {
  const listed = [...repository.artifacts.values()].filter((one) => isListed(one)).reverse();
  const passing = passingArtifacts(core, filters, listed.map(candidateOf));
  return passing.flatMap((item) => {
    const subject = repository.artifacts.get(item.digest);
    return subject === undefined ? [item] : [item, ...withAccessories(repository, subject)];
  });
}

function withAccessories(repository: RepositoryRow, subject: ArtifactRow): Candidate[] {
  return accessoriesOf(repository, subject).flatMap((accessory) => [
    candidateOf(accessory),
    ...withAccessories(repository, accessory),
  ]);
}

function candidateOf(artifact: ArtifactRow): Candidate {
  return { digest: artifact.digest, tags: [...artifact.tags].sort(), labels: artifact.labels };
}
