import { expect, test } from "vitest";
import { lintFiles } from "../../src/lint/lint.ts";
import { changed, foundIn, without } from "./sound.ts";

/** The sound file as of another version, with some lines more; keys that came after that version are taken out. */
function asOf(version: string, ...lines: string[]): string {
  const text = changed([
    "_version: 2.9.0\n",
    `_version: ${version}\n${lines.map((line) => `${line}\n`).join("")}`,
  ]);
  const early = Number(version.split(".")[1]) >= 8 ? text : withoutKeysOf28(text);
  return early
    .replace(/^core:\n.*\n/m, "")
    .replace(/^cache:\n.*\n.*\n/m, "")
    .replace(/^upload_purging:\n(?: .*\n)*/m, "");
}

/** The installer has needed these since 2.8, and broke off at them before an upgraded file was migrated. */
function withoutKeysOf28(text: string): string {
  return text
    .replace(/^ {2}job_loggers:\n(?: {4}.*\n)*/m, "")
    .replace(/^ {2}(?:logger_sweeper_duration|webhook_job_http_client_timeout).*\n/gm, "");
}

test("keys that the installer needs since 2.8 are missed from then on", () => {
  const text = (version: string): string => withoutKeysOf28(asOf(version));
  expect(codes(text("2.7.0"))).toEqual([]);
  expect(codes(text("2.8.0"))).toEqual([
    "key-missing jobservice.job_loggers",
    "key-missing jobservice.logger_sweeper_duration",
    "key-missing notification.webhook_job_http_client_timeout",
  ]);
  expect(codes(withoutKeysOf28(asOf("2.8.0")).replace("_version: 2.8.0\n", ""))).toEqual([]);
});

test("a section of which the installer needs a key is missed where it lacks as a whole", () => {
  expect(codes(without("jobservice"))).toEqual([
    "key-missing jobservice.max_job_workers",
    "key-missing jobservice.job_loggers",
    "key-missing jobservice.logger_sweeper_duration",
  ]);
  expect(codes(without("notification"))).toEqual([
    "key-missing notification.webhook_job_max_retry",
    "key-missing notification.webhook_job_http_client_timeout",
  ]);
  expect(foundIn(without("log"))).toEqual(["1 key-missing log.level"]);
});

/** Without the lines, which the other tests look at. */
function codes(text: string): string[] {
  return foundIn(text).map((one) => one.replace(/^\d+ /, ""));
}

/** Since which version a key is known, and until which. */
const LIVES: readonly (readonly [
  line: string,
  path: string,
  since: string | undefined,
  until: string | undefined,
])[] = [
  ["clair: { updaters_interval: 12 }", "clair", undefined, "2.1.0"],
  ["chart: { absolute_url: disabled }", "chart", undefined, "2.7.0"],
  ["chartmuseum: { enabled: true }", "chartmuseum", undefined, "2.7.0"],
  ["notary_signer: { host: x }", "notary_signer", undefined, "2.8.0"],
  ["notary_server: { host: x }", "notary_server", undefined, "2.8.0"],
  ["metric: { enabled: true, port: 9090, path: /metrics }", "metric", "2.2.0", undefined],
  ["trace: { enabled: false }", "trace", "2.4.0", undefined],
  ["upload_purging: { enabled: false }", "upload_purging", "2.5.0", undefined],
  ["cache: { enabled: false }", "cache", "2.6.0", undefined],
  ["core: { quota_update_provider: redis }", "core", "2.9.0", undefined],
  ["ip_family: { ipv4: { enabled: true } }", "ip_family", "2.11.0", undefined],
];
const RELEASES = Array.from({ length: 15 }, (_, minor) => `2.${minor}.0`);

test.each(LIVES)("%s", (line, path, since, until) => {
  const rank = (version: string): number => RELEASES.indexOf(version);
  for (const version of RELEASES) {
    const isLate = until !== undefined && rank(version) > rank(until);
    const isEarly = since !== undefined && rank(version) < rank(since);
    const expected = isLate ? [`removed-key ${path}`] : isEarly ? [`early-key ${path}`] : [];
    expect([version, codes(asOf(version, line))]).toEqual([version, expected]);
  }
});

test.each([
  ["external_redis", "  clair_db_index: 4", "2.0.0", "2.2.0"],
  ["external_redis", "  chartmuseum_db_index: 3", "2.7.3", "2.8.0"],
  [
    "external_database",
    "  notary_server: { host: a, port: 1, db_name: b, username: c, password: d9, ssl_mode: require }",
    "2.8.0",
    "2.9.0",
  ],
  ["proxy", "  components: [core, clair]", "2.1.0", "2.2.0"],
])("below %s: %s is read by %s and no more by %s", (section, line, last, gone) => {
  const path = `${section}.${line.trim().replace(/:.*/, "")}`;
  const added = (version: string): string =>
    asOf(version)
      .replace(/^ {2}components:\n(?: {4}- .*\n)*/m, "")
      .replace(`\n${section}:\n`, `\n${section}:\n${line}\n`);
  expect(codes(added(last))).toEqual([]);
  expect(codes(added(gone))).toEqual([`removed-key ${path}`]);
});

test("databases of Notary have to be complete as long as there is a Notary", () => {
  const text = (version: string): string =>
    asOf(version).replace(
      "external_database:\n",
      "external_database:\n  notary_server: { host: a, password: d9 }\n",
    );
  const path = "external_database.notary_server";
  expect(codes(text("2.8.0"))).toEqual(
    ["port", "db_name", "username", "ssl_mode"].map((key) => `key-missing ${path}.${key}`),
  );
  expect(codes(text("2.9.0"))).toEqual([`removed-key ${path}`]);
});

test("a redirect is switched off by another word since 2.8", () => {
  const storage = (word: string): string => `storage_service: { redirect: { ${word}: true } }`;
  expect(codes(asOf("2.7.0", storage("disabled")))).toEqual([]);
  expect(codes(asOf("2.8.0", storage("disable")))).toEqual([]);
  expect(codes(asOf("2.8.0", storage("disabled")))).toEqual([
    "removed-key storage_service.redirect.disabled",
  ]);
  const { findings } = lintFiles([{ name: "n", text: asOf("2.8.0", storage("disabled")) }]);
  expect(findings[0]?.advice).toBe("rename it to disable");
});

test("a file without a version is taken for one of the newest Harbor, and that is said where it matters", () => {
  const text = changed(["_version: 2.9.0\n", ""]);
  expect(codes(text)).toEqual([]);
  expect(codes(text.replace("core:\n", "clair: { updaters_interval: 12 }\ncore:\n"))).toEqual([
    "version-missing _version",
    "removed-key clair",
  ]);
});

test.each([
  ["hostnam: x", "did you mean hostname?"],
  ["external_databse: {}", "did you mean external_database?"],
  ["ssl_mode: require", "it belongs below external_database.harbor"],
  ["sentinel_master_set: x", "it belongs below external_redis"],
  ["zzzzzzzzz: 1", "take it out, or correct its name and indentation"],
])("the unknown key in %j: %s", (line, advice) => {
  const { findings } = lintFiles([{ name: "n", text: asOf("2.9.0", line) }]);
  expect(findings).toMatchObject([{ code: "unknown-key", severity: "warning", advice }]);
});
