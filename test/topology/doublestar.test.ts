import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern } from "../../src/topology/doublestar.ts";
import { referenceMatches } from "./reference-doublestar.ts";

function matches(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  if (compiled.kind === "mistake") throw new Error(compiled.message);
  return compiled.matches(text);
}

/** Each row was run through doublestar 1.3.4, but for the empty pattern, which Harbor itself takes for everything. */
const TABLE: readonly (readonly [pattern: string, yes: readonly string[], no: readonly string[]])[] = [
  ["", ["", "a", "a/b"], []],
  ["**", ["", "a", "a/b/c"], []],
  ["*", ["", "a", "v1.2"], ["a/b"]],
  ["?*", ["a", "ab"], [""]],
  ["v*", ["v", "v1", "v1.2.3"], ["", "w", "V1"]],
  ["v?", ["v1"], ["v", "v12"]],
  ["latest", ["latest"], ["Latest", "latest1", ""]],
  ["{a,b}", ["a", "b"], ["c", "", "ab", "{a,b}"]],
  ["v{1,2}{a,b}", ["v1a", "v1b", "v2a", "v2b"], ["v1", "va"]],
  ["{v1.*,latest}", ["v1.0", "v1.", "latest"], ["v2.0", "v1"]],
  ["*{-rc,-beta}*", ["v1-rc", "v1-rc2", "-beta"], ["v1", "v1-alpha"]],
  ["{p1,p2}/**", ["p1/x", "p2/x/y"], ["p3/x", "p1", "p1p2/x"]],
  ["{p1/**,p2/r1}", ["p1/x", "p1/x/y", "p2/r1"], ["p2/r2", "p1"]],
  ["{v1,{x,y}}", ["v1", "x", "y"], ["{x", "v"]],
  ["{,a}", ["", "a"], ["b"]],
  ["{a, b}", ["a", " b"], ["b"]],
  ["a,b", ["a,b"], ["a", "b"]],
  ["library/**", ["library/a", "library/a/b", "library/"], ["library", "libraryx/a"]],
  ["library/*", ["library/a"], ["library/a/b", "library"]],
  ["lib**", ["lib", "library"], ["lib/x"]],
  ["**/app", ["app", "x/app", "x/y/app"], ["x/app/y", "xapp"]],
  ["a/**/z", ["a/z", "a/b/z", "a/b/c/z"], ["a", "az", "a/b"]],
  ["x/{**,q}", ["x/q", "x/y"], ["x/y/z"]],
  ["[ab]1", ["a1", "b1"], ["c1", "1", "ab1"]],
  ["[a-c]*", ["a", "bx", "c/".slice(0, 1)], ["d", "a/b"]],
  ["[^ab]", ["c", "1"], ["a", "b", "", "/"]],
  ["[!a]", ["!", "a"], ["b"]],
  ["a\\*", ["a*"], ["ab", "a", "a\\*"]],
  ["\\{a\\}", ["{a}"], ["a"]],
  ["[\\]x]", ["]", "x"], ["\\"]],
  ["a}", ["a}"], ["a"]],
  ["ü?", ["üß", "ü😀"], ["ü", "u1"]],
];

const MALFORMED: readonly (readonly [pattern: string, why: RegExp])[] = [
  ["{a", /not closed/],
  ["x/{a,b", /not closed/],
  ["{a,{b}", /not closed/],
  ["[a", /not closed/],
  ["[", /not closed/],
  ["[]a]", /needs a backslash|is empty/],
  ["[^]", /not closed|is empty|needs/],
  ["[-a]", /needs a backslash/],
  ["[a-]", /needs a backslash/],
  ["a\\", /lone backslash/],
  ["a\\/b", /means nothing/],
  ["[a/b]", /slash/],
  ["{[a,b],c}", /needs a backslash/],
  ["{x/**,q}/z", /write the alternatives out/],
  ["{".repeat(9) + "}".repeat(9), /inside each other/],
  ["a".repeat(3000), /longer/],
];

describe("patterns mean what they mean to Harbor", () => {
  for (const [pattern, yes, no] of TABLE) {
    it(`"${pattern}"`, () => {
      expect(yes.filter((text) => !matches(pattern, text))).toEqual([]);
      expect(no.filter((text) => matches(pattern, text))).toEqual([]);
    });
  }
});

describe("malformed patterns are refused before Harbor stumbles over them", () => {
  for (const [pattern, why] of MALFORMED) {
    it(`"${pattern.slice(0, 20)}"`, () => {
      const compiled = compilePattern(pattern);
      expect(compiled.kind === "mistake" ? compiled.message : "no mistake").toMatch(why);
    });
  }
});

const token = fc.constantFrom(
  "a",
  "b",
  "*",
  "**",
  "?",
  "/",
  "**/",
  "/**",
  "{a,b}",
  "{a*,b/c}",
  "{,a}",
  "{x,{a,?}}",
);
const texts = fc.string({ unit: fc.constantFrom("a", "b", "c", "x", "/"), maxLength: 8 });

describe("the matcher", () => {
  it("agrees with one that tries everything", () => {
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 5 }), texts, (tokens, text) => {
        const pattern = tokens.join("");
        const compiled = compilePattern(pattern);
        fc.pre(compiled.kind === "pattern" && !/\{[^}]*\*\*|\*\*[^/{]*\}|\}\*|\*\{/.test(pattern));
        expect(matches(pattern, text)).toBe(referenceMatches(pattern, text));
      }),
      { numRuns: 3000 },
    );
  });

  it("never goes back: nasty patterns over long texts end at once", () => {
    const nasty = [
      "*a".repeat(60) + "b",
      "{a,a*}".repeat(60) + "b",
      "**/".repeat(60) + "b",
      "{*a,a*}*".repeat(30),
    ];
    const long = ["a".repeat(4000), "a/".repeat(2000)];
    const start = performance.now();
    for (const pattern of nasty) for (const text of long) matches(pattern, text);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(matches("*a".repeat(60), "a".repeat(60))).toBe(true);
    expect(matches("*a".repeat(60), "a".repeat(59))).toBe(false);
  });
});
