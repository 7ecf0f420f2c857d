import type { DocumentPath } from "../config/source-file.ts";

/** Values that may be shown, by the last word of their path. Whatever is not listed is taken for a secret. */
const SHOWN: ReadonlySet<string> = new Set([
  "_version",
  "hostname",
  "data_volume",
  "external_url",
  "host",
  "port",
  "db_name",
  "ssl_mode",
  "sentinel_master_set",
  "max_idle_conns",
  "max_open_conns",
  "conn_max_lifetime",
  "conn_max_idle_time",
  "registry_db_index",
  "jobservice_db_index",
  "trivy_db_index",
  "harbor_db_index",
  "cache_layer_db_index",
  "chartmuseum_db_index",
  "clair_db_index",
  "idle_timeout_seconds",
  "certificate",
  "private_key",
  "location",
  "level",
  "enabled",
  "expire_hours",
  "quota_update_provider",
  "max_job_workers",
]);

/** Providers name their keys as they like, and proxies are URLs that may hold a password. */
const HIDDEN_ROOTS: ReadonlySet<string> = new Set(["storage_service", "proxy", "uaa"]);

/** A value as text for a message; undefined where it may hold a secret. */
export function shownValue(path: DocumentPath, value: unknown): string | undefined {
  const [root] = path;
  const last = path.at(-1);
  if (typeof root !== "string" || HIDDEN_ROOTS.has(root)) return undefined;
  if (typeof last !== "string" || !SHOWN.has(last)) return undefined;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  // Somebody may have put user and password into an address.
  return typeof value === "string" && !/[@\n]/.test(value) ? `"${value}"` : undefined;
}

/** A key as it may be shown: `password:secret` without a space between is one key to YAML. */
export function shownKey(key: string): string {
  return /^[\w.-]{1,60}$/.test(key) ? key : "…";
}

/** An address as it may be shown: without a user and a password that somebody put before it. */
export function shownHost(host: string): string {
  return host.slice(host.lastIndexOf("@") + 1);
}
