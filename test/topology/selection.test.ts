import { describe, expect, it } from "vitest";
import { AppError } from "../../src/errors.ts";
import type { Selection } from "../../src/topology/model.ts";
import { RESCUE_TAG_PREFIX, selects } from "../../src/topology/selection.ts";

const all: Selection = { projects: ["**"], repositories: ["**"], tags: "**", excludeTags: [] };

describe("selects", () => {
  it("takes everything by default, except what was rescued", () => {
    const everything = selects(all);
    expect(everything.project("library")).toBe(true);
    expect(everything.repository("library/a/b")).toBe(true);
    expect(everything.tag("latest")).toBe(true);
    expect(everything.tag(`${RESCUE_TAG_PREFIX}0123456789ab-latest`)).toBe(false);
  });

  it("wants the project and the path inside to match", () => {
    const some = selects({ ...all, projects: ["library", "team-*"], repositories: ["app", "base/**"] });
    expect(some.project("team-x")).toBe(true);
    expect(some.project("teams")).toBe(false);
    expect(some.repository("library/app")).toBe(true);
    expect(some.repository("library/base/a/b")).toBe(true);
    expect(some.repository("library/app/x")).toBe(false);
    expect(some.repository("other/app")).toBe(false);
    expect(some.repository("library")).toBe(false);
  });

  it("wants a tag to match and not to be excluded", () => {
    const some = selects({ ...all, tags: "v*", excludeTags: ["*-rc", "v0*"] });
    expect(some.tag("v1")).toBe(true);
    expect(some.tag("v1-rc")).toBe(false);
    expect(some.tag("v0.1")).toBe(false);
    expect(some.tag("latest")).toBe(false);
  });

  it("calls a malformed pattern a bug, since declarations are checked", () => {
    expect(() => selects({ ...all, tags: "{a" })).toThrow(AppError);
  });
});
