import { expect, test } from "vitest";
import { LINT_CODES } from "../../src/lint/codes.ts";
import { changed, foundIn, lineOf, SOUND, without } from "./sound.ts";

test("a sound file has nothing wrong with it", () => {
  expect(foundIn(SOUND)).toEqual([]);
});

/** What is changed, and what alone is found then: code, path, and how the line begins that is pointed at. */
type Row = readonly [from: string, to: string, code: string, path: string, line: string];
const DATABASE = "external_database.harbor";
const CACHE_INDEX = "external_redis.cache_layer_db_index";

const ROWS: readonly Row[] = [
  ...["localhost", "127.0.0.1", "127.0.1.1", "0.0.0.0", "::1", "LOCALHOST", "reg.mydomain.com"].map(
    (name): Row => ["hub1.example.com", `"${name}"`, "hostname-loopback", "hostname", "hostname"],
  ),
  ["hub1.example.com", "https://hub1.example.com", "hostname-form", "hostname", "hostname"],
  ["hub1.example.com", "hub1.example.com:8443", "hostname-form", "hostname", "hostname"],
  ["hub1.example.com", "localhost:8443", "hostname-form", "hostname", "hostname"],
  ["hostname: hub1.example.com", "hostname:", "key-missing", "hostname", "hostname"],
  ["/etc/harbor/tls/hub.crt", "/your/certificate/path", "placeholder", "https.certificate", "  certificate"],
  ["  private_key: /etc/harbor/tls/hub.key\n", "", "key-missing", "https.private_key", "https:"],
  ["TheFirstDayOnly-7431", "Harbor12345", "known-password", "harbor_admin_password", "harbor_admin"],
  ["of-the-database-7431", "123456", "known-password", `${DATABASE}.password`, "    password"],
  ["of-the-database-7431", "root123", "known-password", `${DATABASE}.password`, "    password"],
  ["of-redis-7431", "redis", "known-password", "external_redis.password", "  password"],
  ["of-redis-7431", "", "password-missing", "external_redis.password", "  password"],
  ["of-the-database-7431", '""', "password-missing", `${DATABASE}.password`, "    password"],
  ["data_volume: /srv/harbor", "data_volume:", "key-missing", "data_volume", "data_volume"],
  ["    port: 5432\n", "", "key-missing", `${DATABASE}.port`, "  harbor:"],
  ["    host: pg.example.com\n", "", "key-missing", `${DATABASE}.host`, "  harbor:"],
  ["  host: redis1", "  host: #", "key-missing", "external_redis.host", "  host"],
  ["db_name: registry", "db_name: harbor_db_name", "placeholder", `${DATABASE}.db_name`, "    db_name"],
  ["username: harbor", "username: postgres", "database-superuser", `${DATABASE}.username`, "    username"],
  ["verify-full", "disable", "ssl-mode-disable", `${DATABASE}.ssl_mode`, "    ssl_mode"],
  ["verify-full", "prefer", "ssl-mode-disable", `${DATABASE}.ssl_mode`, "    ssl_mode"],
  ["verify-full", "verify_full", "ssl-mode-unknown", `${DATABASE}.ssl_mode`, "    ssl_mode"],
  ["conns: 200", "conns: 0", "connections-unlimited", `${DATABASE}.max_open_conns`, "    max_open"],
  ["conns: 200", "conns: -1", "connections-unlimited", `${DATABASE}.max_open_conns`, "    max_open"],
  ["    max_open_conns: 200\n", "", "connections-unlimited", `${DATABASE}.max_open_conns`, "  harbor:"],
  ["  sentinel_master_set: harbor\n", "", "sentinel-missing", "external_redis.host", "  host"],
  ["redis2.example.com:26379", "redis2.example.com", "redis-port-missing", "external_redis.host", "  host"],
  [
    "try_db_index: 1",
    "try_db_index: 0",
    "redis-index-zero",
    "external_redis.registry_db_index",
    "  registry",
  ],
  [
    "trivy_db_index: 5",
    "trivy_db_index: 2",
    "redis-index-shared",
    "external_redis.trivy_db_index",
    "  trivy",
  ],
  ["  idle_", "  cache_layer_db_index: 5\n  idle_", "redis-index-shared", CACHE_INDEX, "  cache_layer"],
  ["core:\n", "redis:\n  registry_db_index: 1\ncore:\n", "redis-shadowed", "redis", "redis:"],
  ["core:\n", "database:\n  password: x7Qp1\ncore:\n", "bundled-database", "database", "database:"],
  ["_version: 2.9.0", "_version: 1.10.0", "version-unsupported", "_version", "_version"],
  ["http:\n", "database_host: x\nhttp:\n", "unknown-key", "database_host", "database_host"],
  ["log:\n", "ldap_url: x\nlog:\n", "cfg-key", "ldap_url", "ldap_url"],
  ["cache:\n  enabled: false\n  expire_hours: 24", "cache: 24", "wrong-type", "cache", "cache"],
];

test.each(ROWS)("%j → %j is %s at %s", (from, to, code, path, line) => {
  const text = changed([from, to]);
  const at = text.split("\n").findIndex((one) => one.startsWith(line)) + 1;
  expect(foundIn(text)).toEqual([`${at} ${code} ${path}`]);
});

test.each(["10.0.0.1", '"2001:db8::12"', '"[2001:db8::12]"', "hub"])("%s is a fine hostname", (name) => {
  expect(foundIn(changed(["hub1.example.com", name]))).toEqual([]);
});

test("a misspelt key lacks under its right name too", () => {
  const text = changed(["ssl_mode:", "sslmode:"]);
  expect(foundIn(text)).toEqual([
    `${lineOf(text, "  harbor:")} key-missing ${DATABASE}.ssl_mode`,
    `${lineOf(text, "sslmode")} unknown-key ${DATABASE}.sslmode`,
  ]);
});

test("what makes a cluster of nodes has to be declared", () => {
  const line = (text: string): string => foundIn(text).join();
  expect(line(without("external_database"))).toBe("1 external-database-missing external_database");
  expect(line(without("external_redis"))).toBe("1 external-redis-missing external_redis");
});

test("https may end at the front, but then the way from it to the nodes is open", () => {
  expect(foundIn(without("https"))).toEqual(["1 http-behind-front https"]);
  expect(foundIn(without("https").replace("external_url: https:", "external_url: http:"))).toEqual([
    "1 https-missing https",
  ]);
  expect(foundIn(without("https").replace(/external_url.*\n/, ""))).toEqual(["1 https-missing https"]);
});

const KEYS = SOUND.slice(SOUND.indexOf("    host: pg."), SOUND.indexOf("external_redis:"));

test("a misnamed database is one slip, and what stands in it is looked at all the same", () => {
  const misnamed = changed(
    ["  harbor:\n", "  external_redis:\n"],
    ["username: harbor", "username: postgres"],
  );
  const at = lineOf(misnamed, "  external_redis:");
  expect(foundIn(misnamed)).toEqual([
    `${at} database-misnamed external_database.external_redis`,
    `${at + 4} database-superuser external_database.external_redis.username`,
  ]);
});

test("a database without harbor: above it, or below external_redis, is seen too", () => {
  const flat = changed([`  harbor:\n${KEYS}`, KEYS.replaceAll("    ", "  ")]);
  expect(foundIn(flat)).toEqual([`${lineOf(flat, "external_database")} database-misnamed external_database`]);
  const astray = changed([`external_database:\n  harbor:\n${KEYS}`, ""]).replace(
    "external_redis:\n",
    `external_redis:\n  harbor:\n${KEYS}`,
  );
  expect(foundIn(astray)).toEqual([`${lineOf(astray, "  harbor:")} database-misnamed external_redis.harbor`]);
});

test("a default index counts where none is declared", () => {
  const text = changed(["  jobservice_db_index: 2\n", ""], ["registry_db_index: 1", "registry_db_index: 2"]);
  expect(foundIn(text)).toEqual([
    `${lineOf(text, "registry_db_index")} redis-index-shared external_redis.registry_db_index`,
  ]);
});

test.each([
  ["registry", 1],
  ["jobservice", 2],
  ["trivy", 5],
])("the default of %s_db_index is %i", (component, index) => {
  const own = `${component}_db_index`;
  const text = changed([`  ${own}: ${index}\n`, `  cache_layer_db_index: ${index}\n`]);
  expect(foundIn(text)).toEqual([
    `${lineOf(text, "cache_layer")} redis-index-shared external_redis.cache_layer_db_index`,
  ]);
});

test("core and its cache may stay in database 0, where they are by default", () => {
  const both = "  trivy_db_index: 5\n  harbor_db_index: 0\n  cache_layer_db_index: 0\n";
  expect(foundIn(changed(["  trivy_db_index: 5\n", both]))).toEqual([]);
});

test("every code has a severity, and an own sentence", () => {
  const texts = Object.values(LINT_CODES).map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
  expect(Object.values(LINT_CODES).every(({ severity }) => /^(?:error|warning)$/.test(severity))).toBe(true);
});
