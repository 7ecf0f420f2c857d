import { textAt, type Values } from "./harbor-file.ts";

/** A release of Harbor 2: the y of 2.y. */
export type Minor = number;

/** What `_version` of a harbor.yml says. */
export type DeclaredVersion =
  | { readonly kind: "harbor-2"; readonly minor: Minor; readonly text: string }
  /** Nothing is said. */
  | { readonly kind: "missing" }
  /** Harbor 1, or no version at all. */
  | { readonly kind: "other"; readonly text: string };

/** The newest release whose keys and schema are known here. */
const NEWEST: Minor = 16;

/** The file's own words; the installer of 2.1 still writes 2.0.0 (goharbor/harbor v2.1.6 make/harbor.yml.tmpl). */
export function declaredVersion(values: Values): DeclaredVersion {
  const text = textAt(values, "_version");
  if (text === undefined) return { kind: "missing" };
  const [, major, minor] = /^v?(\d+)\.(\d+)(?:\.\d+)?(?:-\S*)?$/.exec(text) ?? [];
  if (major !== "2" || minor === undefined) return { kind: "other", text };
  return { kind: "harbor-2", minor: Number(minor), text };
}

/** The release that the rules look at: where none is declared, the newest. */
export function minorOf(values: Values): Minor {
  const version = declaredVersion(values);
  return version.kind === "harbor-2" ? version.minor : NEWEST;
}

/** `2.9` */
export function releaseName(minor: Minor): string {
  return `2.${minor}`;
}

/**
 * The first schema number of a release, as schema_migrations counts them: 2.9 begins with 120
 * (goharbor/harbor make/migrations/postgresql). Patches count up from there, by less than ten.
 */
export function firstSchemaOf(minor: Minor): number {
  return 30 + 10 * minor;
}

/** The release that a schema number belongs to; below 0 for Harbor 1. */
export function releaseOfSchema(schema: number): Minor {
  return Math.floor((schema - 30) / 10);
}
