import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lintJson, lintLines } from "../../src/cli/render/lint.ts";
import { lintFiles } from "../../src/lint/lint.ts";
import { changed } from "./sound.ts";

const CANARY = "tw1tter-9931";

/** What is printed of files with these texts, in both forms. */
function printed(...texts: string[]): string {
  const { findings } = lintFiles(texts.map((text, at) => ({ name: `n${at}.yml`, text })));
  const report = { findings, files: texts.length, untested: [] };
  return [...lintLines(report), JSON.stringify(lintJson(report))].join("\n");
}

const PLACES: readonly (readonly [what: string, from: string, to: string])[] = [
  ["of the administrator", "TheFirstDayOnly-7431", CANARY],
  ["of the database", "of-the-database-7431", CANARY],
  ["of Redis", "of-redis-7431", CANARY],
  ["under a misspelt key", "password: of-redis", `pasword: ${CANARY} #`],
  ["in an address", "external_url: https://", `external_url: https://admin:${CANARY}@`],
  ["in a proxy", "  http_proxy:", `  http_proxy: http://me:${CANARY}@proxy:3128`],
  [
    "of the storage",
    "trivy:\n",
    `storage_service:\n  s3:\n    secretkey: ${CANARY}\n    region: ${CANARY}\ntrivy:\n`,
  ],
  ["of GitHub", "  skip_update: false", `  github_token: ${CANARY}`],
  ["without a blank behind the colon", "  password: of-redis-7431\n", `  password:${CANARY}\n`],
  ["in braces without a blank", "core:\n", `redis: {password:${CANARY}, host:${CANARY}}\ncore:\n`],
  ["with a quote too many", "of-redis-7431", `"${CANARY}"x`],
  ["that looks like an alias", "of-redis-7431", `*${CANARY}`],
  ["that looks like a tag", "of-redis-7431", `!${CANARY}`],
  ["that begins with a percent sign", "of-redis-7431", `%${CANARY}`],
  ["with a colon in it", "of-redis-7431", `x: ${CANARY}`],
  ["where a map belongs", "core:\n  quota_update_provider: db", `core: ${CANARY}`],
  ["as a key of harbor.cfg", "core:\n", `db_password: ${CANARY}\ncore:\n`],
];

describe("no password is printed,", () => {
  test.each(PLACES)("not one %s", (_what, from, to) => {
    const text = changed([from, to]);
    expect(text).toContain(CANARY);
    const other = text.replaceAll(CANARY, `${CANARY}-too`);
    expect(printed(text)).not.toContain(CANARY);
    expect(printed(text, changed(["hub1", "hub2"]), other)).not.toContain(CANARY);
  });

  test("whatever it is made of", () => {
    const secrets = fc
      .string({ unit: "grapheme-ascii", minLength: 8, maxLength: 20 })
      .map((text) => `Zq9${text.trim()}9qZ`);
    fc.assert(
      fc.property(secrets, secrets, fc.boolean(), (redis, database, isQuoted) => {
        const written = (secret: string): string => (isQuoted ? JSON.stringify(secret) : secret);
        const text = changed(["of-redis-7431", written(redis)], ["of-the-database-7431", written(database)]);
        const all = printed(text, changed(["hub1", "hub2"]));
        expect([all.includes(redis), all.includes(database)]).toEqual([false, false]);
        expect(all).not.toMatch(/Zq9|9qZ/);
      }),
      { numRuns: 60 },
    );
  });
});
