import { describe, expect, test } from "vitest";
import { checkTarget, type PlannedTag, type TargetFacts } from "../../src/failback/preconditions.ts";
import type { ImmutableRule, RetentionPolicy, RetentionRule } from "../../src/observed/model.ts";

const FACTS: TargetFacts = {
  registry: "b",
  project: "p",
  exists: "yes",
  creatable: "yes",
  proxyCache: false,
  readOnly: false,
  immutableRules: [],
};

function tag(name: string, more: Partial<PlannedTag> = {}): PlannedTag {
  return { path: "app", tag: name, moved: false, ...more };
}

function rule(more: Partial<ImmutableRule>): ImmutableRule {
  return {
    id: 1,
    disabled: false,
    repositoryPattern: "**",
    repositoryExcludes: false,
    tagPattern: "**",
    tagExcludes: false,
    ...more,
  };
}

function retention(rules: readonly Partial<RetentionRule>[], scheduled = true): RetentionPolicy {
  return {
    id: 1,
    scheduled,
    rules: rules.map((one) => ({
      disabled: false,
      template: "always",
      amount: 0,
      repositories: [],
      tags: [],
      ...one,
    })),
  };
}

/** The names of the tags that are withheld, and the reasons. */
function withheld(facts: Partial<TargetFacts>, ...planned: readonly PlannedTag[]): [string[], string[]] {
  const { withheld: found } = checkTarget({ ...FACTS, ...facts }, planned);
  return [[...found.keys()].map((one) => one.tag), [...new Set(found.values())]];
}

function warnings(facts: Partial<TargetFacts>, ...planned: readonly PlannedTag[]): readonly string[] {
  return checkTarget({ ...FACTS, ...facts }, planned).warnings;
}

describe("a whole project is withheld", () => {
  test.each([
    [{ readOnly: true }, "b is in read-only mode"],
    [{ proxyCache: true }, "project p on b is a proxy cache, which takes no copies"],
    [
      { exists: "no", creatable: "no" },
      "b has no project p, and the account of the endpoint may not create one",
    ],
  ] satisfies [Partial<TargetFacts>, string][])("where %o", (facts, reason) => {
    expect(withheld(facts, tag("v1"), tag("v2", { moved: true }))).toEqual([["v1", "v2"], [reason]]);
  });

  test("not where it lacks and may be created, nor where nobody could tell", () => {
    for (const facts of [
      { exists: "no", creatable: "yes" },
      { exists: "no", creatable: "unknown" },
      { exists: "unknown", creatable: "no" },
      { exists: "yes", creatable: "no" },
    ] satisfies Partial<TargetFacts>[]) {
      expect(withheld(facts, tag("v1"))[0]).toEqual([]);
    }
  });
});

describe("an immutable tag rule of the target", () => {
  const planned = [
    tag("v1", { moved: true }),
    tag("v1"),
    tag("latest", { moved: true }),
    tag("v1", { path: "team/other", moved: true }),
  ];
  const caught = (...rules: readonly Partial<ImmutableRule>[]): string[] =>
    [...checkTarget({ ...FACTS, immutableRules: rules.map(rule) }, planned).withheld.keys()].map(
      (one) => `${one.path}:${one.tag}`,
    );

  test("withholds a moved tag that it covers, and names itself; a missing one may be created", () => {
    expect(withheld({ immutableRules: [rule({ tagPattern: "v*" })] }, ...planned)).toEqual([
      ["v1", "v1"],
      ['an immutable tag rule of project p on b (tags "v*" in "**") forbids to move this tag'],
    ]);
  });

  test.each([
    [{ disabled: true }, []],
    [{ repositoryPattern: "app" }, ["app:v1", "app:latest"]],
    [{ repositoryPattern: "*" }, ["app:v1", "app:latest"]],
    [{ repositoryPattern: "team/**" }, ["team/other:v1"]],
    [{ repositoryPattern: "app", repositoryExcludes: true }, ["team/other:v1"]],
    [{ tagPattern: "v*", tagExcludes: true }, ["app:latest"]],
    [{ tagPattern: "{latest,stable}" }, ["app:latest"]],
    [{ tagPattern: "V1" }, []],
    [{ tagPattern: "{v1" }, []],
  ] satisfies [Partial<ImmutableRule>, string[]][])("matches as Harbor does: %o", (one, expected) => {
    expect(caught(one)).toEqual(expected);
  });

  test("of several, one is enough", () => {
    expect(caught({ disabled: true }, { tagPattern: "nothing" }, { tagPattern: "latest" })).toEqual([
      "app:latest",
    ]);
  });
});

describe("the quota of the target", () => {
  const quota = { limitBytes: 10_240, usedBytes: 8_192 };

  test("withholds what has no room, and names the sizes", () => {
    expect(withheld({ quota }, tag("small", { bytes: 2_048 }), tag("large", { bytes: 2_049 }))).toEqual([
      ["large"],
      ["the quota of project p on b has room for 2.0 KiB, and this takes 2.0 KiB"],
    ]);
  });

  test("withholds everything but what is there already, once it is used up", () => {
    const full = { limitBytes: 1_000, usedBytes: 1_200 };
    const planned = [tag("unknown"), tag("known", { bytes: 1 }), tag("there", { bytes: 0 })];
    expect(withheld({ quota: full }, ...planned)).toEqual([
      ["unknown", "known"],
      ["the quota of project p on b is used up (1000 B)"],
    ]);
  });

  test("lets pass what nobody could measure, and everything where there is no limit", () => {
    expect(withheld({ quota }, tag("unknown"))[0]).toEqual([]);
    expect(withheld({}, tag("large", { bytes: 10 ** 12 }))[0]).toEqual([]);
  });

  test("several that fit singly are only warned of, since Harbor counts shared layers once", () => {
    const planned = [tag("one", { bytes: 1_500 }), tag("two", { bytes: 1_500 })];
    expect(withheld({ quota }, ...planned)[0]).toEqual([]);
    expect(warnings({ quota }, ...planned)).toEqual([
      "what is to be copied into project p on b takes up to 2.9 KiB, and its quota has room for 2.0 KiB; raise it if copies fail",
    ]);
    expect(warnings({ quota }, tag("one", { bytes: 2_048 }))).toEqual([]);
  });
});

describe("tag retention of the target", () => {
  const two = [tag("v1"), tag("v2")];

  test("is told where it keeps fewer of a repository than are to come, and withholds nothing", () => {
    const policy = retention([{ template: "latestPushedK", amount: 1 }]);
    expect(withheld({ retention: policy }, ...two)[0]).toEqual([]);
    expect(warnings({ retention: policy }, ...two)).toEqual([
      "tag retention of project p on b may remove 2 tags again that are copied now, app:v1 among them: it keeps the 1 newest of a repository, and 2 are to come",
    ]);
  });

  test.each([
    ["as many as it keeps", [{ template: "latestPushedK", amount: 2 }]],
    ["what it keeps for ever", [{ template: "always" }]],
    ["what counts as pushed today", [{ template: "nDaysSinceLastPush", amount: 1 }]],
    ["what no rule covers", [{ repositories: [{ pattern: "other", excludes: false }], tags: [] }]],
    ["what a second rule keeps", [{ template: "latestPulledN", amount: 1 }, { template: "always" }]],
    ["rules that are disabled", [{ disabled: true, template: "latestPushedK", amount: 0 }]],
  ] satisfies [string, Partial<RetentionRule>[]][])("says nothing of %s", (_what, rules) => {
    expect(warnings({ retention: retention(rules) }, ...two)).toEqual([]);
  });

  test.each([
    ["no rule keeps it", { tags: [{ pattern: "release-*", excludes: false }] }],
    ["no rule keeps it", { tags: [{ pattern: "v*", excludes: true }] }],
    ["it keeps the 3 last pulled", { template: "latestPulledN", amount: 3 }],
    ["it keeps what was pulled in the last 7 days", { template: "nDaysSinceLastPull", amount: 7 }],
  ] satisfies [string, Partial<RetentionRule>][])("says why: %s", (why, one) => {
    expect(warnings({ retention: retention([one]) }, ...two)).toEqual([expect.stringMatching(`: ${why}$`)]);
  });

  test("that nobody scheduled is a person's to run", () => {
    const policy = retention([{ template: "latestPushedK", amount: 0 }], false);
    expect(warnings({ retention: policy }, ...two)).toEqual([]);
  });

  test("counts each repository for itself", () => {
    const policy = retention([{ template: "latestPushedK", amount: 1 }]);
    expect(warnings({ retention: policy }, tag("v1"), tag("v1", { path: "other" }))).toEqual([]);
  });
});
