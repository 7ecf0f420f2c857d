import type { Core } from "./core.ts";
import { matchPattern } from "./doublestar.ts";
import { listOf, stringOf } from "./json.ts";
import type { FilterRow, Item } from "./state.ts";

/** An artifact as filters see it. */
export interface Candidate extends Item {
  readonly labels: readonly string[];
}

/** Does the name pass the name filters? Throws `BadPattern`. */
export function passesName(core: Core, filters: readonly FilterRow[], repository: string): boolean {
  return ofType(filters, "name").every((filter) =>
    matchPattern(core.profile.doublestar, stringOf(filter.value), repository),
  );
}

/**
 * The artifacts that pass, each with the tags that pass. An untagged artifact is matched as the empty tag
 * (goharbor/harbor src/pkg/reg/filter/artifact.go:183-198).
 */
export function passingArtifacts<One extends Candidate>(
  core: Core,
  filters: readonly FilterRow[],
  artifacts: readonly One[],
): One[] {
  return artifacts
    .filter((artifact) => ofType(filters, "label").every((filter) => passesLabel(filter, artifact.labels)))
    .flatMap((artifact) => {
      const tags = artifact.tags.length === 0 ? [""] : artifact.tags;
      const passing = tags.filter((tag) =>
        ofType(filters, "tag").every(
          (filter) => matchPattern(core.profile.doublestar, stringOf(filter.value), tag) !== excludes(filter),
        ),
      );
      return passing.length === 0 ? [] : [{ ...artifact, tags: passing.filter((tag) => tag !== "") }];
    });
}

function passesLabel(filter: FilterRow, labels: readonly string[]): boolean {
  const all = listOf(filter.value).every((label) => labels.includes(stringOf(label)));
  return all !== excludes(filter);
}

function ofType(filters: readonly FilterRow[], type: string): FilterRow[] {
  return filters.filter((filter) => filter.type === type);
}

function excludes(filter: FilterRow): boolean {
  return filter.decoration === "excludes";
}
