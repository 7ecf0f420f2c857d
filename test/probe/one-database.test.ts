import { describe, expect, test } from "vitest";
import type { ContentRound, Identity, ProjectSeen } from "../../src/cluster/evidence.ts";
import { isOneDatabase, mayBeOneDatabase } from "../../src/probe/one-database.ts";

const A: ProjectSeen = { id: 1, createdAt: "2026-01-01T00:00:00.001Z" };
const B: ProjectSeen = { id: 1, createdAt: "2026-01-01T00:00:00.002Z" };

const identity = (node: string, library?: ProjectSeen, probeProject?: ProjectSeen | "absent"): Identity => ({
  node,
  version: undefined,
  externalUrl: undefined,
  storageProvider: undefined,
  clock: undefined,
  realm: undefined,
  service: undefined,
  library,
  probeProject,
});
const listed = (pushedBy: string, node: string, rightAfterMs: number | undefined = 0): ContentRound => ({
  round: 1,
  repository: "p/r",
  pushedBy,
  taggedBy: node,
  untaggedBy: node,
  push: { status: 201, code: "", text: "", tookMs: 1 },
  tag: undefined,
  untag: undefined,
  checks: [{ node, subject: "artifact-list", rightAfterMs, tries: 1 }],
});
const both = [listed("n1", "n2"), listed("n2", "n1")];
const NODES = ["n1", "n2"];

describe("one database", () => {
  test.each([
    ["equal projects and fresh images that each lists of the other", [A, A], both, true],
    [
      "a backup of the other: equal projects, and nothing fresh",
      [A, A],
      [listed("n1", "n2", undefined)],
      false,
    ],
    ["fresh images one way only", [A, A], [listed("n1", "n2")], false],
    ["projects made at other times", [A, B], both, false],
    ["no project seen at all", [undefined, undefined], both, false],
  ] as const)("is told by %s", (_what, [first, second], content, expected) => {
    const identities = [identity("n1", first), identity("n2", second)];
    expect(isOneDatabase(NODES, { identities, content })).toBe(expected);
    const byProbeProject = [identity("n1", undefined, first), identity("n2", undefined, second)];
    expect(isOneDatabase(NODES, { identities: byProbeProject, content })).toBe(expected);
  });

  test("is not given where only one has the project of the probe", () => {
    const identities = [identity("n1", A, A), identity("n2", A, "absent")];
    expect(mayBeOneDatabase(identities)).toBe(false);
    expect(mayBeOneDatabase([identity("n1", A, A), identity("n2", A, undefined)])).toBe(true);
    expect(mayBeOneDatabase([identity("n1", A, A), identity("n2", B, A)])).toBe(false);
  });

  test("of a single node is its own", () => {
    expect(isOneDatabase(["n1"], { identities: [identity("n1", A)], content: [] })).toBe(true);
  });
});
