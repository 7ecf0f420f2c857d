/** Keys of harbor.cfg, which Harbor read until 1.7, and what to do with each. */
const CFG_KEYS: ReadonlyMap<string, string> = new Map([
  ["ui_url_protocol", "take it out and write an https section with certificate and private_key"],
  ["ssl_cert", "take it out and write https.certificate"],
  ["ssl_cert_key", "take it out and write https.private_key"],
  ["secretkey_path", "take it out and write data_volume: the key is kept in its secret/keys"],
  ["admiral_url", "take it out: Admiral is gone"],
  ["customize_crt", "take it out: the installer makes its own"],
  ["max_job_workers", "take it out and write jobservice.max_job_workers"],
  ["log_rotate_count", "take it out and write log.local.rotate_count"],
  ["log_rotate_size", "take it out and write log.local.rotate_size"],
  ["http_proxy", "take it out and write proxy.http_proxy"],
  ["https_proxy", "take it out and write proxy.https_proxy"],
  ["no_proxy", "take it out and write proxy.no_proxy"],
  ["db_host", "take it out and write external_database.harbor.host"],
  ["db_port", "take it out and write external_database.harbor.port"],
  ["db_user", "take it out and write external_database.harbor.username"],
  ["db_password", "take it out and write external_database.harbor.password"],
  ["redis_host", "take it out and write external_redis.host, as HOST:PORT"],
  ["redis_port", "take it out and write external_redis.host, as HOST:PORT"],
  ["redis_password", "take it out and write external_redis.password"],
  [
    "redis_db_index",
    "take it out and write external_redis.registry_db_index, jobservice_db_index and trivy_db_index",
  ],
  ["clair_db", "take it out: Clair is gone since Harbor 2.2"],
  ["clair_db_host", "take it out: Clair is gone since Harbor 2.2"],
  ["clair_db_port", "take it out: Clair is gone since Harbor 2.2"],
  ["clair_db_username", "take it out: Clair is gone since Harbor 2.2"],
  ["clair_db_password", "take it out: Clair is gone since Harbor 2.2"],
  ["clair_updaters_interval", "take it out: Clair is gone since Harbor 2.2"],
  ["registry_storage_provider_name", "take it out and write storage_service, with the driver as its key"],
  ["registry_storage_provider_config", "take it out and write storage_service, with the driver as its key"],
  ["registry_custom_ca_bundle", "take it out and write storage_service.ca_bundle"],
  ["uaa_ca_cert", "take it out and write uaa.ca_file"],
  ["skip_reload_env_pattern", "take it out: it is not needed any more"],
  ["reload_config", "take it out: it is not needed any more"],
]);

/** What Harbor keeps in its database since, to be set in the user interface. */
const IN_THE_DATABASE =
  /^(?:auth_mode|self_registration|token_expiration|project_creation_restriction|(?:email|ldap|uaa)_\w+)$/;

/** What to do with a key of harbor.cfg; undefined for a key that it did not have. */
export function adviceForCfgKey(key: string): string | undefined {
  if (IN_THE_DATABASE.test(key))
    return "take it out and set it under Configuration in Harbor's user interface, once for all nodes";
  return CFG_KEYS.get(key);
}

/** Whether a text has the form of harbor.cfg: `key = value`, and not one `key: value`. */
export function isHarborCfg(text: string): boolean {
  if (text.includes("\0")) return false;
  const lines = text.split("\n").filter((line) => /\S/.test(line) && !/^\s*[#;]/.test(line));
  const assigned = lines.filter((line) => /^\s*\w+\s*=/.test(line));
  return assigned.length > 0 && !lines.some((line) => /^\s*[\w-]+:(?:\s|$)/.test(line));
}
