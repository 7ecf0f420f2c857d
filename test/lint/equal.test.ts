import fc from "fast-check";
import { expect, test } from "vitest";
import { lintFiles } from "../../src/lint/lint.ts";
import { changed, lineOf, SOUND, without } from "./sound.ts";

function differing(...texts: string[]): string[] {
  const { findings } = lintFiles(texts.map((text, at) => ({ name: `n${at + 1}`, text })));
  return findings
    .filter(({ code }) => code === "differs")
    .map(({ file, line, path, sentence }) => `${file}:${line} ${path} ${sentence}`);
}

test("nodes may differ in their hostname, in the order of lists and keys, and in how a number is written", () => {
  const other = changed(
    ["hub1", "hub2"],
    ["    - core\n    - jobservice\n", "    - jobservice\n    - core\n"],
    ["port: 5432", 'port: "5432"'],
    ["  http_proxy:\n", '  http_proxy: ""\n'],
  );
  expect(differing(SOUND, other)).toEqual([]);
});

test("of two the later is blamed, of three the one that stands alone, and whoever has nothing", () => {
  const moved = changed(["/srv/harbor", "/data"]);
  const [line, there] = [lineOf(SOUND, "data_volume"), 'is "/data" here and "/srv/harbor" in'];
  expect(differing(SOUND, moved)).toEqual([`n2:${line} data_volume ${there} n1:${line}`]);
  expect(differing(moved, SOUND, SOUND)).toEqual([`n1:${line} data_volume ${there} n2:${line}`]);
  const lacking = SOUND.replace(/^cache:\n.*\n.*\n/m, "");
  expect(differing(lacking, SOUND)).toEqual([
    `n1:1 cache is not there, and is in n2:${lineOf(SOUND, "cache:")}`,
  ]);
});

test("nodes of different names need the address of the front, each of them that lacks it", () => {
  const lacking = (...texts: string[]): string[] =>
    lintFiles(texts.map((text, at) => ({ name: `n${at + 1}`, text })))
      .findings.filter(({ code }) => code === "external-url-missing")
      .map(({ file, line, path }) => `${file}:${line} ${path}`);
  const [one, other] = [without("external_url"), without("external_url").replace("hub1", "hub2")];
  const line = lineOf(one, "hostname:");
  expect(lacking(one, other)).toEqual([`n1:${line} hostname`, `n2:${line} hostname`]);
  expect(lacking(SOUND, other)).toEqual([`n2:${line} hostname`]);
  expect(lacking(one, one)).toEqual([]);
  expect(lacking(one)).toEqual([]);
  expect(lacking(one, other.replace("hub2.example.com", "localhost"))).toEqual([]);
  expect(lacking(SOUND, changed(["hub1", "hub2"]))).toEqual([]);
});

test("what is secret is compared and not shown", () => {
  const other = changed(
    ["of-redis-7431", "another-7431"],
    ["  http_proxy:", "  http_proxy: http://u:canary@p:1"],
  );
  const [redis, proxy] = ["of-redis", "http_proxy"].map((text) => lineOf(SOUND, text));
  expect(differing(SOUND, other)).toEqual([
    `n1:${proxy} proxy.http_proxy is not there, and is in n2:${proxy}`,
    `n2:${redis} external_redis.password is not the same as in n1:${redis}`,
  ]);
});

test("what nobody reads makes no difference", () => {
  const other = changed(["cache:\n", "clair:\n  updaters_interval: 12\nnonsense: 1\ncache:\n"]);
  expect(differing(SOUND, other)).toEqual([]);
});

test("any number of equal nodes is equal, and one that is not is found wherever it stands", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(5), (count, seat) => {
      const texts = Array.from({ length: count }, () => SOUND);
      expect(differing(...texts)).toEqual([]);
      const at = seat % count;
      texts[at] = changed(["quota_update_provider: db", "quota_update_provider: redis"]);
      expect(differing(...texts).map((one) => one.split(":")[0])).toEqual([
        count === 2 ? "n2" : `n${at + 1}`,
      ]);
    }),
    { numRuns: 40 },
  );
});
