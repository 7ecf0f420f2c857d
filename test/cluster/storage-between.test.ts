import { expect, test } from "vitest";
import type { ContentSubject, Evidence } from "../../src/cluster/evidence.ts";
import type { Verdict } from "../../src/cluster/faults.ts";
import { judge } from "../../src/cluster/judge.ts";
import { answer, OK, wrong } from "./model-cluster.ts";
import { LIMITS, named } from "./named.ts";
import { bothRounds, HEALTHY, uploads } from "./recorded-states.ts";

function judged(more: Partial<Evidence>): Verdict {
  return judge({ ...HEALTHY, ...more }, LIMITS);
}

const STORED: readonly ContentSubject[] = ["manifest-by-tag", "manifest-by-digest", "layer"];
const CUT = wrong(OK, "cut");
const UNKNOWN_UPLOAD = answer(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");

function storedAfter(delayMs: number, at = ["n1", "n2"]): Evidence["content"] {
  return bothRounds((node, subject) => (at.includes(node) && STORED.includes(subject) ? delayMs : 20));
}

test("what is right by the limit is healthy, but said when it is slow", () => {
  const verdict = judged({ content: storedAfter(LIMITS.visibleWithinMs) });
  expect(verdict).toMatchObject({ sound: true, untested: [] });
  expect(verdict.notes).toContain(
    "what one node took was seen by the others after up to 2 s: a file system that caches",
  );
  expect(judged({}).notes.join()).not.toContain("file system that caches");
});

test("what is right later is stale: for sure only if uploads do not cross either", () => {
  const late = storedAfter(LIMITS.visibleWithinMs + 1);
  expect(judged({ content: late }).faults).toMatchObject([{ name: "storage-stale", confidence: "likely" }]);
  expect(judged({ content: late, ...uploads(UNKNOWN_UPLOAD) }).faults).toMatchObject([
    { name: "storage-stale", confidence: "certain", nodes: ["n1", "n2"] },
  ]);
});

test("what is late one way only is the fault of who reads it", () => {
  expect(judged({ content: storedAfter(9000, ["n1"]) }).faults).toMatchObject([
    { name: "storage-stale", nodes: ["n1"] },
  ]);
});

test("what never gets out of a node, while it gets everything, is a copy at that node", () => {
  const oneWay = bothRounds((node, subject) => (node === "n1" && STORED.includes(subject) ? CUT : 20));
  expect(judged({ content: oneWay, ...uploads(UNKNOWN_UPLOAD) }).faults).toMatchObject([
    { name: "storage-stale", nodes: ["n2"], confidence: "certain" },
  ]);
});

test("whole images that arrive while uploads are not known are copied quickly", () => {
  expect(judged(uploads(UNKNOWN_UPLOAD)).faults).toMatchObject([
    { name: "storage-stale", confidence: "likely" },
  ]);
});

test("an upload that is known only late lies behind a cache", () => {
  const slow = uploads().uploads.map((row) => (row.from === row.to ? row : { ...row, rightAfterMs: 4000 }));
  const { faults } = judged({ uploads: slow });
  expect(faults).toMatchObject([{ name: "storage-stale", confidence: "likely" }]);
  expect(faults[0]?.evidence).toEqual(["an upload begun on one was known to the other only after 4 s"]);
});

test("bytes that never come, while uploads cross, lie in one storage after all", () => {
  const never = bothRounds((_node, subject) => (STORED.includes(subject) ? CUT : 20));
  expect(named(judged({ content: never }))).toEqual(["storage-stale"]);
  expect(named(judged({ content: never, uploads: [] }))).toEqual(["storage"]);
});

test("seen one way only, what never comes is less sure", () => {
  const never = bothRounds((_node, subject) => (STORED.includes(subject) ? CUT : 20));
  expect(judged({ content: never.slice(0, 1), uploads: [] }).faults).toMatchObject([
    { name: "storage", confidence: "likely" },
  ]);
});

test("what came one way only does not rule a copy out", () => {
  const verdict = judged({ content: HEALTHY.content.slice(0, 1), uploads: [] });
  expect(verdict.sound).toBe(true);
  expect(verdict.untested.map(({ name }) => name)).toEqual(["storage", "storage-stale", "upload-secret"]);
  expect(verdict.untested[0]?.reason).toBe("content was followed one way only between n1 and n2");
});
