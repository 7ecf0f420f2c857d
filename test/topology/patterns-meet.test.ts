import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern } from "../../src/topology/doublestar.ts";
import { patternsMeet } from "../../src/topology/patterns-meet.ts";

describe("patternsMeet", () => {
  it.each([
    ["library/**", "library/**", true],
    ["library/**", "team/**", false],
    ["{a,b}/**", "{b,c}/**", true],
    ["{a,b}/**", "{c,d}/**", false],
    ["team-*/**", "team-x/app", true],
    ["team-*/**", "tea/**", false],
    ["**", "a/b", true],
    ["", "a/b", true],
    ["*/app", "a/b/app", false],
    ["**/app", "a/b/app", true],
    ["v1.*", "*-rc", true],
    ["v1", "v2", false],
    ["v?", "v12", false],
    ["[a-c]x", "[d-f]x", false],
    ["[a-d]x", "[d-f]x", true],
    ["[^a]", "a", false],
    ["v*", "[^v]*", false],
    ["v*", "[^w]*", true],
    ["{a,", "b", true],
  ])("%s and %s: %s", (one, other, expected) => {
    expect([patternsMeet(one, other), patternsMeet(other, one)]).toEqual([expected, expected]);
  });

  it("is never no where a text matches both", () => {
    const token = fc.constantFrom("a", "b", "*", "?", "/", "{a,b*}", "[ab]", "[^a]", "**/", "/**");
    const pattern = fc
      .array(token, { minLength: 1, maxLength: 5 })
      .map((tokens) => tokens.join(""))
      .filter((text) => compilePattern(text).kind === "pattern");
    const text = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 5 });
    let both = 0;
    fc.assert(
      fc.property(pattern, pattern, fc.array(text, { minLength: 20, maxLength: 20 }), (one, other, texts) => {
        const matches = [one, other].map((each) => {
          const compiled = compilePattern(each);
          return (candidate: string): boolean => compiled.kind === "pattern" && compiled.matches(candidate);
        });
        if (!texts.some((candidate) => matches.every((match) => match(candidate)))) return;
        both += 1;
        expect(patternsMeet(one, other)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(both).toBeGreaterThan(100);
  });
});
