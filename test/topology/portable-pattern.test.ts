import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern } from "../../src/topology/doublestar.ts";
import {
  alternativesOf,
  fitsBraces,
  joinAlternatives,
  literalsOf,
} from "../../src/topology/portable-pattern.ts";

function textsOf(pattern: string): readonly string[] {
  const alternatives = alternativesOf(pattern);
  if (alternatives.kind === "mistake") throw new Error(alternatives.message);
  return alternatives.texts;
}

describe("alternativesOf", () => {
  it.each([
    ["app", ["app"]],
    ["v{1,2}{a,b}", ["v1a", "v1b", "v2a", "v2b"]],
    ["{v1,{x,y}}", ["v1", "x", "y"]],
    ["{p1/**,p2/r1}", ["p1/**", "p2/r1"]],
    ["{,a}b", ["b", "ab"]],
    ["{a,a}", ["a"]],
    ["[a-c^]\\*", ["[a-c\\^]\\*"]],
    ["[^a]?", ["[^a]?"]],
    ["**/x", ["**/x"]],
    ["a\\{", ["a\\{"]],
  ])("writes %s out", (pattern, texts) => {
    expect(textsOf(pattern)).toEqual(texts);
  });

  it("never makes a ** of stars that braces had kept apart", () => {
    expect(textsOf("{*,a}{*,b}")).toEqual(["*", "*b", "a*", "ab"]);
    expect(textsOf("{**,q}")).toEqual(["*", "q"]);
  });

  it("refuses what would unfold without end", () => {
    expect(alternativesOf("{a,b}".repeat(8))).toEqual({
      kind: "mistake",
      message: "stands for more than 200 alternatives",
    });
  });

  it("keeps the meaning", () => {
    const token = fc.constantFrom(
      "a",
      "b",
      "*",
      "?",
      "/",
      "{a,b}",
      "{a*,b}",
      "{,a}",
      "{x,{a,?}}",
      "[ab]",
      "**",
    );
    const texts = fc.string({ unit: fc.constantFrom("a", "b", "x", "/"), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 4 }), texts, (tokens, text) => {
        const whole = compilePattern(tokens.join(""));
        fc.pre(whole.kind === "pattern");
        const one = textsOf(tokens.join(""))
          .map(compilePattern)
          .some((each) => each.kind === "pattern" && each.matches(text));
        // An empty text is the empty pattern, which alone matches everything.
        fc.pre(!textsOf(tokens.join("")).includes(""));
        expect(one).toBe(whole.matches(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("joinAlternatives", () => {
  it("puts several into one group and leaves one alone", () => {
    expect(joinAlternatives([])).toBeUndefined();
    expect(joinAlternatives(["a/b"])).toBe("a/b");
    expect(joinAlternatives(["a", "b-*"])).toBe("{a,b-*}");
  });

  it.each(["a/b", "a b", "{a}", "a,b", "a\\*", ""])("does not put %j into braces", (text) => {
    expect(fitsBraces(text)).toBe(false);
    expect(joinAlternatives(["x", text])).toBeUndefined();
  });
});

describe("literalsOf", () => {
  it("knows which patterns are only names", () => {
    expect(literalsOf("{a,b}c")).toEqual(["ac", "bc"]);
    expect(literalsOf("a\\*")).toEqual(["a*"]);
    expect(literalsOf("a*")).toBeUndefined();
    expect(literalsOf("{a")).toBeUndefined();
  });
});
