import { expect, test } from "vitest";
import { filesUnder, textOf } from "./source-tree.ts";

/** What is read as text; certificates, locks and answers of Harbors among it. */
const TEXT = /(?:\.(?:ts|mjs|cjs|js|json|jsonl|md|yaml|yml|pem)|(?:^|\/)(?:run|LICENSE|\.[a-z]+))$/;
const FILES = filesUnder(".").filter((path) => TEXT.test(path));

/**
 * What tells where the project was made instead of what it is: folders of some machine, hosts of package registries, whoever helped. Written so
 * that this file does not find itself.
 */
const FOREIGN: readonly (readonly [string, RegExp])[] = [
  ["folders of a machine", /(?<![\w.}-])\/(?:wor[k]|far[m]|ro[o]t|tm[p]\/[a-z]|home\/(?!u\b)[a-z]+)\//],
  ["a folder beside the repository", /\.\.\/shar[e]d\b/],
  [
    "hosts of package registries",
    /registry\.npm[j]s|npmj[s]\.org|deb\.debia[n]|proxy\.golan[g]|pypi\.or[g]|yarnpk[g]\.com/,
  ],
  ["who helped", /\b(?:[C]laude|[A]nthropic|[C]hatGPT|[O]penAI|[C]opilot|sub[a]gents?)\b/i],
  ["marks of an unfinished merge", /^(?:<{7}|>{7}) /m],
];

test("there is something to look at", () => {
  expect(FILES).toContain("src/main.ts");
  expect(FILES).toContain("package-lock.json");
  expect(FILES).toContain(".ci/run");
  expect(FILES.length).toBeGreaterThan(300);
});

test.each(FOREIGN)("no file names %s", (_what, pattern) => {
  const found = FILES.flatMap((path) => {
    const match = pattern.exec(textOf(path));
    return match === null ? [] : [`${path}: ${match[0]}`];
  });
  expect(found).toEqual([]);
});

test("lines end as on Unix, and every file ends with a line", () => {
  const own = FILES.filter((path) => !path.startsWith("test/recordings/"));
  expect(own.filter((path) => textOf(path).includes("\r\n"))).toEqual([]);
  expect(own.filter((path) => !textOf(path).endsWith("\n"))).toEqual([]);
});
