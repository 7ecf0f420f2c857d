import { expect, test } from "vitest";
import type { Evidence } from "../../src/cluster/evidence.ts";
import { judge } from "../../src/cluster/judge.ts";
import { flawsOf, LIMITS, named, untestedNames } from "./named.ts";
import { HEALTHY, RECORDED } from "./recorded-states.ts";

/** What the small form does not ask. */
function small(evidence: Evidence): Evidence {
  return { ...evidence, form: "small", sessions: [], forgery: [], pings: [], executions: [] };
}

const ONLY_FULL = ["secretkey", "redis", "job-secret", "csrf-key"];

test("two healthy nodes are sound in both forms", () => {
  expect(judge(HEALTHY, LIMITS)).toMatchObject({ sound: true, faults: [], untested: [] });
  const verdict = judge(small(HEALTHY), LIMITS);
  expect(verdict.sound).toBe(true);
  expect(verdict.untested).toEqual(
    ONLY_FULL.map((name) => ({ name, nodes: [], reason: "not part of the small form" })),
  );
});

test.each(Object.keys(RECORDED))("state %s has its name in both forms", (state) => {
  const { evidence, faults } = RECORDED[state]!;
  const seen = { ...HEALTHY, ...evidence };
  const full = judge(seen, LIMITS);
  expect(flawsOf(full, HEALTHY.nodes)).toEqual([]);
  expect(named(full)).toEqual(faults);
  const less = judge(small(seen), LIMITS);
  expect(flawsOf(less, HEALTHY.nodes)).toEqual([]);
  expect(named(less)).toEqual(faults.filter((name) => !ONLY_FULL.includes(name)));
  const open = untestedNames(less);
  expect(faults.filter((name) => ONLY_FULL.includes(name) && !open.some((each) => each === name))).toEqual(
    [],
  );
});

function verdictOn(state: string): ReturnType<typeof judge> {
  return judge({ ...HEALTHY, ...RECORDED[state]!.evidence }, LIMITS);
}

test.each([
  ["9a registry dead", ["n2"]],
  ["9b core dead", ["n2"]],
  ["9c jobservice dead", ["n2"]],
  ["9d registryctl dead", ["n2"]],
  ["10a clock +600 s", ["n2"]],
  ["10b clock -600 s", ["n2"]],
  ["11 copied every 5 s", ["n2"]],
  ["1 token key", ["n1", "n2"]],
  ["3 storage", ["n1", "n2"]],
  ["7 database", ["n1", "n2"]],
])("in state %s the fault is at %s", (state, nodes) => {
  expect(verdictOn(state).faults[0]?.nodes).toEqual(nodes);
});

test("what is said is what an operator can act on", () => {
  const [fault] = verdictOn("1 token key").faults;
  expect(fault).toEqual({
    name: "token-key",
    nodes: ["n1", "n2"],
    confidence: "certain",
    sentence: "n1 and n2 do not have the same key for bearer tokens: each refuses what the other has signed",
    evidence: [
      "the key of n1 has the id JUR4, that of n2 Q2XB",
      "a token of n1 shown to n2: 401 UNAUTHORIZED: unauthorized",
      "a token of n2 shown to n1: 401 UNAUTHORIZED: unauthorized",
    ],
    look: expect.arrayContaining([
      expect.stringContaining("private_key.pem"),
      expect.stringContaining("Helm"),
    ]) as unknown,
  });
  const [stale] = verdictOn("11 copied every 5 s").faults;
  expect(stale?.confidence).toBe("certain");
  expect(stale?.evidence).toContain("a layer pushed to n1 was right at n2 only after 5.2 s");
  expect(stale?.evidence).toContain(
    "a layer pushed to n2 was never right at n1: 200, but cut off after 0 bytes",
  );
});

test("over two databases, what can still be told is told", () => {
  const verdict = verdictOn("7 database");
  // The bytes of layers come without a look into the database; so do uploads, sessions, keys.
  expect(untestedNames(verdict)).toEqual(["secretkey", "job-secret"]);
  const hidden = verdictOn("7 database, the project only in one");
  expect(untestedNames(hidden)).toEqual([
    "secretkey",
    "storage",
    "storage-stale",
    "upload-secret",
    "job-secret",
  ]);
  expect(hidden.untested[1]?.reason).toMatch(/^hidden by database of n1 and n2: /);
});
