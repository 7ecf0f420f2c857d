import { describe, expect, test } from "vitest";
import { factsOf } from "../../src/failback/audit-entries.ts";
import type { AuditEntry } from "../../src/observed/model.ts";
import { PROFILE_NAMES } from "../../src/sandbox/profile.ts";
import { digestOf } from "../support/digests.ts";
import { Scene } from "../support/scene.ts";

const x = digestOf("a");

function entry(operation: string, resourceType: string, resource: string, description = ""): AuditEntry {
  return { id: 7, at: 70, username: "ann", operation, resourceType, resource, description };
}

describe("entries of real Harbors, by release", () => {
  test.each([
    ["2.1 and 2.9: a push by tag", entry("create", "artifact", "rec/app:v9"), { act: "push", tag: "v9" }],
    ["2.9: a push by digest", entry("create", "artifact", `rec/app:${x}`), { act: "push", digest: x }],
    [
      "2.14: a push by digest",
      entry("create", "artifact", `rec/app@${x}`, `push artifact: rec/app@${x}`),
      { act: "push", digest: x },
    ],
    [
      "2.14: a push by tag names its digest beside",
      entry("create", "artifact", "rec/app:v1", `push artifact: rec/app@${x}`),
      { act: "push", tag: "v1", digest: x },
    ],
    ["2.9: a deletion", entry("delete", "artifact", `rec/app:${x}`), { act: "delete-artifact", digest: x }],
    ["2.14: a deletion", entry("delete", "artifact", `rec/app@${x}`), { act: "delete-artifact", digest: x }],
    ["a tag that was made", entry("create", "tag", "rec/app:stable"), { act: "create-tag", tag: "stable" }],
    [
      "a tag that was removed",
      entry("delete", "tag", "rec/app:stable"),
      { act: "delete-tag", tag: "stable" },
    ],
    ["a repository that was removed", entry("delete", "repository", "rec/app"), { act: "delete-repository" }],
  ])("%s", (_name, row, said) => {
    expect(factsOf([row])).toEqual([
      expect.objectContaining({ id: 7, at: 70, username: "ann", repository: "rec/app", ...said }),
    ]);
  });

  test("a project is its own repository", () => {
    expect(factsOf([entry("create", "project", "rec"), entry("delete", "project", "rec")])).toMatchObject([
      { act: "create-project", repository: "rec" },
      { act: "delete-project", repository: "rec" },
    ]);
  });

  test("deep repositories keep their slashes, and tags their dots and dashes", () => {
    expect(factsOf([entry("create", "artifact", "rec/team/deep/app:v1.2-rc_3")])).toMatchObject([
      { repository: "rec/team/deep/app", tag: "v1.2-rc_3" },
    ]);
  });

  test.each([
    entry("pull", "artifact", "rec/app:v1"),
    entry("create", "robot", "robot$one"),
    entry("create", "user", "ann"),
    entry("create", "artifact", ""),
    entry("delete", "repository", ""),
    entry("update", "configuration", "rec/app:v1"),
  ])("what is not about content is left out: $operation $resourceType $resource", (row) => {
    expect(factsOf([row])).toEqual([]);
  });
});

describe.each(PROFILE_NAMES)("a Harbor %s", (profile) => {
  test("says what was done, in an order that can be told", async () => {
    await using scene = await Scene.create({ registries: { a: profile } });
    const a = scene.sandbox("a");
    const first = a.push("team/app", "v1");
    const second = a.push("team/app", "v2");
    a.deleteTag("team/app", "v1");
    a.deleteArtifact("team/app", second);
    scene.world.catchUp();
    const facts = factsOf(await scene.port("a").audit({ afterId: 0, limit: 100 }));
    const named = profile === "2.14" || profile === "2.16";
    expect(facts.map(({ act, tag, digest }) => [act, tag, digest])).toEqual([
      ["create-project", undefined, undefined],
      ["push", "v1", named ? first : undefined],
      ["push", "v2", named ? second : undefined],
      ["delete-tag", "v1", undefined],
      ["delete-artifact", undefined, second],
    ]);
  });
});
