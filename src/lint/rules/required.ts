import { at, type Finding } from "../finding.ts";
import { isValues, mapAt, textAt, valueAt, type HarborFile, type Values } from "../harbor-file.ts";
import { declaredVersion, minorOf, type Minor } from "../harbor-version.ts";
import { declaredDatabases } from "../declared-databases.ts";
import type { Rule } from "./rule.ts";

interface Need {
  readonly path: readonly string[];
  readonly since: Minor;
  /** Nothing is needed where this section lacks, or where it is empty. */
  readonly within?: readonly string[];
}

/** What `prepare` reads without asking whether it is there (goharbor/harbor make/photon/prepare/utils/configs.py). */
const NEEDS: readonly Need[] = [
  { path: ["hostname"], since: 0 },
  { path: ["harbor_admin_password"], since: 0 },
  { path: ["data_volume"], since: 0 },
  { path: ["https", "certificate"], since: 0, within: ["https"] },
  { path: ["https", "private_key"], since: 0, within: ["https"] },
  { path: ["jobservice", "max_job_workers"], since: 0 },
  { path: ["jobservice", "job_loggers"], since: 8 },
  { path: ["jobservice", "logger_sweeper_duration"], since: 8 },
  { path: ["notification", "webhook_job_max_retry"], since: 0 },
  { path: ["notification", "webhook_job_http_client_timeout"], since: 8 },
  { path: ["log", "level"], since: 0 },
];

/** Keys without which the installer breaks off. */
export const required: Rule = (file) => {
  // A file that names no version may be of a release that did not need what came later.
  const minor = declaredVersion(file.values).kind === "harbor-2" ? minorOf(file.values) : 0;
  return NEEDS.filter(({ since }) => minor >= since)
    .filter(({ within }) => within === undefined || isFilled(valueAt(file.values, within)))
    .filter(({ path }) => isNothing(valueAt(file.values, path)))
    .map(({ path }) => missing(file, path));
};

/** Keys that make an external database and Redis complete. */
export const complete: Rule = (file) => [
  ...declaredDatabases(file.values).flatMap(({ path, values }) => ofDatabase(file, path, values)),
  ...(isFilled(file.values["external_redis"]) ? ofRedis(file) : []),
];

const DATABASE_KEYS = ["host", "port", "db_name", "username", "password", "ssl_mode"];
/** The words of the template. */
const PLACEHOLDER = /^(?:harbor|clair|notary_signer|notary_server)_db_(?:host|port|name|username|password)$/;

function ofDatabase(file: HarborFile, path: readonly string[], values: Values): Finding[] {
  return DATABASE_KEYS.flatMap((key) => {
    const text = textAt(values, key);
    if (text === undefined) return key === "password" ? [] : [missing(file, [...path, key])];
    if (!PLACEHOLDER.test(text)) return [];
    const sentence = "is still the word in Harbor's template";
    return [at(file, [...path, key], { code: "placeholder", sentence, advice: "write the real value" })];
  });
}

function ofRedis(file: HarborFile): Finding[] {
  const host = textAt(mapAt(file.values, "external_redis"), "host");
  return host === undefined ? [missing(file, ["external_redis", "host"])] : [];
}

function missing(file: HarborFile, path: readonly string[]): Finding {
  return at(file, path, {
    code: "key-missing",
    sentence: "is not there, or empty; the installer breaks off, or starts a Harbor that can't work",
    advice: `write ${path.at(-1) ?? ""}`,
  });
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function isFilled(value: unknown): boolean {
  return isValues(value) && Object.keys(value).length > 0;
}
