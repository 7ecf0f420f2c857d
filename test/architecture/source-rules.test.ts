import { basename } from "node:path";
import { expect, test } from "vitest";
import { looseEnds } from "./loose-ends.ts";
import { emptyNames, indirectExports, isEmpty } from "./names.ts";
import { FILE_BUDGET, FILE_SIZES, FUNCTION_BUDGET, FUNCTION_SIZES, quantile } from "./sizes.ts";
import { filesUnder, SOURCES, textOf } from "./source-tree.ts";

test.each([
  ["files", FILE_SIZES, FILE_BUDGET],
  ["functions", FUNCTION_SIZES, FUNCTION_BUDGET],
])("%s keep the budget of lines", (_what, sizes, budget) => {
  expect(sizes.length).toBeGreaterThan(100);
  expect(sizes.filter(({ lines }) => lines > budget.most)).toEqual([]);
  expect(quantile(sizes, 0.5)).toBeLessThanOrEqual(budget.median);
  expect(quantile(sizes, 0.9)).toBeLessThanOrEqual(budget.p90);
});

test("banned words are told from good ones", () => {
  const banned = ["syncTags", "http-utils", "processTag", "handle", "userData", "PolicyManager", "TagInfo"];
  expect(banned.filter((name) => !isEmpty(name, "function"))).toEqual([]);
  const fine = ["reconcile", "database", "inform", "handler", "asynchronous"];
  expect(fine.filter((name) => isEmpty(name, "function"))).toEqual([]);
});

test("files are named by the question that they answer, in kebab-case", () => {
  const names = SOURCES.map(({ fileName }) => basename(fileName, ".ts"));
  expect(names.filter((name) => isEmpty(name, "file") || name === "index")).toEqual([]);
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
});

test("functions and types have names with a meaning", () => {
  expect(emptyNames()).toEqual([]);
});

test("everything is exported by name, where it is defined", () => {
  expect(indirectExports()).toEqual([]);
});

test("time, randomness, the environment, the exit and the console stay in their homes; nothing is any or asserted", () => {
  expect(looseEnds()).toEqual([]);
});

test("no check is switched off, and nothing is left for later", () => {
  // Written so that this file does not find itself. A test of types expects errors of the compiler; nothing else may.
  const loose = /eslint-dis[a]ble|@ts-(?:ign[o]re|noch[e]ck)|TO[D]O|FIX[M]E/;
  const folders = ["src", "test", "bench", "scripts"];
  const files = folders.flatMap(filesUnder).filter((path) => /\.m?[jt]s$/.test(path));
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((path) => loose.test(textOf(path)))).toEqual([]);
  expect(SOURCES.filter(({ text }) => text.includes("@ts-expect-error"))).toEqual([]);
});

test("tests wait for states, never for time; they replace no modules, and none is left out", () => {
  const naps = /setTimeo[u]t\(|vi\.mo[c]k\(|\b(?:test|it|describe)\.(?:on[l]y|sk[i]p)\b/;
  const tests = filesUnder("test").filter((path) => path.endsWith(".test.ts"));
  expect(tests.filter((path) => naps.test(textOf(path)))).toEqual([]);
});
