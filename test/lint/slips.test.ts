import { expect, test } from "vitest";
import { lastJson, runCli } from "../support/run-cli.ts";
import { fixture } from "./sound.ts";

const SLIPS = [fixture("slips/node1.yml"), fixture("slips/node2.yml")] as const;
const NAMES = SLIPS.map(({ name }) => name);
const SOUND_NAMES = ["sound/node1.yml", "sound/node2.yml"].map((name) => fixture(name).name);

interface Told {
  readonly file: string;
  readonly line: number;
  readonly path: string;
  readonly code: string;
  readonly severity: string;
  readonly sentence: string;
  readonly advice: string;
}

/** Node, code, path, and what the line begins with that is pointed at. */
const EXPECTED: readonly (readonly [node: 1 | 2, code: string, path: string, line: string])[] = [
  [1, "hostname-loopback", "hostname", "hostname: reg.mydomain.com"],
  [2, "hostname-loopback", "hostname", "hostname: 127.0.0.1"],
  [1, "https-missing", "https", "hostname:"],
  [2, "https-missing", "https", "hostname:"],
  [2, "differs", "data_volume", "data_volume: /mnt/data"],
  [1, "bundled-database", "database", "database:"],
  [1, "database-misnamed", "external_database.external_redis", "  external_redis:"],
  [1, "differs", "external_database.harbor", "external_database:"],
  [2, "key-missing", "external_database.harbor.port", "  harbor:"],
  [2, "key-missing", "external_redis.host", "external_redis:"],
  ...[
    "jobservice.max_job_workers",
    "jobservice.job_loggers",
    "jobservice.logger_sweeper_duration",
    "notification.webhook_job_max_retry",
    "notification.webhook_job_http_client_timeout",
    "log.level",
  ].map((path) => [2, "key-missing", path, "hostname:"] as const),
  [1, "known-password", "harbor_admin_password", "harbor_admin_password: Harbor12345"],
  [1, "known-password", "database.password", "  password: root123"],
  [1, "known-password", "external_database.external_redis.password", "    password: 123456"],
  [1, "known-password", "external_redis.password", "  password: redis"],
  [1, "database-superuser", "external_database.external_redis.username", "    username: postgres"],
  [1, "ssl-mode-disable", "external_database.external_redis.ssl_mode", "    ssl_mode: disable"],
  [2, "ssl-mode-unknown", "external_database.harbor.ssl_mode", "    ssl_mode: requires"],
  [1, "connections-unlimited", "external_database.external_redis.max_open_conns", "    max_open_conns: 0"],
  [1, "removed-key", "clair", "clair:"],
  [1, "removed-key", "chartmuseum", "chartmuseum:"],
  [1, "removed-key", "external_database.clair", "  clair:"],
  [1, "removed-key", "external_database.notary_signer", "  notary_signer:"],
  [1, "removed-key", "external_database.notary_server", "  notary_server:"],
  [1, "removed-key", "external_redis.chartmuseum_db_index", "  chartmuseum_db_index:"],
  [1, "removed-key", "external_redis.clair_db_index", "  clair_db_index:"],
  [1, "redis-index-zero", "external_redis.registry_db_index", "  registry_db_index: 0"],
  [1, "redis-index-shared", "external_redis.trivy_db_index", "  trivy_db_index: 5"],
  [1, "sentinel-missing", "external_redis.host", "  host: 10.0.0.20:6379,10.0.0.21:6379"],
  [1, "cfg-key", "db_host", "db_host:"],
  [1, "cfg-key", "db_password", "db_password:"],
  [1, "cfg-key", "ui_url_protocol", "ui_url_protocol:"],
  [2, "unknown-key", "external_redis.registry_db_indx", "  registry_db_indx:"],
  [2, "differs", "harbor_admin_password", "harbor_admin_password:"],
  [2, "differs", "external_redis.password", "  password:"],
];

async function told(...names: string[]): Promise<readonly Told[]> {
  const { findings } = lastJson(await runCli(["lint", ...names, "--output", "json"]));
  return findings as readonly Told[];
}

test("every slip of two nodes is found, with its file, its line and an advice", async () => {
  const findings = await told(...NAMES);
  const lines = SLIPS.map(({ text }) => text.split("\n"));
  const seen = findings.map(({ file, line, code, path }) => [
    file,
    code,
    path,
    lines[NAMES.indexOf(file)]?.[line - 1],
  ]);
  for (const [node, code, path, start] of EXPECTED) {
    const line: unknown = expect.stringMatching(new RegExp(`^${start}`));
    expect(seen).toContainEqual([NAMES[node - 1], code, path, line]);
  }
  for (const one of findings) {
    expect(Object.keys(one)).toEqual(["file", "line", "path", "code", "severity", "sentence", "advice"]);
    expect(["error", "warning"]).toContain(one.severity);
    expect([one.sentence.length, one.advice.length].every((length) => length > 5)).toBe(true);
  }
});

test("findings are told by file and from top to bottom, each once", async () => {
  const findings = await told(...NAMES);
  const order = findings.map(({ file, line }) => NAMES.indexOf(file) * 1000 + line);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  const keys = findings.map(({ file, path, code }) => `${file} ${path} ${code}`);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

test("people get a line a finding, its advice below it, and the counts", async () => {
  const ran = await runCli(["lint", ...NAMES]);
  expect([ran.code, ran.err]).toEqual([2, []]);
  expect(ran.out[0]).toMatch(
    new RegExp(
      `^${NAMES[0] ?? ""}:1: error: hostname: is still reg.mydomain.com, .+ \\[hostname-loopback\\]$`,
    ),
  );
  expect(ran.out[1]).toMatch(/^ {4}advice: \S/);
  const errors = ran.out.filter((line) => / error: .*\]$/.test(line)).length;
  const warnings = ran.out.filter((line) => / warning: .*\]$/.test(line)).length;
  expect(ran.out.at(-1)).toBe(`2 files: ${errors} errors, ${warnings} warnings`);
  expect(errors + warnings).toBe((await told(...NAMES)).length);
});

test("two nodes that agree and have no slip end with 0", async () => {
  expect(await runCli(["lint", ...SOUND_NAMES])).toMatchObject({
    code: 0,
    out: ["2 files: nothing found"],
    err: [],
  });
  const ran = await runCli(["lint", ...SOUND_NAMES, "--output", "json"]);
  expect([ran.code, lastJson(ran)]).toEqual([0, { findings: [], files: 2 }]);
});

test("a warning alone ends with 2 as well", async () => {
  const other = fixture("version-2.1.yml").name;
  const ran = await runCli(["lint", other, "--output", "json"]);
  expect(lastJson(ran)).toMatchObject({
    files: 1,
    findings: [{ severity: "warning", code: "ssl-mode-disable" }],
  });
  expect(ran.code).toBe(2);
});

test("of one file only its own slips can be told, and that is said", async () => {
  const ran = await runCli(["lint", SOUND_NAMES[0] ?? ""]);
  expect([ran.code, ran.out]).toEqual([0, ["1 file: nothing found"]]);
  expect(ran.err.join()).toContain("name those of all nodes");
  expect((await runCli(["lint", ...SOUND_NAMES])).err).toEqual([]);
});

test("files that can't be read end with 1, a command line that makes no sense with 64", async () => {
  const unread = await runCli(["lint", "no-such.yml", "test/lint", ...SOUND_NAMES, "--output", "json"]);
  expect(unread.code).toBe(1);
  expect(lastJson(unread)).toMatchObject({ failure: { code: "FILE_UNREADABLE" } });
  expect(unread.text).toContain("no-such.yml (there is none), test/lint (it is a folder)");
  expect((await runCli(["lint"])).code).toBe(64);
  expect((await runCli(["lint", SOUND_NAMES[0] ?? "", SOUND_NAMES[0] ?? ""])).code).toBe(64);
  expect((await runCli(["lint", ...SOUND_NAMES, "--fix"])).code).toBe(64);
});
