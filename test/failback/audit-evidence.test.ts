import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { auditEvidence, type AuditEvidence } from "../../src/failback/audit-evidence.ts";
import type { AuditFact } from "../../src/failback/audit-fact.ts";
import type { SideReading } from "../../src/parity/model.ts";
import { digestOf } from "../support/digests.ts";

const x = digestOf("a");
const y = digestOf("b");
const accounts = { account: "robot$tidelock", replication: "robot$repl" };
const ABSENT: SideReading = { kind: "absent" };

let id = 0;
function fact(act: AuditFact["act"], at: number, more: Partial<AuditFact> = {}): AuditFact {
  id += 1;
  return { id, at, act, repository: "library/app", username: "ann", ...more };
}

function present(digest: string, pushedAt: number): SideReading {
  return { kind: "present", digest, pushedAt };
}

function evidence(facts: readonly AuditFact[], reading: SideReading, held?: string): AuditEvidence {
  return auditEvidence({ facts, whole: true, accounts, clockOffsetMs: 100 }, "v1", reading, held);
}

const push = (at: number, more: Partial<AuditFact> = {}): AuditFact =>
  fact("push", at, { tag: "v1", ...more });

describe("a deletion", () => {
  test.each([
    ["of the tag", fact("delete-tag", 5_000, { tag: "v1" })],
    ["of the artifact that it stood for", fact("delete-artifact", 5_000, { digest: x })],
    ["of the repository", fact("delete-repository", 5_000)],
  ])("%s counts, by our clock", (_name, deletion) => {
    expect(evidence([push(1_000), deletion], ABSENT, x).deletion).toEqual({ at: 4_900, by: "person" });
  });

  test.each([
    ["another tag", fact("delete-tag", 5_000, { tag: "v2" }), x],
    ["another artifact", fact("delete-artifact", 5_000, { digest: y }), x],
    [
      "an artifact, where nothing is known of what stood there",
      fact("delete-artifact", 5_000, { digest: x }),
      undefined,
    ],
  ])("of %s does not", (_name, deletion, held) => {
    expect(evidence([push(1_000), deletion], ABSENT, held)).not.toHaveProperty("deletion");
  });

  test("a push that names its digest tells what stood there", () => {
    const facts = [push(1_000, { digest: x }), fact("delete-artifact", 5_000, { digest: x })];
    expect(evidence(facts, ABSENT).deletion).toBeDefined();
  });

  test.each(["push", "create-tag"] as const)("a %s after it takes it back", (act) => {
    const facts = [fact("delete-tag", 5_000, { tag: "v1" }), fact(act, 6_000, { tag: "v1" })];
    expect(evidence(facts, ABSENT, x)).not.toHaveProperty("deletion");
  });

  test("a push before it does not, though its entry was written later", () => {
    const deletion = fact("delete-tag", 5_000, { tag: "v1" });
    expect(evidence([deletion, push(4_000)], ABSENT, x).deletion).toBeDefined();
  });

  test.each([
    ["harbor-jobservice", "retention"],
    ["robot$repl", "replication"],
    ["robot$tidelock", "tidelock"],
    ["bob", "person"],
  ])("by %s is by %s", (username, by) => {
    const facts = [fact("delete-tag", 5_000, { tag: "v1", username })];
    expect(evidence(facts, ABSENT, x).deletion?.by).toBe(by);
  });

  test("nothing is said of one where the tag is there, or could not be read", () => {
    const facts = [fact("delete-tag", 5_000, { tag: "v1" })];
    expect(evidence(facts, present(x, 1_000))).not.toHaveProperty("deletion");
    expect(evidence(facts, { kind: "unread" })).not.toHaveProperty("deletion");
  });
});

describe("who pushed", () => {
  test.each([
    [-1_001, undefined],
    [-1_000, "person"],
    [0, "person"],
    [5_000, "person"],
    [5_001, undefined],
  ])("%i ms after the tag", (after, by) => {
    expect(evidence([push(10_000 + after)], present(x, 10_000)).pushedBy).toBe(by);
  });

  test("the nearest entry, not the first", () => {
    const facts = [push(9_200), push(10_010, { username: "robot$repl" })];
    expect(evidence(facts, present(x, 10_000)).pushedBy).toBe("replication");
  });

  test("from 2.13 on the digest must fit", () => {
    const facts = [push(10_000, { digest: y }), push(10_500, { digest: x, username: "robot$repl" })];
    expect(evidence(facts, present(x, 10_000)).pushedBy).toBe("replication");
    expect(evidence(facts.slice(0, 1), present(x, 10_000)).pushedBy).toBeUndefined();
  });

  test("a push of the same again is not what made the tag", () => {
    const facts = [push(10_000, { username: "robot$repl" }), push(60_000)];
    const found = evidence(facts, present(x, 10_000));
    expect(found.pushedBy).toBe("replication");
    expect(found.personPush).toEqual({ at: 59_900 });
  });

  test("a tag that was set by hand counts", () => {
    expect(evidence([fact("create-tag", 10_000, { tag: "v1" })], present(x, 10_000)).pushedBy).toBe("person");
  });

  test("the last push by a person is known where replication came after it", () => {
    const facts = [push(1_000, { digest: y }), push(10_000, { digest: x, username: "robot$repl" })];
    expect(evidence(facts, present(x, 10_000)).personPush).toEqual({ at: 900, digest: y });
  });
});

test("digests that stood there once are known even where the log has gaps; nothing else is", () => {
  const facts = [
    push(1_000, { digest: y }),
    push(2_000, { digest: x }),
    fact("delete-tag", 3_000, { tag: "v1" }),
  ];
  const found = auditEvidence({ facts, whole: false, accounts, clockOffsetMs: 0 }, "v1", ABSENT, x);
  expect(found).toEqual({ auditedDigests: [y, x] });
});

const anyFact = fc.record({
  act: fc.constantFrom<AuditFact["act"][]>(
    "push",
    "create-tag",
    "delete-tag",
    "delete-artifact",
    "delete-repository",
  ),
  at: fc.integer({ min: 0, max: 20_000 }),
  tag: fc.constantFrom("v1", "v2"),
  digest: fc.option(fc.constantFrom(x, y), { nil: undefined }),
  username: fc.constantFrom("ann", "robot$repl", "harbor-jobservice", "robot$tidelock"),
});
const anyFacts = fc.array(anyFact, { maxLength: 12 }).map((rows) =>
  rows.map(({ act, at, tag, digest, username }, i): AuditFact => {
    const ofTag = act === "push" || act === "create-tag" || act === "delete-tag" ? { tag } : {};
    return {
      id: i + 1,
      act,
      at,
      repository: "library/app",
      username,
      ...ofTag,
      ...(digest === undefined ? {} : { digest }),
    };
  }),
);

test("property: a deletion is the last thing that happened to the tag, whatever the order of the entries", () => {
  fc.assert(
    fc.property(anyFacts, fc.constantFrom(x, undefined), (facts, held) => {
      const { deletion } = evidence(facts, ABSENT, held);
      expect(evidence(facts.toReversed(), ABSENT, held).deletion).toEqual(deletion);
      if (deletion === undefined) return;
      const at = deletion.at + 100;
      const later = facts.filter((one) => one.tag === "v1" && one.at > at);
      expect(later.some(({ act }) => act === "push" || act === "create-tag")).toBe(false);
      expect(facts.some((one) => one.at === at && one.act.startsWith("delete-"))).toBe(true);
    }),
  );
});

test("property: what other tags go through changes nothing", () => {
  fc.assert(
    fc.property(anyFacts, fc.constantFrom<SideReading[]>(ABSENT, present(x, 9_000)), (facts, reading) => {
      const own = facts.filter(({ tag }) => tag !== "v2");
      expect(evidence(own, reading, x)).toEqual(evidence(facts, reading, x));
    }),
  );
});

describe("before 2.13 no log says what a push was of", () => {
  const replicated = push(10_000, { username: "robot$repl" });
  const personPush = (...before: readonly AuditFact[]): unknown =>
    evidence([...before, replicated], present(x, 10_000)).personPush;

  test("but a push that replication moved the tag from was of something else", () => {
    expect(personPush(push(1_000))).toEqual({ at: 900, replaced: true });
  });

  test("not so where it may be what made the tag, or was followed by another push", () => {
    expect(personPush(push(9_950))).toEqual({ at: 9_850 });
    expect(personPush(push(1_000), push(2_000, { username: "robot$repl" }))).toEqual({ at: 900 });
  });

  test("nothing was put over a push whose tag was removed before", () => {
    expect(personPush(push(1_000), fact("delete-tag", 2_000, { tag: "v1" }))).toBeUndefined();
    expect(personPush(push(1_000), fact("delete-artifact", 2_000, { digest: y }))).toBeUndefined();
    const named = push(1_000, { digest: y });
    expect(personPush(named, fact("delete-artifact", 2_000, { digest: x }))).toEqual({ at: 900, digest: y });
  });
});
