import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeArtifact, decodeRepository } from "../../src/harbor/decode-artifact.ts";
import { decodeExecution, decodeTask } from "../../src/harbor/decode-execution.ts";
import { decodePolicy } from "../../src/harbor/decode-policy.ts";
import { decodeProject } from "../../src/harbor/decode-project.ts";
import { WireObject } from "../../src/harbor/wire-object.ts";

interface Call {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

/** Every object that a running Harbor gave for addresses like this. */
function given(version: string, path: RegExp): unknown[] {
  const file = new URL(`../recordings/harbor-${version}.jsonl`, import.meta.url);
  const found = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Call)
    .filter((call) => call.method === "GET" && call.status === 200 && path.test(call.path))
    .flatMap((call) => (Array.isArray(call.body) ? (call.body as unknown[]) : [call.body]));
  expect(found.length).toBeGreaterThan(0);
  return found;
}

function decoded<Wire, T>(version: string, path: RegExp, decode: (wire: WireObject<Wire>) => T): T[] {
  return given(version, path).map((body) => decode(new WireObject<Wire>(body, "recorded")));
}

describe.each(["2.1.6", "2.7.3", "2.9.0"])("what a running Harbor %s said", (version) => {
  test("of replication policies", () => {
    const policies = decoded(version, /\/replication\/policies[/?]/, decodePolicy);
    expect(policies).toContainEqual(
      expect.objectContaining({
        name: "rec-policy",
        enabled: true,
        override: true,
        deletions: true,
        trigger: { kind: "event_based", cron: "" },
        filters: [
          { kind: "name", value: "rec/**", excludes: false },
          { kind: "tag", value: "{v*,latest}", excludes: false },
        ],
        sourceEndpointId: 0,
        targetNamespaceReplaceCount: -1,
        speedKbps: 0,
      }),
    );
    // `replicate_deletion` alone is ignored by Harbor; a PUT without `enabled` and `filters` resets both.
    expect(policies).toContainEqual(
      expect.objectContaining({ name: "rec-ignored", deletions: false, enabled: false }),
    );
    expect(policies).toContainEqual(
      expect.objectContaining({ name: "rec-ignored", filters: [], trigger: { kind: "manual", cron: "" } }),
    );
  });

  test("of executions and tasks", () => {
    const executions = decoded(version, /\/replication\/executions(\?|\/\d+$)/, decodeExecution);
    const manual = executions.filter((execution) => execution.trigger === "manual");
    expect(manual.map((execution) => execution.state)).toEqual(
      expect.arrayContaining(["running", "succeeded"]),
    );
    for (const execution of executions) {
      expect(execution.startedAt).toBeGreaterThan(Date.UTC(2026, 0, 1));
      expect(execution.endedAt === undefined).toBe(execution.state === "running");
    }
    const tasks = decoded(version, /\/executions\/\d+\/tasks\?/, decodeTask);
    expect(tasks.every((task) => task.state === "succeeded" && task.operation === "copy")).toBe(true);
    expect(tasks.map((task) => task.source).join()).toContain("rec/app [2 item(s) in total]");
  });

  test("of projects, repositories and artifacts", () => {
    expect(decoded(version, /\/projects\?name=rec/, decodeProject)).toMatchObject([
      { name: "rec", proxyEndpointId: 0 },
    ]);
    expect(decoded(version, /\/projects\/rec\/repositories\?/, decodeRepository)).toContainEqual(
      expect.objectContaining({ name: "rec/team/deep/app", artifactCount: 1 }),
    );
    const artifacts = decoded(version, /\/repositories\/app\/artifacts\?.*with_tag=true&with_label/, (wire) =>
      decodeArtifact(wire, "rec/app"),
    );
    expect(artifacts[0]?.tags.map((tag) => tag.name)).toEqual(["v1"]);
    expect(artifacts[0]?.mediaType).toBe("application/vnd.oci.image.manifest.v1+json");
    expect(artifacts[0]?.accessories).toEqual([]);
  });
});

test("a state that nobody knows is unknown, and no failure", () => {
  expect(decodeExecution(new WireObject({ id: 1, status: "Dreaming", trigger: "moon" }, "x"))).toMatchObject({
    state: "unknown",
    trigger: "unknown",
    startedAt: 0,
  });
  expect(decodeTask(new WireObject({ id: 1, status: "Initialized" }, "x")).state).toBe("pending");
});

test.each([
  [{ id: 1, filters: [{ type: "moon" }] }, "filters[0].type"],
  [{ id: 1, filters: [{ type: "name", value: { a: 1 } }] }, "filters[0].value"],
  [{ id: 1, trigger: { type: "moon" } }, "trigger.type"],
])("a policy that can't be understood is no policy with less in it: %j", (wire, path) => {
  expect(() => decodePolicy(new WireObject(wire, "policy"))).toThrow(path);
});
