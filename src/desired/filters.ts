import type { ReplicationFilter } from "../observed/model.ts";
import type { Pattern, Selection } from "../topology/model.ts";
import { alternativesOf, fitsBraces, joinAlternatives } from "../topology/portable-pattern.ts";
import { coversAll, RESCUE_TAG_PATTERN } from "../topology/selection.ts";

export type CompiledFilters =
  /** The filters of one replication policy each; together they cover the selection. */
  | { readonly kind: "filters"; readonly policies: readonly (readonly ReplicationFilter[])[] }
  | { readonly kind: "too-long"; readonly message: string };

/** Harbor keeps all filters of a policy as one JSON text of 1024 characters (make/migrations/postgresql/0001…:172); some room is left. */
const MOST_BYTES = 1000;

/**
 * A selection as filters that every 2.x reads alike: one brace group a component, nothing nested, no slash in braces.
 * `excludes` says whether the Harbor can leave tags out (2.4); if not, Harbor copies excluded tags as well.
 */
export function compileFilters(selection: Selection, excludes: boolean): CompiledFilters {
  const tagSets = splitTags(selection);
  const excluding = excludes ? excludeFilters(selection) : [];
  const policies: ReplicationFilter[][] = [];
  for (const tags of tagSets) {
    const rest = [...tags, ...excluding];
    for (const name of nameFilters(selection, MOST_BYTES - byteLength(rest))) {
      const filters = [name, ...rest];
      if (byteLength(filters) > MOST_BYTES) return { kind: "too-long", message: tooLong(name, filters) };
      policies.push(filters);
    }
  }
  return { kind: "filters", policies };
}

/** How long Harbor's JSON of the filters is, in bytes. */
export function byteLength(filters: readonly ReplicationFilter[]): number {
  const json = filters.map(({ kind, value, excludes }) => ({
    type: kind,
    value,
    ...(excludes ? { decoration: "excludes" } : {}),
  }));
  // Go writes <, > and & as six characters.
  return new TextEncoder().encode(JSON.stringify(json).replace(/[<>&]/g, "\\u0000")).length;
}

/** Filters on names such that each is at most `room` bytes, where that can be had. */
function nameFilters(selection: Selection, room: number): ReplicationFilter[] {
  const projects = componentsOf(selection.projects);
  const repositories = pathsOf(selection.repositories);
  if (projects === "all" && repositories.some(coversAll)) return [nameFilter("**")];
  return repositories.flatMap((repository) => {
    if (projects === "all") return [nameFilter(`*/${repository}`)];
    const budget = room - byteLength([nameFilter(`/${repository}`)]);
    return packed(projects, budget).map((project) => nameFilter(`${project}/${repository}`));
  });
}

function componentsOf(patterns: readonly Pattern[]): "all" | readonly string[] {
  const texts = patterns.flatMap(writtenOut);
  return texts.some((text) => coversAll(text) || text === "*") ? "all" : [...new Set(texts)];
}

/** Repository patterns: those of one component are joined, those with slashes stand alone. */
function pathsOf(patterns: readonly Pattern[]): readonly string[] {
  const texts = [...new Set(patterns.flatMap(writtenOut))];
  if (texts.some(coversAll)) return ["**"];
  const single = texts.filter((text) => !text.includes("/"));
  return [...packed(single, MOST_BYTES / 2), ...texts.filter((text) => text.includes("/"))];
}

function splitTags(selection: Selection): ReplicationFilter[][] {
  if (coversAll(selection.tags) || selection.tags === "*") return [[]];
  return packed(writtenOut(selection.tags), MOST_BYTES / 2).map((value) => [
    { kind: "tag", value, excludes: false },
  ]);
}

/** Of several filters each must be passed; they are joined only to save room. */
function excludeFilters(selection: Selection): ReplicationFilter[] {
  const texts = [...new Set([...selection.excludeTags.flatMap(writtenOut), RESCUE_TAG_PATTERN])];
  return packed(texts, MOST_BYTES).map((value) => ({ kind: "tag", value, excludes: true }));
}

/** Joins texts into as few brace groups as `budget` bytes each allow; what can't stand in braces stands alone. */
function packed(texts: readonly string[], budget: number): string[] {
  const groups: string[][] = [];
  let size = 0;
  for (const text of texts.filter(fitsBraces)) {
    const cost = byteLength([nameFilter(text)]) - byteLength([nameFilter("")]) + 1;
    const current = groups.at(-1);
    if (current !== undefined && size + cost <= budget) {
      current.push(text);
      size += cost;
    } else {
      groups.push([text]);
      size = cost;
    }
  }
  const joined = groups.map((group) => joinAlternatives(group) ?? "");
  return [...joined, ...texts.filter((text) => !fitsBraces(text))];
}

function writtenOut(pattern: Pattern): readonly string[] {
  const alternatives = alternativesOf(pattern);
  return alternatives.kind === "alternatives" ? alternatives.texts : [pattern];
}

function nameFilter(value: string): ReplicationFilter {
  return { kind: "name", value, excludes: false };
}

function tooLong(name: ReplicationFilter, filters: readonly ReplicationFilter[]): string {
  const value = String(name.value);
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return `the filters of "${shown}" need ${byteLength(filters)} bytes; Harbor keeps ${MOST_BYTES} at most`;
}
