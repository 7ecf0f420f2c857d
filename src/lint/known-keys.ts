import { renderPath } from "../config/source-file.ts";
import type { Minor } from "./harbor-version.ts";

/** From which release of Harbor 2 on a key is read, and the last that did. */
export interface Lifetime {
  readonly since: Minor;
  readonly until?: Minor;
  /** What took its place, as an advice. */
  readonly instead?: string;
  /** Everything below it is the business of others: drivers, exporters. */
  readonly open?: boolean;
}

type Row = readonly [keys: string, lifetime: Partial<Lifetime>];

const CONNECTION = "host port db_name username password ssl_mode";
const INDEXES = "registry_db_index jobservice_db_index trivy_db_index harbor_db_index cache_layer_db_index";
const CLAIR = { until: 1, instead: "take it out: Trivy scans since Harbor 2.2" };
const CHARTS = { until: 7, instead: "take it out: charts are OCI artifacts since Harbor 2.8" };
const NOTARY = {
  until: 8,
  instead: "take it out: Notary is gone since Harbor 2.9, sign with cosign or notation",
};

/**
 * Parent → its keys. Read off the templates and `configs.py` of goharbor/harbor (make/harbor.yml.tmpl,
 * make/photon/prepare/utils/configs.py, …/migrations/version_2_*).
 */
const ROWS: readonly Row[] = [
  ["hostname http https external_url harbor_admin_password database data_volume trivy jobservice", {}],
  ["notification log _version external_database external_redis internal_tls proxy", {}],
  ["storage_service", {}],
  ["uaa", { open: true }],
  ["clair", { ...CLAIR, open: true }],
  ["chart", { ...CHARTS, open: true }],
  ["chartmuseum", { ...CHARTS, open: true }],
  ["notary notary_signer notary_server", { ...NOTARY, open: true }],
  ["metric", { since: 2 }],
  ["trace", { since: 4, open: true }],
  ["upload_purging", { since: 5 }],
  ["cache", { since: 6 }],
  ["redis", { since: 7 }],
  ["core", { since: 9 }],
  ["ip_family", { since: 11, open: true }],
  ["network", { since: 15, open: true }],
  ["http: port", {}],
  ["https: port certificate private_key", {}],
  ["https: strong_ssl_ciphers", { since: 10 }],
  ["internal_tls: enabled dir", {}],
  ["internal_tls: strong_ssl_ciphers", { since: 9 }],
  ["database: password max_idle_conns max_open_conns conn_max_lifetime conn_max_idle_time", {}],
  ["storage_service: ca_bundle redirect", {}],
  ["storage_service: filesystem azure gcs s3 swift oss", { open: true }],
  ["storage_service.redirect: disabled", { until: 7, instead: "rename it to disable" }],
  ["storage_service.redirect: disable", { since: 8 }],
  ["trivy: ignore_unfixed skip_update insecure github_token offline_scan security_check timeout", {}],
  ["trivy: skip_java_db_update", { since: 11 }],
  ["trivy: db_repository java_db_repository", { since: 15 }],
  ["jobservice: max_job_workers", {}],
  ["jobservice: job_loggers logger_sweeper_duration", { since: 8 }],
  ["jobservice: max_job_duration_hours", { since: 13 }],
  ["notification: webhook_job_max_retry", {}],
  ["notification: webhook_job_http_client_timeout", { since: 8 }],
  ["log: level local external_endpoint", {}],
  ["log.local: rotate_count rotate_size location", {}],
  ["log.external_endpoint: protocol host port", {}],
  ["proxy: http_proxy https_proxy no_proxy components", {}],
  ["metric: enabled port path", {}],
  ["upload_purging: enabled age interval dryrun", {}],
  ["cache: enabled expire_hours", {}],
  ["core: quota_update_provider", {}],
  ["external_database: harbor", {}],
  ["external_database: clair", { ...CLAIR, open: true }],
  ["external_database: notary_signer notary_server", { ...NOTARY, open: true }],
  [`external_database.harbor: ${CONNECTION}`, {}],
  ["external_database.harbor: max_idle_conns max_open_conns conn_max_lifetime conn_max_idle_time", {}],
  ["external_redis: host password sentinel_master_set idle_timeout_seconds", {}],
  ["external_redis: registry_db_index jobservice_db_index trivy_db_index", {}],
  ["external_redis: port", { until: -1, instead: "take it out and write host: HOST:PORT" }],
  ["external_redis: username", { since: 8 }],
  ["external_redis: harbor_db_index cache_layer_db_index", { since: 7 }],
  ["external_redis: tlsOptions", { since: 13 }],
  ["external_redis: clair_db_index", CLAIR],
  ["external_redis: chartmuseum_db_index", CHARTS],
  ["external_redis.tlsOptions: enable rootCA", {}],
  [`redis: ${INDEXES}`, {}],
];

/** Parent path → key → when it is read. */
const KNOWN: ReadonlyMap<string, ReadonlyMap<string, Lifetime>> = gathered();

function gathered(): Map<string, Map<string, Lifetime>> {
  const known = new Map<string, Map<string, Lifetime>>();
  for (const [row, lifetime] of ROWS) {
    const [keys = "", parent = ""] = row.split(": ").toReversed();
    const inside = known.get(parent) ?? new Map<string, Lifetime>();
    for (const key of keys.split(" ")) inside.set(key, { since: 0, ...lifetime });
    known.set(parent, inside);
  }
  return known;
}

/** The keys that some Harbor reads in the map at a path; undefined where what stands there has none. */
export function knownKeys(path: readonly string[]): ReadonlyMap<string, Lifetime> | undefined {
  return KNOWN.get(renderPath(path));
}
