import { describe, expect, test } from "vitest";
import { isTouchable, type EventPolicies } from "../../src/failback/touchable.ts";
import type { ReplicationFilter, ReplicationPolicy } from "../../src/observed/model.ts";
import type { Finding } from "../../src/parity/model.ts";
import { digestOf } from "../support/digests.ts";

const MINUTE = 60_000;
const when = { now: 100 * MINUTE, settleMs: 4 * MINUTE };

function filter(
  kind: ReplicationFilter["kind"],
  value: ReplicationFilter["value"],
  excludes = false,
): ReplicationFilter {
  return { kind, value, excludes };
}

function policy(id: number, more: Partial<ReplicationPolicy> = {}): ReplicationPolicy {
  return {
    id,
    name: `p${id}`,
    description: "",
    sourceEndpointId: 0,
    targetEndpointId: 7,
    targetNamespace: "",
    targetNamespaceReplaceCount: -1,
    trigger: { kind: "event_based", cron: "" },
    filters: [],
    deletions: false,
    override: true,
    enabled: true,
    speedKbps: 0,
    copyByChunk: false,
    singleActive: false,
    ...more,
  };
}

const missing: Finding = {
  kind: "missing",
  repository: "library/app",
  tag: "v1",
  reason: "",
  notice: false,
  left: digestOf("x"),
  from: "a",
  to: "b",
  pushedAt: 96 * MINUTE,
};
const moved: Finding = { ...missing, right: digestOf("y"), replaces: digestOf("y") };

function isIt(policies: Partial<EventPolicies>, finding: Finding = missing): boolean {
  const ours = policies.ours ?? [policy(1)];
  return isTouchable(finding, { all: ours, endpointId: 7, ...policies, ours }, when);
}

describe("a tag is touchable", () => {
  test("where our event policy, and nothing else, takes it", () => {
    expect(isIt({})).toBe(true);
    expect(isIt({ all: [], ours: [policy(1)] })).toBe(false);
    expect(isIt({ all: [policy(2)] })).toBe(false);
    expect(isIt({ all: [policy(1), policy(2)] })).toBe(false);
    expect(isIt({ ours: [policy(1), policy(2)] })).toBe(false);
  });

  test("only if that policy leads where it is to go", () => {
    expect(isIt({ endpointId: 8 })).toBe(false);
    expect(isIt({ endpointId: undefined })).toBe(false);
  });

  test.each([
    [[filter("name", "other/**")], true],
    [[filter("name", "library/**"), filter("tag", "v2")], true],
    [[filter("tag", "v*", true)], true],
    [[filter("name", "library/app", true)], true],
    [[filter("name", "library/*"), filter("tag", "v*")], false],
    [[filter("tag", "x*", true)], false],
    [[filter("label", ["prod"])], false],
    [[filter("resource", "image")], false],
    [[filter("name", "library/[")], false],
    [[filter("tag", ["v9"])], false],
  ] as const)("beside a foreign policy with %j: %s", (filters, is) => {
    expect(isIt({ all: [policy(1), policy(2, { filters })] })).toBe(is);
  });

  test("of two policies of ours only if one alone takes it", () => {
    const parts = [
      policy(1, { filters: [filter("tag", "v*")] }),
      policy(2, { filters: [filter("tag", "w*")] }),
    ];
    expect(isIt({ ours: parts })).toBe(true);
    expect(isIt({ ours: parts }, { ...missing, tag: "u1" })).toBe(false);
  });

  test("where it overwrites, only with override", () => {
    const careful = [policy(1, { override: false })];
    expect(isIt({}, moved)).toBe(true);
    expect(isIt({ ours: careful }, moved)).toBe(false);
    expect(isIt({ ours: careful })).toBe(true);
  });

  test("never while its own event may still come, nor where something is to be kept first", () => {
    expect(isIt({}, { ...missing, pushedAt: 96 * MINUTE + 1 })).toBe(false);
    expect(isIt({}, { ...moved, rescues: true })).toBe(false);
    const { pushedAt, ...undated } = missing;
    expect([pushedAt, isIt({}, undated)]).toEqual([96 * MINUTE, false]);
  });
});
