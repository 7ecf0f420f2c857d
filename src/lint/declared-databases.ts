import { isValues, mapAt, type Values } from "./harbor-file.ts";
import { minorOf, type Minor } from "./harbor-version.ts";

/** One database that the nodes are to share. */
export interface DeclaredDatabase {
  /** Whose it is. */
  readonly name: "harbor" | "clair" | "notary_signer" | "notary_server";
  readonly path: readonly string[];
  readonly values: Values;
}

const NAMES = ["harbor", "clair", "notary_signer", "notary_server"] as const;
/** The last release that had the component; Harbor itself has stayed. */
const LAST: Readonly<Partial<Record<string, Minor>>> = { clair: 1, notary_signer: 8, notary_server: 8 };

/** The external databases that the declared version uses; one under a wrong name counts as Harbor's where Harbor's is missing. */
export function declaredDatabases(values: Values): DeclaredDatabase[] {
  const section = mapAt(values, "external_database");
  const minor = minorOf(values);
  const named = NAMES.filter((name) => minor <= (LAST[name] ?? minor)).flatMap((name): DeclaredDatabase[] => {
    const found = section[name];
    return isValues(found) ? [{ name, path: ["external_database", name], values: found }] : [];
  });
  if (named.some(({ name }) => name === "harbor")) return named;
  return [...misnamedDatabases(values).slice(0, 1), ...named];
}

/** Maps that look like Harbor's database and stand where nobody reads them. */
export function misnamedDatabases(values: Values): DeclaredDatabase[] {
  const section = mapAt(values, "external_database");
  if (isValues(section["harbor"])) return [];
  const children = Object.entries(section)
    .filter(([key]) => !NAMES.some((name) => name === key))
    .flatMap(([key, value]) => (isValues(value) ? [{ path: ["external_database", key], value }] : []));
  const flat = looksLikeDatabase(section) ? [{ path: ["external_database"], value: section }] : [];
  const redis = mapAt(values, "external_redis");
  const astray = isValues(redis["harbor"])
    ? [{ path: ["external_redis", "harbor"], value: redis["harbor"] }]
    : [];
  return [...children, ...flat, ...astray]
    .filter(({ value }) => looksLikeDatabase(value))
    .map(({ path, value }) => ({ name: "harbor", path, values: value }));
}

function looksLikeDatabase(values: Values): boolean {
  return ["db_name", "username", "ssl_mode", "host"].filter((key) => key in values).length >= 2;
}
