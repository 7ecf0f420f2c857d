export type Severity = "error" | "warning";

interface Meaning {
  readonly severity: Severity;
  /** What is wrong, in one sentence; docs/lint.md says the same. */
  readonly text: string;
}

/** An error breaks the cluster, or opens it to strangers; a warning will be regretted later. */
const error = (text: string): Meaning => ({ severity: "error", text });
const warning = (text: string): Meaning => ({ severity: "warning", text });

/** Everything that `lint` can find. docs/lint.md explains the same codes; a test holds the two equal. */
export const LINT_CODES = {
  "not-yaml": error("The text is no YAML that Harbor's installer can read."),
  "duplicate-key": error("A key stands twice in one place; only the last one counts."),
  "harbor-cfg": error("The file has the form of harbor.cfg, which Harbor 2 does not read."),
  "cfg-key": error("The key is one of the old harbor.cfg; Harbor 2 does not read it."),
  "wrong-type": error("A value is of another kind than Harbor reads there."),
  "unknown-key": warning("Harbor knows no such key, and ignores it."),
  "removed-key": warning("The declared version of Harbor has this key no more."),
  "early-key": warning("The declared version of Harbor has this key not yet."),
  "version-missing": warning("The file does not say for which version of Harbor it is."),
  "version-unsupported": error("The file is for a Harbor that is no 2.x."),
  "key-missing": error("A key that Harbor's installer needs is not there."),
  placeholder: error("A value is still the one of Harbor's template."),

  differs: error("The nodes of a cluster must agree here, and do not."),

  "hostname-loopback": error("The hostname leads every client to itself, or to nobody."),
  "hostname-form": error("The hostname is no bare name or address."),
  "external-url-missing": error("Nodes of different hostnames name no address of the front."),
  "https-missing": error("The node is reached without https."),
  "http-behind-front": warning("The front has https, the way from it to the node has not."),

  "known-password": error("A password is one that everybody tries first."),
  "password-missing": error("A password is left empty."),

  "external-database-missing": error("Each node would have a database of its own."),
  "bundled-database": warning("The bundled database is declared beside the external one."),
  "database-misnamed": error("The database of Harbor is declared under another name than harbor."),
  "database-superuser": warning("Harbor would work as the superuser of the database."),
  "ssl-mode-disable": warning("Passwords and content of the database travel in the clear."),
  "ssl-mode-unknown": error("PostgreSQL knows no such ssl_mode."),
  "connections-unlimited": warning("One node may take all connections of the database."),

  "external-redis-missing": error("Each node would have a Redis of its own."),
  "redis-shadowed": error("The key redis makes Harbor ignore external_redis."),
  "redis-port-missing": warning("The address of Redis has no port."),
  "redis-index-zero": error("Redis database 0 belongs to Harbor's core."),
  "redis-index-shared": error("Two components of Harbor share one Redis database."),
  "sentinel-missing": error("Several Redis hosts are given without sentinel_master_set."),

  "database-unreachable": error("PostgreSQL can't be reached with the declared values."),
  "database-no-tls": error("PostgreSQL offers no TLS, and ssl_mode wants it."),
  "database-certificate": warning("The certificate of PostgreSQL is not trusted here."),
  "database-login": error("PostgreSQL refuses the declared user and password."),
  "database-open": error("PostgreSQL accepts any password."),
  "database-missing": error("PostgreSQL has no database of that name."),
  "database-read-only": error("PostgreSQL takes no writes."),
  "schema-missing": warning("The database has no schema of Harbor yet."),
  "schema-dirty": error("A migration of the schema broke off."),
  "schema-old": warning("The schema is older than the declared version of Harbor."),
  "schema-new": error("The schema is newer than the declared version of Harbor."),
  "connections-exceeded": warning("The nodes together may open more connections than PostgreSQL allows."),
  "redis-unreachable": error("Redis can't be reached with the declared values."),
  "redis-login": error("Redis refuses the declared password."),
  "redis-open": error("Redis serves everybody without a password."),
  "redis-no-index": error("Redis has no database of that index."),
  "redis-unwritable": error("Redis takes no writes."),
  "data-volume-local": error("The data volume lies on a disk that no other node sees."),
} as const satisfies Readonly<Record<string, Meaning>>;

export type LintCode = keyof typeof LINT_CODES;
