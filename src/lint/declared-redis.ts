import { mapAt, textAt, valueAt, type Values } from "./harbor-file.ts";
import { minorOf } from "./harbor-version.ts";

/** One of the databases inside of Redis, and who uses it. */
export interface RedisIndex {
  readonly key: string;
  readonly index: number;
  /** Otherwise it is Harbor's default. */
  readonly isDeclared: boolean;
}

/** Defaults of `get_redis_configs` (goharbor/harbor make/photon/prepare/utils/configs.py), and the last release that had each. */
const DEFAULTS: readonly { readonly key: string; readonly index: number; readonly until?: number }[] = [
  { key: "registry_db_index", index: 1 },
  { key: "jobservice_db_index", index: 2 },
  { key: "chartmuseum_db_index", index: 3, until: 7 },
  { key: "clair_db_index", index: 4, until: 1 },
  { key: "trivy_db_index", index: 5 },
];
/** Where these lack, core's database 0 serves. */
const OPTIONAL = ["harbor_db_index", "cache_layer_db_index"];

/** Which databases of the external Redis Harbor will use beside core's 0. A declared 0 counts as 0 here. */
export function redisIndexes(values: Values): RedisIndex[] {
  const minor = minorOf(values);
  const section = mapAt(values, "external_redis");
  const declared = (key: string): number | undefined => {
    const text = textAt(section, key);
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const fixed = DEFAULTS.filter(({ until = minor }) => minor <= until).map(({ key, index }) => ({
    key,
    index: declared(key) ?? index,
    isDeclared: declared(key) !== undefined,
  }));
  const chosen = OPTIONAL.flatMap((key) => {
    const index = declared(key);
    return index === undefined ? [] : [{ key, index, isDeclared: true }];
  });
  return [...fixed, ...(minor >= 7 ? chosen : [])];
}

/** The addresses in `host`: one of Redis, or those of the sentinels. */
export function redisHosts(values: Values): string[] {
  const host = textAt(values, "external_redis", "host") ?? "";
  return host
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

/** Whether an external Redis is declared at all; an empty section declares none. */
export function hasExternalRedis(values: Values): boolean {
  return Object.keys(mapAt(values, "external_redis")).length > 0;
}

/** Whether `redis:` makes the installer forget `external_redis` (goharbor/harbor make/photon/prepare/utils/configs.py, get_redis_configs). */
export function isShadowed(values: Values): boolean {
  const internal = valueAt(values, ["redis"]);
  const isFilled = typeof internal === "object" && internal !== null && Object.keys(internal).length > 0;
  return isFilled && minorOf(values) >= 7 && hasExternalRedis(values);
}
