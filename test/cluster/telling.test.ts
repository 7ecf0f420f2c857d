import { expect, test } from "vitest";
import type { ContentCheck, ContentRound, Evidence } from "../../src/cluster/evidence.ts";
import { FAULTS } from "../../src/cluster/faults.ts";
import { judge } from "../../src/cluster/judge.ts";
import { MASKS } from "../../src/cluster/masks.ts";
import { summary } from "../../src/cluster/summary.ts";
import { visibilityOf } from "../../src/cluster/visibility.ts";
import { whereToLook } from "../../src/cluster/where-to-look.ts";
import { answer, OK, wrong } from "./model-cluster.ts";
import { LIMITS } from "./named.ts";
import { bothRounds, HEALTHY, RECORDED } from "./recorded-states.ts";

function notes(more: Partial<Evidence>): readonly string[] {
  return judge({ ...HEALTHY, ...more }, LIMITS).notes;
}

const ROUND: ContentRound = { ...HEALTHY.content[0]!, pushedBy: "n1", taggedBy: "n2", untaggedBy: "n2" };

function check(
  node: string,
  subject: ContentCheck["subject"],
  rightAfterMs: number | undefined,
): ContentCheck {
  return { node, subject, rightAfterMs, tries: 1 };
}

test("delays are those of other nodes than the one that wrote", () => {
  const checks = [
    check("n1", "layer", 1),
    check("n2", "layer", 30),
    check("n2", "manifest-by-tag", undefined),
    check("n1", "manifest-by-second-tag", 20),
    check("n2", "manifest-by-second-tag", 2),
    check("n1", "second-tag-gone", 10),
    check("n2", "second-tag-gone", 3),
  ];
  expect(visibilityOf([{ ...ROUND, checks }])).toEqual({
    checks: 4,
    never: 1,
    minMs: 10,
    medianMs: 20,
    p95Ms: 30,
    maxMs: 30,
  });
});

test("ranks are those of the delays themselves", () => {
  const checks = Array.from({ length: 100 }, (_, at) => check("n2", "layer", 100 - at));
  expect(visibilityOf([{ ...ROUND, checks }])).toMatchObject({
    minMs: 1,
    medianMs: 50,
    p95Ms: 95,
    maxMs: 100,
  });
  expect(visibilityOf([])).toEqual({
    checks: 0,
    never: 0,
    minMs: undefined,
    medianMs: undefined,
    p95Ms: undefined,
    maxMs: undefined,
  });
});

test("a report is one line", () => {
  const report = (evidence: Evidence): Parameters<typeof summary>[0] => ({
    topology: "ha",
    startedAt: 0,
    finishedAt: 9000,
    verdict: judge(evidence, LIMITS),
    visibility: visibilityOf(evidence.content),
    evidence,
    leftBehind: [],
    requests: 100,
  });
  expect(summary(report(HEALTHY))).toBe("ha: SOUND; visible within 150 ms (p95)");
  const seen = { ...HEALTHY, ...RECORDED["3b storage and redis"]!.evidence };
  expect(summary(report(seen))).toBe(
    "ha: FAULTY: storage (n1 and n2), redis (n1 and n2); 3 untested; visible within 20 ms (p95)",
  );
  const clock = { ...HEALTHY, ...RECORDED["10c clock +30 s"]!.evidence, content: [] };
  expect(summary(report(clock))).toBe("ha: FAULTY: clock (n2, likely)");
});

test("every fault has places to look at, in an installer's words and in the chart's where it has any", () => {
  for (const name of FAULTS) expect(whereToLook(name).length).toBeGreaterThan(1);
  const places = (name: (typeof FAULTS)[number]): string => whereToLook(name).join("\n");
  expect(places("token-key")).toMatch(/private_key\.pem[^]*core\.secretName/);
  expect(places("secretkey")).toMatch(/secret\/keys\/secretkey[^]*existingSecretSecretKey/);
  expect(places("upload-secret")).toMatch(/http\.secret[^]*registry\.secret/);
  expect(places("job-secret")).toMatch(/JOBSERVICE_SECRET[^]*jobservice\.secret/);
  expect(places("csrf-key")).toMatch(/CSRF_KEY[^]*core\.xsrfKey/);
});

test("nothing hides itself, and who hides is judged before", () => {
  expect(MASKS.filter(({ by, hides }) => by === hides)).toEqual([]);
  expect(MASKS.filter(({ reason }) => reason === "")).toEqual([]);
});

test("a front that does not reach a node, or nobody, is told", () => {
  const front = { reach: OK, realm: undefined, realmAnswers: undefined, reached: ["n1"], asked: 12 };
  expect(notes({ front })).toContain("12 requests over the front never reached n2");
  expect(notes({ front: { ...front, reached: undefined } }).join()).not.toContain("front");
  expect(notes({ front: { ...front, reach: answer(503, "", "") } })).toContain(
    "the front does not answer as a registry: 503",
  );
});

test("what is read wrongly over the front is told", () => {
  const bad = { ...check("front", "layer", undefined), wrong: wrong(answer(502, "", ""), "refused") };
  const front = { reach: OK, realm: undefined, realmAnswers: undefined, reached: undefined, asked: 3 };
  expect(notes({ front: { ...front, checks: [check("front", "layer", 0), bad] } })).toContain(
    "1 of 2 reads over the front were wrong, the first: 502",
  );
});

test("versions and storages are told", () => {
  expect(notes({})).toContain("all nodes run v2.9.0-local");
  expect(notes({}).join()).toContain("the storage is a file system");
  const identities = HEALTHY.identities.map((identity, at) => ({
    ...identity,
    storageProvider: ["s3", "gcs"][at],
  }));
  expect(notes({ identities })).toContain("the nodes name different kinds of storage: n1 s3, n2 gcs");
});

test("a tag that stays after it was removed is told", () => {
  const content = bothRounds((_node, subject) =>
    subject === "second-tag-gone" ? wrong(OK, "still-there") : 20,
  );
  expect(notes({ content })).toContain(
    "n2 still shows a tag that was removed through n1: look at the cache in Redis (cache.enabled)",
  );
});

test("when nobody answers, the way there is to be looked at", () => {
  const silent = { status: 0, code: "", text: "timeout", tookMs: 10_000 };
  const reach = HEALTHY.nodes.map((node) => ({ node, core: silent, registry: silent, health: undefined }));
  const verdict = judge({ ...HEALTHY, reach }, LIMITS);
  expect(verdict.faults).toMatchObject([{ name: "core-down", nodes: ["n1", "n2"], confidence: "likely" }]);
  expect(verdict.notes[0]).toMatch(/none of the nodes answered/);
});
