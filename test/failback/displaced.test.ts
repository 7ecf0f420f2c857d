import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AuditFact } from "../../src/failback/audit-fact.ts";
import {
  displacedBetween,
  pushedAs,
  rescueTagOf,
  pushedUnder,
  rolledBackBetween,
  type RepositorySnapshot,
} from "../../src/failback/displaced.ts";
import { selects } from "../../src/topology/selection.ts";
import { digestOf } from "../support/digests.ts";

/** `x:t,u y:` is a repository in which x has two tags and y none. */
function snapshot(text: string): RepositorySnapshot {
  return new Map(
    text
      .split(" ")
      .filter(Boolean)
      .map((row) => {
        const [letter = "", tags = ""] = row.split(":");
        return [digestOf(letter), new Set(tags.split(",").filter(Boolean))];
      }),
  );
}

function displaced(before: string, after: string, tags: string[], planned = ""): string[] {
  const work = { tags, planned: new Set(planned.split("").map(digestOf)) };
  return displacedBetween(snapshot(before), snapshot(after), work).map(
    ({ digest, tag }) => `${digest.charAt("sha256:".length)}:${tag ?? "?"}`,
  );
}

describe("what was displaced", () => {
  test.each([
    { what: "what was planned", before: "x:t", after: "x: y:t", planned: "x", found: [] },
    {
      what: "what came under the tag and lost it",
      before: "x:t",
      after: "x: y:t z:",
      planned: "x",
      found: ["z:t"],
    },
    { what: "what stood there, unplanned", before: "x:t", after: "x: y:t", planned: "", found: ["x:t"] },
    { what: "what still has another tag", before: "x:t,u", after: "x:u y:t", planned: "", found: [] },
    { what: "what had no tag before", before: "x: z:t", after: "x: y:t z:", planned: "z", found: [] },
    {
      what: "what lost another tag than ours",
      before: "x:u z:t",
      after: "x: y:t z:",
      planned: "z",
      found: [],
    },
    { what: "what is gone", before: "x:t w:t", after: "y:t", planned: "x", found: [] },
  ])("$what", ({ before, after, planned, found }) => {
    expect(displaced(before, after, ["t"], planned)).toEqual(found);
  });

  test("names the tag only where it is known", () => {
    expect(displaced("x:t v:u", "x: v: y:t w:u z:", ["t", "u"], "xv")).toEqual(["z:?"]);
    expect(displaced("x:t v:u", "x: v: y:t w:u", ["t", "u"], "x")).toEqual(["v:u"]);
    expect(displaced("", "z:", [])).toEqual(["z:?"]);
  });
});

describe("an image that came between two looks", () => {
  const push = (about: Partial<AuditFact>): AuditFact => {
    return { id: 1, at: 5000, act: "push", repository: "l/a", username: "u", ...about };
  };
  const image = { repository: "l/a", digest: digestOf("z"), tag: "t" };
  const says = (...facts: Partial<AuditFact>[]): unknown => pushedAs(facts.map(push), image, 5000);

  test("was a push under the tag, or a part, or nobody knows", () => {
    expect(says({ tag: "t", digest: digestOf("z") })).toBe("push");
    expect(says({ digest: digestOf("z") }, { tag: "t", digest: digestOf("z") })).toBe("push");
    expect(says({ digest: digestOf("z") })).toBe("part");
    expect(says({ tag: "u", digest: digestOf("z") })).toBe("part");
    expect(says({ tag: "t", digest: digestOf("y") })).toBeUndefined();
    expect(says()).toBeUndefined();
  });

  test("counts pushes where a log names no digests: ours is one of them", () => {
    expect(says({ tag: "t" })).toBeUndefined();
    expect(says({ tag: "t" }, { tag: "t" })).toBe("push");
    expect(says({ tag: "t" }, { tag: "t" }, { digest: digestOf("z") })).toBe("part");
    expect(says({ tag: "t" }, { tag: "u" })).toBeUndefined();
    expect(says({ tag: "t" }, { tag: "t", at: 2999 })).toBeUndefined();
    expect(says({ tag: "t" }, { tag: "t", repository: "l/b" })).toBeUndefined();
    expect(
      pushedAs([push({ tag: "t" }), push({ tag: "t" })], { ...image, tag: undefined }, 0),
    ).toBeUndefined();
  });
});

describe("a rescue tag", () => {
  const selection = { projects: ["**"], repositories: ["**"], tags: "**", excludeTags: [] };

  test("is one that Harbor takes, names the digest, and is outside of every selection", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/), (tag) => {
        const name = rescueTagOf(digestOf("a"), tag);
        expect(name).toMatch(/^\w[\w.-]{0,127}$/);
        expect(name).toContain("a".repeat(12));
        expect(selects(selection).tag(name)).toBe(false);
      }),
    );
  });

  test("of two images under one tag are two", () => {
    expect(rescueTagOf(digestOf("a"), "t")).toBe("tidelock-rescue-aaaaaaaaaaaa-t");
    expect(rescueTagOf(digestOf("a"), "t")).not.toBe(rescueTagOf(digestOf("b"), "t"));
  });
});

describe("a roll-back to an image without a tag", () => {
  const push: AuditFact = {
    id: 1,
    at: 5000,
    act: "push",
    repository: "l/a",
    username: "u",
    tag: "t",
    digest: digestOf("z"),
  };
  const found = (before: string, after: string, ...facts: AuditFact[]): unknown =>
    rolledBackBetween(snapshot(before), snapshot(after), facts, {
      repository: "l/a",
      tags: ["s", "t"],
      since: 5000,
    });

  test("was displaced where the log shows that it was pushed under the tag in between", () => {
    expect(found("x:t z:", "x: y:t z:", push)).toEqual([
      { digest: digestOf("z"), tag: "t", wasTagged: true },
    ]);
  });

  test.each([
    ["was pushed before", [{ ...push, at: 1000 }]],
    ["was pushed under another tag", [{ ...push, tag: "u" }]],
    ["is of another repository", [{ ...push, repository: "l/b" }]],
    ["was not said by the log", [{ ...push, digest: digestOf("y") }]],
    ["was said by nobody", []],
  ])("was not where it %s", (_why, facts) => {
    expect(found("x:t z:", "x: y:t z:", ...facts)).toEqual([]);
  });

  test("was not where it has its tag, or is new: that is known without a log", () => {
    expect(found("x:t z:", "x: z:t", push)).toEqual([]);
    expect(found("x:t", "x: y:t z:", push)).toEqual([]);
  });
});

test("under which of several tags it was pushed, only a log says that names digests", () => {
  const fact = { id: 1, at: 6000, act: "push", repository: "l/a", username: "u" } as const;
  const image = { repository: "l/a", digest: digestOf("z"), tags: ["s", "t"] };
  const under = (...facts: AuditFact[]): unknown => pushedUnder(facts, image, 5000);
  expect(under({ ...fact, tag: "t", digest: digestOf("z") })).toBe("t");
  expect(under({ ...fact, tag: "t" })).toBeUndefined();
  expect(under({ ...fact, digest: digestOf("z") })).toBeUndefined();
  expect(under({ ...fact, tag: "u", digest: digestOf("z") })).toBeUndefined();
  expect(under({ ...fact, tag: "t", digest: digestOf("z"), at: 1000 })).toBeUndefined();
});
