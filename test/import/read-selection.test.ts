import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileFilters } from "../../src/desired/filters.ts";
import { readSelection } from "../../src/import/read-selection.ts";
import type { FilterKind, ReplicationFilter } from "../../src/observed/model.ts";
import { anyTopology } from "./as-kept.ts";

function filter(kind: FilterKind, value: string | string[], excludes = false): ReplicationFilter {
  return { kind, value, excludes };
}

describe("readSelection", () => {
  it.each<[string, ReplicationFilter[], object]>([
    ["no filter", [], { projects: ["**"], repositories: ["**"], tags: "**" }],
    ["empty filters", [filter("name", ""), filter("tag", "")], { projects: ["**"], tags: "**" }],
    ["everything", [filter("name", "**"), filter("tag", "**")], { projects: ["**"], repositories: ["**"] }],
    ["a project", [filter("name", "library/**")], { projects: ["library"], repositories: ["**"] }],
    ["projects", [filter("name", "{a,b}/**")], { projects: ["a", "b"], repositories: ["**"] }],
    ["deep paths", [filter("name", "a/team/*/app")], { projects: ["a"], repositories: ["team/*/app"] }],
    ["tags", [filter("name", "a/**"), filter("tag", "v*")], { tags: "v*", excludeTags: [] }],
    [
      "left out",
      [filter("name", "a/**"), filter("tag", "{x,y}", true)],
      { tags: "**", excludeTags: ["x", "y"] },
    ],
    [
      "left out twice, rescue tags too",
      [filter("tag", "x", true), filter("tag", "{y,tidelock-rescue-*}", true)],
      { excludeTags: ["x", "y"] },
    ],
  ])("reads %s", (_, filters, selection) => {
    expect(readSelection([filters])).toMatchObject({ kind: "selection", selection });
  });

  it.each<[ReplicationFilter[], RegExp]>([
    [[filter("label", ["gold"])], /label/],
    [[filter("resource", "image")], /resources of the kind image/],
    [[filter("name", "a/**", true)], /leaves repositories out/],
    [[filter("name", "a/**"), filter("name", "*/x")], /several filters by name/],
    [[filter("tag", "v*"), filter("tag", "*1")], /several filters by tag/],
    [[filter("name", "library")], /no slash/],
    [[filter("name", "{a/b,c/d}")], /malformed|no set/],
    [[filter("name", "**/app")], /any depth/],
    [[filter("name", "a/**"), filter("tag", "v1, v2")], /space/],
    [[filter("name", "a,b/**")], /comma/],
    [[filter("name", "a/**"), filter("tag", "[")], /malformed/],
    [[filter("tag", "**", true)], /every tag/],
  ])("says why it can't be declared: %j", (filters, reason) => {
    const read = readSelection([filters]);
    expect(read.kind === "inexpressible" ? read.reason : read).toMatch(reason);
  });

  it("refuses policies that together are no product of projects and repositories", () => {
    const policies = [[filter("name", "a/x")], [filter("name", "b/y")]];
    expect(readSelection(policies)).toMatchObject({ kind: "inexpressible" });
    expect(readSelection([[filter("name", "a/x")], [filter("name", "b/x")]])).toMatchObject({
      kind: "selection",
      selection: { projects: ["a", "b"], repositories: ["x"] },
    });
  });

  it("reads back what was compiled, so that it compiles to the same", () => {
    fc.assert(
      fc.property(anyTopology, ({ content }) => {
        const compiled = compileFilters(content, true);
        if (compiled.kind === "too-long") return;
        const read = readSelection(compiled.policies);
        if (read.kind !== "selection") throw new Error(read.reason);
        expect(compileFilters(read.selection, true)).toEqual(compiled);
      }),
      { numRuns: 100 },
    );
  });
});
