import { expect, test } from "vitest";
import { lintFiles } from "../../src/lint/lint.ts";
import { changed, foundIn, lineOf, SOUND } from "./sound.ts";

test.each([
  ["a tab", "log:\n", "log:\n\tlevel: info\n", "is indented with a tab; YAML wants spaces"],
  [
    "a quote that is not closed",
    "of-redis-7431",
    '"canary',
    "a quote or bracket is not closed, or a colon lacks",
  ],
  ["an indented line too far", "  sentinel_master_set", "      sentinel_master_set", undefined],
  ["no blank behind a colon", "\nhttp:\n", "\nhttp:canary\n", undefined],
  ["an alias of nothing", "of-redis-7431", "*canary", "its aliases can't be followed"],
])(
  "%s is told with its line, in our words, and nothing else is said of the file",
  (_what, from, to, words) => {
    const text = changed([from, to]);
    const { findings } = lintFiles([{ name: "n.yml", text }]);
    expect(findings).toHaveLength(1);
    const [one] = findings;
    expect(one).toMatchObject({ code: "not-yaml", severity: "error", path: "", file: "n.yml" });
    if (words !== undefined) expect(one?.sentence).toBe(words);
    expect(JSON.stringify(findings)).not.toMatch(/canary|\n|\bat /);
  },
);

test("a broken file does not keep the others from being looked at", () => {
  const files = [
    { name: "a", text: "hostname: [" },
    { name: "b", text: SOUND },
    { name: "c", text: changed(["/srv/harbor", "/data"]) },
  ];
  expect(lintFiles(files).findings.map(({ file, code }) => `${file} ${code}`)).toEqual([
    "a not-yaml",
    "c differs",
  ]);
});

test("a key that stands twice is told where it stands again, and the last one counts", () => {
  const text = `${SOUND}hostname: localhost\n`;
  const last = text.split("\n").length - 1;
  expect(foundIn(text)).toEqual([`${last} duplicate-key `, `${last} hostname-loopback hostname`]);
  expect(lintFiles([{ name: "n", text }]).findings[0]?.sentence).toContain(
    `on line ${lineOf(text, "hostname")}`,
  );
});

test.each([
  ["", "not-yaml"],
  ["# nothing\n", "not-yaml"],
  ["- a\n- b\n", "not-yaml"],
  ["words", "not-yaml"],
  ["a = 1\nb\0 = 2\n", "not-yaml"],
  [`hostname: h\uFFFDb\n`, "not-yaml"],
  [`a: "${"x".repeat(200_000)}"\n`, "not-yaml"],
  ["proxy: &a\n  http_proxy: *a\n", "not-yaml"],
  ["data_volume: &a [*a]\n", "not-yaml"],
])("%j holds no harbor.yml", (text, code) => expect(foundIn(text)).toEqual([`1 ${code} `]));

test("what is written once and used with an alias or a merge key is looked at where it is used", () => {
  const text = changed(
    ["    host: pg.example.com\n    port: 5432\n", "    <<: { host: pg.example.com, port: &p 5432 }\n"],
    ["  idle_timeout_seconds: 30", "  idle_timeout_seconds: *p"],
  );
  expect(foundIn(text)).toEqual([]);
  expect(foundIn(text.replace("port: &p 5432", "port: &p"))).toEqual([
    `${lineOf(text, "  harbor:")} key-missing external_database.harbor.port`,
  ]);
});

test("ends of lines and a mark at the beginning, as Windows writes them, change nothing", () => {
  const windows = `\uFEFF${SOUND.replaceAll("\n", "\r\n")}`;
  expect(foundIn(windows)).toEqual([]);
  const slip = windows.replace("hub1.example.com", "localhost");
  expect(foundIn(slip)).toEqual([`${lineOf(SOUND, "hostname")} hostname-loopback hostname`]);
});

test("harbor.cfg is named as what it is, with what to do instead", () => {
  const text =
    "## Configuration\nhostname = hub.example.com\nui_url_protocol = https\ndb_password = canary\n";
  const { findings, files } = lintFiles([{ name: "harbor.cfg", text }]);
  expect(findings).toMatchObject([{ code: "harbor-cfg", file: "harbor.cfg", line: 1, severity: "error" }]);
  expect(findings[0]?.advice).toContain("harbor.yml.tmpl");
  expect(files).toEqual([]);
  expect(JSON.stringify(findings)).not.toContain("canary");
});

test("values are read as Harbor's installer reads them: YAML 1.1", () => {
  expect(foundIn(changed(["cache:\n  enabled: false", "cache:\n  enabled: no"]))).toEqual([]);
  const other = changed(["cache:\n  enabled: false", "cache:\n  enabled: no"]);
  expect(
    lintFiles([
      { name: "a", text: SOUND },
      { name: "b", text: other },
    ]).findings,
  ).toEqual([]);
});
