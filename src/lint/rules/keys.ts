import { didYouMean } from "../../config/nearest.ts";
import { at, type Complaint, type Finding } from "../finding.ts";
import { isValues, mapAt, type HarborFile, type Values } from "../harbor-file.ts";
import { adviceForCfgKey } from "../harbor-cfg.ts";
import { declaredVersion, minorOf, releaseName, type Minor } from "../harbor-version.ts";
import { knownKeys, type Lifetime } from "../known-keys.ts";
import { shownKey } from "../secrecy.ts";
import { misnamedDatabases } from "../declared-databases.ts";
import type { Rule } from "./rule.ts";

/** Keys that the declared version does not read: misspelt, gone, not there yet, or of harbor.cfg. */
export const keys: Rule = (file) => {
  const found = [...inside(file, [], file.values, minorOf(file.values)), ...ofProxy(file)];
  const isUndated = declaredVersion(file.values).kind === "missing";
  const depends = found.some(({ code }) => code === "removed-key");
  return isUndated && depends ? [...found, at(file, ["_version"], VERSION_MISSING)] : found;
};

const VERSION_MISSING: Complaint = {
  code: "version-missing",
  sentence: "is not there, so the newest Harbor is assumed",
  advice: "copy the line _version from the template of the installed version; its migrator needs it",
};

function inside(file: HarborFile, path: readonly string[], values: Values, minor: Minor): Finding[] {
  const known = knownKeys(path);
  if (known === undefined) return [];
  return Object.entries(values).flatMap(([key, value]) => {
    const here = [...path, key];
    const lifetime = known.get(key);
    if (lifetime === undefined) return unknownKey(file, here, known, minor);
    const untimely = untimelyKey(file, here, lifetime, minor);
    if (untimely !== undefined) return [untimely];
    if (lifetime.open === true || knownKeys(here) === undefined) return [];
    if (isValues(value)) return inside(file, here, value, minor);
    return value === null || value === undefined
      ? []
      : [wrongType(file, here, [...(knownKeys(here)?.keys() ?? [])])];
  });
}

function wrongType(file: HarborFile, path: readonly string[], known: readonly string[]): Finding {
  return at(file, path, {
    code: "wrong-type",
    sentence: "is one value, where Harbor reads keys with values",
    advice: `indent its keys below it, each with a colon and a space: ${known.slice(0, 4).join(", ")}`,
  });
}

function unknownKey(
  file: HarborFile,
  path: readonly string[],
  known: ReadonlyMap<string, Lifetime>,
  minor: Minor,
): Finding[] {
  const key = path.at(-1) ?? "";
  if (isOfMisnamedDatabase(file, path)) return [];
  const modern = path.length === 1 ? adviceForCfgKey(key) : undefined;
  if (modern !== undefined) {
    const sentence = "is a key of the old harbor.cfg, which Harbor 2 does not read";
    return [at(file, path, { code: "cfg-key", sentence, advice: modern })];
  }
  const readNow = [...known].filter(([, { until = minor }]) => until >= minor).map(([name]) => name);
  return [
    at(file, path, {
      code: "unknown-key",
      sentence: `Harbor knows no key ${shownKey(key)} here, and ignores it`,
      advice:
        didYouMean(key, readNow) ?? elsewhere(path) ?? "take it out, or correct its name and indentation",
    }),
  ];
}

/** What a misnamed database is, is told once, by the rule about it. */
function isOfMisnamedDatabase({ values }: HarborFile, path: readonly string[]): boolean {
  const [here, around] = [path, path.slice(0, -1)].map((one) => one.join("."));
  return misnamedDatabases(values).some(({ path: named }) => [here, around].includes(named.join(".")));
}

/** A key that is known, but in another place. */
function elsewhere(path: readonly string[]): string | undefined {
  const key = path.at(-1) ?? "";
  const parents = [
    "",
    "external_database.harbor",
    "external_redis",
    "database",
    "https",
    "jobservice",
    "log",
  ];
  const found = parents.find(
    (parent) => knownKeys(parent === "" ? [] : parent.split("."))?.has(key) === true,
  );
  if (found === undefined) return undefined;
  return found === "" ? "it belongs to the left margin" : `it belongs below ${found}`;
}

function untimelyKey(
  file: HarborFile,
  path: readonly string[],
  { since, until, instead }: Lifetime,
  minor: Minor,
): Finding | undefined {
  if (until !== undefined && minor > until) {
    const last = until < 0 ? "was read by Harbor 1 only" : `was last read by Harbor ${releaseName(until)}`;
    const sentence = `${last}; ${ignoredBy(file)}`;
    return at(file, path, { code: "removed-key", sentence, advice: instead ?? "take it out" });
  }
  if (minor >= since) return undefined;
  return at(file, path, {
    code: "early-key",
    sentence: `is read since Harbor ${releaseName(since)}; ${ignoredBy(file)}`,
    advice: "take it out, or upgrade Harbor first",
  });
}

function ignoredBy({ values }: HarborFile): string {
  const isUndated = declaredVersion(values).kind === "missing";
  return isUndated ? "later ones ignore it" : `${releaseName(minorOf(values))} ignores it`;
}

/** `proxy.components` may name Clair, which went with it. */
function ofProxy(file: HarborFile): Finding[] {
  const { components } = mapAt(file.values, "proxy");
  const minor = minorOf(file.values);
  if (minor < 2 || !Array.isArray(components) || !components.includes("clair")) return [];
  const sentence = `names clair, which was last there in Harbor 2.1; ${ignoredBy(file)}`;
  return [
    at(file, ["proxy", "components"], {
      code: "removed-key",
      sentence,
      advice: "take clair out of the list",
    }),
  ];
}
