import { expect, test } from "vitest";
import { remediesLeft, whyNotDeleted, withinReason } from "../../src/failback/budget.ts";
import type { Finding } from "../../src/parity/model.ts";
import { digestOf } from "../support/digests.ts";

test("a flow has so many remedies an hour", () => {
  const hour = 3_600_000;
  expect(remediesLeft([0, hour / 2, hour - 1], 5, hour)).toBe(3);
  expect(remediesLeft([1, 2, 3], 2, 10)).toBe(0);
});

test("more overwrites than an outage explains are withheld, missing tags never are", () => {
  const about = { repository: "l/a", reason: "", notice: false };
  const many = Array.from({ length: 300 }, (_, i): Finding => {
    return { ...about, kind: "stale", tag: `t${i}`, from: "a", to: "b", replaces: digestOf("y") };
  });
  const missing: Finding = { ...about, kind: "missing", tag: "new" };
  expect(withinReason([...many, missing], 310)).toEqual({ allowed: [missing], withheld: many });
  expect(withinReason([...many, missing], 10_000).withheld).toEqual([]);
});

const calm = { tagsLeft: 1, isRecovering: false };

test.each([
  { count: 5, compared: 5, may: true },
  { count: 6, compared: 29, may: false },
  { count: 6, compared: 30, may: true },
  { count: 100, compared: 500, may: true },
  { count: 101, compared: 100_000, may: false },
])("$count deletions of $compared tags may be taken over: $may", ({ count, compared, may }) => {
  const why = whyNotDeleted(count, compared, calm);
  expect(why).toBe(may ? undefined : "they are far too many at once");
});

test("nothing is deleted because of a side that has nothing left, or came back only just now", () => {
  expect(whyNotDeleted(1, 1000, { ...calm, tagsLeft: 0 })).toContain("nothing left");
  expect(whyNotDeleted(1, 1000, { ...calm, isRecovering: true })).toContain("only just now");
});
