import { compileFilters } from "../desired/filters.ts";
import type { ReplicationFilter } from "../observed/model.ts";
import type { Selection } from "../topology/model.ts";
import { componentPatternMistake, patternMistake } from "../topology/pattern-mistake.ts";
import { alternativesOf, joinAlternatives } from "../topology/portable-pattern.ts";
import { coversAll, RESCUE_TAG_PATTERN } from "../topology/selection.ts";

export type ReadSelection =
  | { readonly kind: "selection"; readonly selection: Selection }
  /** Why it can't be declared, as the end of a sentence. */
  | { readonly kind: "inexpressible"; readonly reason: string };

type Filters = readonly ReplicationFilter[];

/**
 * The selection that the policies of one flow cover together, from the filters of each. Read back by compiling it again: what would not
 * come out with the same meaning is no selection.
 */
export function readSelection(policies: readonly Filters[]): ReadSelection {
  const unusual = policies.flatMap((filters) => whyUnusual(filters) ?? [])[0];
  if (unusual !== undefined) return { kind: "inexpressible", reason: unusual };
  const parts = policies.map(partsOf);
  const selection: Selection = {
    projects: unique(parts.flatMap(({ projects }) => projects)),
    repositories: unique(parts.flatMap(({ repositories }) => repositories)),
    tags: joined(unique(parts.flatMap(({ tags }) => tags))),
    excludeTags: unique(parts.flatMap(({ excludeTags }) => excludeTags)),
  };
  const mistake = mistakeIn(selection);
  if (mistake !== undefined) return { kind: "inexpressible", reason: mistake };
  const compiled = compileFilters(selection, true);
  if (compiled.kind === "too-long" || meaningOf(compiled.policies) !== meaningOf(policies)) {
    return { kind: "inexpressible", reason: "its filters are no set of projects, repositories and tags" };
  }
  return { kind: "selection", selection };
}

/** What a selection covers, written so that equal ones are equal texts. */
export function selectionKey(selection: Selection): string {
  const compiled = compileFilters(selection, true);
  return compiled.kind === "too-long" ? JSON.stringify(selection) : meaningOf(compiled.policies);
}

function whyUnusual(filters: Filters): string | undefined {
  const telling = filters.filter(({ value }) => value.length > 0);
  if (telling.some(({ kind }) => kind === "label")) return "it filters by label";
  const resource = telling.find(({ kind }) => kind === "resource");
  if (resource !== undefined) return `it copies only resources of the kind ${String(resource.value)}`;
  if (telling.some(({ kind, excludes }) => kind === "name" && excludes)) return "it leaves repositories out";
  const anyDepth = telling.find(
    ({ kind, value }) => kind === "name" && /^\*\*\/(?!\*\*$)/.test(String(value)),
  );
  if (anyDepth !== undefined) return `its name filter ${String(anyDepth.value)} matches at any depth`;
  for (const kind of ["name", "tag"] as const) {
    if (telling.filter((one) => one.kind === kind && !one.excludes).length > 1)
      return `it has several filters by ${kind}`;
  }
  return undefined;
}

interface Parts {
  readonly projects: readonly string[];
  readonly repositories: readonly string[];
  readonly tags: readonly string[];
  readonly excludeTags: readonly string[];
}

function partsOf(filters: Filters): Parts {
  const taken = (kind: "name" | "tag"): string =>
    String(filters.find((one) => one.kind === kind && !one.excludes && one.value !== "")?.value ?? "**");
  const left = filters.filter(({ kind, excludes }) => kind === "tag" && excludes);
  const name = taken("name");
  const slash = name.indexOf("/");
  const [project, repository] = name === "**" ? ["**", "**"] : [name.slice(0, slash), name.slice(slash + 1)];
  const tag = taken("tag");
  return {
    // A name without a slash is no repository; the empty project that it leaves is refused.
    projects: writtenOut(slash < 0 && name !== "**" ? "" : project === "*" ? "**" : project),
    repositories: writtenOut(repository),
    tags: tag === "*" ? ["**"] : writtenOut(tag),
    excludeTags: left
      .flatMap(({ value }) => writtenOut(String(value)))
      .filter((one) => one !== RESCUE_TAG_PATTERN),
  };
}

/** In the words of the declaration's own checks. */
function mistakeIn({ projects, repositories, tags, excludeTags }: Selection): string | undefined {
  if (projects.includes("")) return "its name filter has no slash, so that it matches no repository";
  const all = [...projects, tags, ...excludeTags, ...repositories];
  for (const one of all) {
    const mistake = repositories.includes(one) ? patternMistake(one) : componentPatternMistake(one);
    if (mistake !== undefined) return `its pattern "${one}" ${mistake.message}`;
  }
  const nothing = excludeTags.some((one) => coversAll(one) || one === "*" || one === tags);
  return nothing ? "it leaves every tag out" : undefined;
}

/** Every filter written out without braces, our own for rescue tags aside, in one order. */
function meaningOf(policies: readonly Filters[]): string {
  const lines = policies.flatMap((filters) => {
    const { projects, repositories, tags, excludeTags } = partsOf(filters);
    const left = unique(excludeTags).toSorted().join(" ");
    return projects.flatMap((project) =>
      repositories.flatMap((repository) => tags.map((tag) => `${project}/${repository} ${tag} - ${left}`)),
    );
  });
  return unique(lines).toSorted().join("\n");
}

function writtenOut(pattern: string): readonly string[] {
  const alternatives = alternativesOf(pattern);
  return alternatives.kind === "alternatives" ? alternatives.texts : [pattern];
}

function joined(texts: readonly string[]): string {
  const [first = "**"] = texts;
  if (texts.some(coversAll)) return "**";
  return joinAlternatives(texts) ?? first;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
