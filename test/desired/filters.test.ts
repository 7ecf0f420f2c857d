import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteLength, compileFilters } from "../../src/desired/filters.ts";
import type { ReplicationFilter } from "../../src/observed/model.ts";
import { compilePattern } from "../../src/topology/doublestar.ts";
import type { Selection } from "../../src/topology/model.ts";
import { selects } from "../../src/topology/selection.ts";

const ALL: Selection = { projects: ["**"], repositories: ["**"], tags: "**", excludeTags: [] };

function policiesOf(
  selection: Partial<Selection>,
  excludes = true,
): readonly (readonly ReplicationFilter[])[] {
  const compiled = compileFilters({ ...ALL, ...selection }, excludes);
  if (compiled.kind === "too-long") throw new Error(compiled.message);
  return compiled.policies;
}

/** `name …`, `tag …`, `not …`; policies apart. */
function shown(selection: Partial<Selection>, excludes = true): string[] {
  return policiesOf(selection, excludes).map((filters) =>
    filters.map((one) => `${one.excludes ? "not" : one.kind} ${String(one.value)}`).join("; "),
  );
}

/** As Harbor does it: every filter must be passed. */
function passes(filters: readonly ReplicationFilter[], repository: string, tag: string): boolean {
  return filters.every(({ kind, value, excludes }) => {
    const compiled = compilePattern(String(value));
    if (compiled.kind === "mistake") throw new Error(compiled.message);
    return compiled.matches(kind === "name" ? repository : tag) !== excludes;
  });
}

const NOT_RESCUED = "not tidelock-rescue-*";

describe("compileFilters", () => {
  it("covers everything with one pattern, rescued tags aside", () => {
    expect(shown({})).toEqual([`name **; ${NOT_RESCUED}`]);
    expect(shown({ projects: ["*"], tags: "*" })).toEqual([`name **; ${NOT_RESCUED}`]);
    expect(shown({ projects: ["a", "**"] })).toEqual([`name **; ${NOT_RESCUED}`]);
  });

  it("joins projects into one brace group", () => {
    expect(shown({ projects: ["library", "team-{x,y}", "p-*"] })).toEqual([
      `name {library,team-x,team-y,p-*}/**; ${NOT_RESCUED}`,
    ]);
    expect(shown({ projects: ["library"] })).toEqual([`name library/**; ${NOT_RESCUED}`]);
  });

  it("gives repositories with a slash a policy each, since a slash can't stand in braces everywhere", () => {
    expect(shown({ projects: ["p", "q"], repositories: ["app", "db-*", "base/**"] })).toEqual([
      `name {p,q}/{app,db-*}; ${NOT_RESCUED}`,
      `name {p,q}/base/**; ${NOT_RESCUED}`,
    ]);
    expect(shown({ repositories: ["app"] })).toEqual([`name */app; ${NOT_RESCUED}`]);
  });

  it("writes tags out so that every version reads them alike", () => {
    expect(shown({ tags: "v{1,{2,3}}.*" })).toEqual([`name **; tag {v1.*,v2.*,v3.*}; ${NOT_RESCUED}`]);
    expect(shown({ tags: "v*", excludeTags: ["{rc,beta}-*", "tmp"] })).toEqual([
      "name **; tag v*; not {rc-*,beta-*,tmp,tidelock-rescue-*}",
    ]);
  });

  it("keeps what can't stand in braces apart", () => {
    expect(shown({ excludeTags: ["a\\*", "b"] })).toEqual(["name **; not {b,tidelock-rescue-*}; not a\\*"]);
  });

  it("leaves excludes out where Harbor has none", () => {
    expect(shown({ tags: "v*", excludeTags: ["tmp"] }, false)).toEqual(["name **; tag v*"]);
  });

  it("splits what is too long for one policy", () => {
    const projects = Array.from({ length: 60 }, (_, at) => `team-with-a-long-name-${at}`);
    const policies = policiesOf({ projects });
    expect(policies.length).toBeGreaterThan(1);
    for (const filters of policies) expect(byteLength(filters)).toBeLessThanOrEqual(1000);
    for (const project of projects) {
      expect(policies.filter((filters) => passes(filters, `${project}/app`, "v1"))).toHaveLength(1);
    }
  });

  it("says what can't be split", () => {
    const compiled = compileFilters(
      { ...ALL, projects: ["x".repeat(400)], excludeTags: ["y".repeat(400), "z".repeat(400)] },
      true,
    );
    expect(compiled).toMatchObject({ kind: "too-long", message: expect.stringContaining("bytes") as string });
  });

  it("measures what Harbor stores", () => {
    const filters: ReplicationFilter[] = [
      { kind: "name", value: "a/**", excludes: false },
      { kind: "tag", value: "ü", excludes: true },
    ];
    const stored = '[{"type":"name","value":"a/**"},{"type":"tag","value":"ü","decoration":"excludes"}]';
    expect(byteLength(filters)).toBe(Buffer.byteLength(stored));
    expect(byteLength([{ kind: "tag", value: "<", excludes: false }])).toBe(
      byteLength([{ kind: "tag", value: "123456", excludes: false }]),
    );
  });

  it("covers exactly the selection, within Harbor's limit and in its portable subset", () => {
    const component = fc.constantFrom(
      "a",
      "b",
      "a*",
      "*",
      "?b",
      "{a,b}",
      "{a,{b,c}}x",
      "[ab]*",
      "long-".repeat(30),
      "**",
    );
    const path = fc.constantFrom("a", "**", "a/**", "{a,b}/c", "a/*", "{a/b,c}", "*b");
    const selection = fc.record({
      projects: fc.array(component, { minLength: 1, maxLength: 8 }),
      repositories: fc.array(path, { minLength: 1, maxLength: 3 }),
      tags: component,
      excludeTags: fc.array(
        component.filter((one) => one !== "*" && one !== "**"),
        { maxLength: 2 },
      ),
    });
    const word = fc.constantFrom("a", "b", "ab", "bx", "ax", "c", "tidelock-rescue-1");
    const repository = fc
      .tuple(word, fc.array(word, { minLength: 1, maxLength: 2 }))
      .map(([project, rest]) => [project, ...rest].join("/"));
    fc.assert(
      fc.property(
        selection,
        fc.array(fc.tuple(repository, word), { minLength: 1, maxLength: 8 }),
        (wanted, cases) => {
          const policies = policiesOf(wanted);
          const chosen = selects(wanted);
          for (const [name, tag] of cases) {
            const covered = policies.some((filters) => passes(filters, name, tag));
            expect([name, tag, covered]).toEqual([name, tag, chosen.repository(name) && chosen.tag(tag)]);
          }
          for (const filters of policies) {
            expect(byteLength(filters)).toBeLessThanOrEqual(1000);
            for (const { value } of filters) expect(String(value)).not.toMatch(/\{[^}]*[{/\s]|\}[^/]*\{/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
