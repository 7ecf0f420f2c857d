import { AppError } from "../errors.ts";
import { compilePattern } from "./doublestar.ts";
import type { Pattern, Selection } from "./model.ts";

/** What a tag is called that was kept from being overwritten. */
export const RESCUE_TAG_PREFIX = "tidelock-rescue-";
/** Outside of every selection, and left out by our replication policies. */
export const RESCUE_TAG_PATTERN: Pattern = `${RESCUE_TAG_PREFIX}*`;

export interface Selects {
  /** By name of the project. */
  project(name: string): boolean;
  /** By full name: project, slash, path inside. */
  repository(fullName: string): boolean;
  tag(name: string): boolean;
}

/** A selection as questions; rescue tags, and projects that clusters are probed in, are never in it. The patterns were validated with the declaration. */
export function selects(selection: Selection): Selects {
  const covered = anyOf(selection.projects);
  const except = new Set(selection.exceptProjects);
  const projects = (name: string): boolean => covered(name) && !except.has(name);
  const repositories = anyOf(selection.repositories);
  const tags = anyOf([selection.tags]);
  const excluded = anyOf([...selection.excludeTags, RESCUE_TAG_PATTERN]);
  return {
    project: projects,
    repository: (fullName) => {
      const slash = fullName.indexOf("/");
      return slash > 0 && projects(fullName.slice(0, slash)) && repositories(fullName.slice(slash + 1));
    },
    tag: (name) => tags(name) && !excluded(name),
  };
}

/** A pattern that covers every project, or every repository of a project. */
export function coversAll(pattern: Pattern): boolean {
  return pattern === "**" || pattern === "";
}

function anyOf(patterns: readonly Pattern[]): (text: string) => boolean {
  const compiled = patterns.map((pattern) => {
    const one = compilePattern(pattern);
    if (one.kind === "mistake") throw new AppError("BUG", `the pattern "${pattern}" ${one.message}`);
    return one;
  });
  return (text) => compiled.some((one) => one.matches(text));
}
