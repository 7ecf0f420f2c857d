import { describe, expect, test } from "vitest";
import type { NewReplicationPolicy } from "../../src/observed/model.ts";
import type { HarborPort, NewEndpoint } from "../../src/harbor/port.ts";
import { serveSandbox } from "../../src/sandbox/http-front.ts";
import { inMemoryAdapter } from "../../src/sandbox/memory-front.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxWorld, type SandboxWorld } from "../../src/sandbox/world.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { collect, harborAt, type registryAt } from "../support/harbor-at.ts";

const PROFILES: readonly ProfileName[] = ["2.1", "2.7", "2.9", "2.12", "2.14", "2.16"];
const PASSWORD = "Harbor12345";

interface Pair {
  readonly world: SandboxWorld;
  readonly clock: AutoClock;
  readonly a: Sandbox;
  readonly b: Sandbox;
  readonly harbor: HarborPort;
  readonly other: HarborPort;
}

function pairOf(profile: ProfileName): Pair {
  const clock = new AutoClock();
  const world = createSandboxWorld({ clock });
  const a = world.add({ name: "a", profile });
  const b = world.add({ name: "b", profile });
  const adapter = inMemoryAdapter(world);
  const at = (url: string): HarborPort =>
    harborAt(url, { clock, adapter }, { account: account("admin", PASSWORD) });
  return { world, clock, a, b, harbor: at(a.url), other: at(b.url) };
}

function account(username: string, password: string): ReturnType<typeof registryAt>["account"] {
  return { username, password: { reveal: () => password, toJSON: () => "***", toString: () => "***" } };
}

function endpointTo(sandbox: Sandbox, password = PASSWORD): NewEndpoint {
  return {
    name: `to-${sandbox.name}`,
    url: sandbox.url,
    description: "made by a test",
    username: "admin",
    password,
    insecure: true,
    caCertificate: "",
  };
}

function policyTo(targetEndpointId: number): NewReplicationPolicy {
  return {
    name: "everything",
    description: "made by a test",
    sourceEndpointId: 0,
    targetEndpointId,
    targetNamespace: "",
    targetNamespaceReplaceCount: -1,
    trigger: { kind: "event_based", cron: "" },
    filters: [
      { kind: "name", value: "library/**", excludes: false },
      { kind: "tag", value: "{v*,latest}", excludes: false },
    ],
    deletions: true,
    override: true,
    enabled: true,
    speedKbps: 0,
    copyByChunk: false,
    singleActive: false,
  };
}

async function final(pair: Pair, execution: number): Promise<void> {
  for (let i = 0; i < 100; i += 1) {
    const found = await pair.harbor.execution(execution);
    if (found !== undefined && found.state !== "running") return;
    await pair.clock.sleep(5_000);
  }
}

describe.each(PROFILES)("a Harbor %s", (profile) => {
  test("says who we are and what it is", async () => {
    const { harbor, a } = pairOf(profile);
    const identity = await harbor.identify();
    expect(identity).toMatchObject({ username: "admin", administrator: true, robot: false, readOnly: false });
    expect(`${identity.version.major}.${identity.version.minor}`).toBe(profile);
    await expect(harbor.ping(1000)).resolves.toBeUndefined();
    a.faults.rotatePassword("admin", "another-Pa55word");
    await expect(harbor.identify({ again: true })).rejects.toMatchObject({ code: "HARBOR_UNAUTHORIZED" });
  });

  test("lists projects, repositories and artifacts, also more than a page of each", async () => {
    const { harbor, a } = pairOf(profile);
    for (let i = 0; i < 205; i += 1) a.push("library/many", `v${i}`, { seed: i });
    for (let i = 0; i < 103; i += 1) a.push(`library/team/app${i}`, "v1", { seed: 1000 + i });
    for (let i = 0; i < 101; i += 1) a.createProject(`p${i}`);
    const projects = await collect(harbor.projects());
    expect(new Set(projects.map((project) => project.name)).size).toBe(projects.length);
    expect(projects).toHaveLength(102);
    const repositories = await collect(harbor.repositories("library"));
    expect(repositories.map((repository) => repository.name)).toContain("library/team/app102");
    expect(repositories).toHaveLength(104);
    const artifacts = await collect(harbor.artifacts("library", "many"));
    expect(
      new Map(artifacts.flatMap(({ tags, digest }) => tags.map((tag) => [tag.name, digest] as const))),
    ).toEqual(a.tags().get("library/many"));
    expect(await collect(harbor.artifacts("library", "team/app7"))).toMatchObject([
      { repository: "library/team/app7", tags: [{ name: "v1" }] },
    ]);
    expect(await collect(harbor.artifacts("library", "nothing"))).toEqual([]);
  });

  test("tells a tag that is there from one that is not", async () => {
    const { harbor, a, clock } = pairOf(profile);
    const digest = a.push("library/team/app", "v1");
    expect(await harbor.tagDigest("library/team/app", "v1")).toBe(digest);
    expect(await harbor.tagDigest("library/team/app", "v2")).toBeUndefined();
    expect(await harbor.tag("library/team/app", "v1")).toEqual({ digest, pushedAt: clock.now() });
    expect(await harbor.tag("library/team/app", "v2")).toBeUndefined();
    expect(await harbor.tag("library/other", "v1")).toBeUndefined();
    await expect(harbor.tagDigest("nowhere/app", "v1")).rejects.toMatchObject({
      code: "HARBOR_UNAUTHORIZED",
    });
    expect(a.pullCount("library/team/app")).toBe(0);
  });

  test("knows projects by name, also by one that is a number", async () => {
    const { harbor } = pairOf(profile);
    expect(await harbor.project("77")).toBeUndefined();
    await harbor.createProject("77", true);
    await harbor.createProject("hidden", false);
    expect(await harbor.project("77")).toMatchObject({ name: "77", public: true, proxyEndpointId: 0 });
    expect(await harbor.project("hidden")).toMatchObject({ public: false });
    expect(await harbor.project("hid")).toBeUndefined();
    await expect(harbor.createProject("77", true)).rejects.toMatchObject({ code: "HARBOR_CONFLICT" });
    expect(await harbor.immutableRules("77")).toEqual([]);
    const project = await harbor.project("77");
    expect(await harbor.quota(project?.id ?? 0)).toMatchObject({ projectId: project?.id, limitBytes: -1 });
  });

  test("keeps endpoints, and lets its peer be dialled before it does", async () => {
    const { harbor, b } = pairOf(profile);
    const id = await harbor.createEndpoint(endpointTo(b));
    expect(await harbor.endpoints()).toMatchObject([
      { id, name: "to-b", url: b.url, type: "harbor", username: "admin", insecure: true },
    ]);
    expect(await harbor.pingEndpoint(id)).toEqual({ kind: "healthy" });
    await harbor.updateEndpoint(id, { ...endpointTo(b), description: "changed" });
    expect((await harbor.endpoints())[0]?.description).toBe("changed");
    await expect(harbor.createEndpoint(endpointTo(b))).rejects.toMatchObject({ code: "HARBOR_CONFLICT" });
    await expect(harbor.createEndpoint({ ...endpointTo(b, "wrong"), name: "other" })).rejects.toMatchObject({
      code: "HARBOR_PRECONDITION",
    });
    b.faults.rotatePassword("admin", "another-Pa55word");
    expect(await harbor.pingEndpoint(id)).toMatchObject({ kind: "refused" });
    b.faults.down();
    expect(await harbor.pingEndpoint(id)).toMatchObject({ kind: "unreachable" });
    await expect(harbor.updateEndpoint(id, endpointTo(b))).rejects.toMatchObject({
      code: "HARBOR_PRECONDITION",
    });
    await harbor.deleteEndpoint(id);
    expect(await harbor.endpoints()).toEqual([]);
    await expect(harbor.pingEndpoint(id)).rejects.toMatchObject({ code: "HARBOR_NOT_FOUND" });
  });

  test("keeps a replication policy as it was written", async () => {
    const { harbor, b } = pairOf(profile);
    const able = await harbor.capabilities();
    const endpoint = await harbor.createEndpoint(endpointTo(b));
    const wanted = {
      ...policyTo(endpoint),
      targetNamespaceReplaceCount: able.namespaceReplaceCount ? 1 : -1,
      targetNamespace: able.namespaceReplaceCount ? "copies" : "",
      speedKbps: able.speed ? 4096 : 0,
      copyByChunk: able.copyByChunk,
      filters: [
        ...policyTo(endpoint).filters,
        ...(able.excludingFilters ? [{ kind: "tag" as const, value: "tmp-*", excludes: true }] : []),
      ],
    };
    const id = await harbor.createReplicationPolicy(wanted);
    const read = await harbor.replicationPolicy(id);
    expect(read).toEqual({ id, ...wanted, createdAt: read?.createdAt });
    expect(read?.createdAt).toBeGreaterThan(0);
    expect(await harbor.replicationPolicies()).toEqual([read]);
    const changed = { id, ...wanted, enabled: false, deletions: false, override: false, description: "" };
    await harbor.updateReplicationPolicy({ ...changed, trigger: { kind: "scheduled", cron: "0 0 3 * * *" } });
    expect(await harbor.replicationPolicy(id)).toMatchObject({
      ...changed,
      trigger: { kind: "scheduled", cron: "0 0 3 * * *" },
    });
    await expect(harbor.createReplicationPolicy(wanted)).rejects.toMatchObject({ code: "HARBOR_CONFLICT" });
    await expect(harbor.startExecution(id)).rejects.toMatchObject({ code: "HARBOR_PRECONDITION" });
    await expect(harbor.deleteEndpoint(endpoint)).rejects.toMatchObject({ code: "HARBOR_PRECONDITION" });
    await harbor.deleteReplicationPolicy(id);
    expect(await harbor.replicationPolicy(id)).toBeUndefined();
  });

  test("refuses to write an excluding filter that it would drop", async () => {
    const { harbor, b } = pairOf(profile);
    const endpoint = await harbor.createEndpoint(endpointTo(b));
    const writing = harbor.createReplicationPolicy({
      ...policyTo(endpoint),
      filters: [{ kind: "tag", value: "tmp-*", excludes: true }],
    });
    if ((await harbor.capabilities()).excludingFilters) await expect(writing).resolves.toBeGreaterThan(0);
    else await expect(writing).rejects.toMatchObject({ code: "HARBOR_UNSUPPORTED" });
  });
});

describe.each(PROFILES)("a Harbor %s at work", (profile) => {
  test("runs a replication policy and tells how it went", async () => {
    const pair = pairOf(profile);
    const { harbor, a, b } = pair;
    a.push("library/app", "v1");
    a.push("library/app", "v2");
    const endpoint = await harbor.createEndpoint(endpointTo(b));
    const policyId = await harbor.createReplicationPolicy(policyTo(endpoint));
    const id = await harbor.startExecution(policyId);
    expect(await harbor.execution(id)).toMatchObject({ id, policyId, trigger: "manual" });
    await final(pair, id);
    const done = await harbor.execution(id);
    expect(done).toMatchObject({ state: "succeeded", total: 1, succeeded: 1, failed: 0 });
    expect(done?.endedAt).toBeGreaterThanOrEqual(done?.startedAt ?? Number.NaN);
    const tasks = await harbor.tasks(id);
    expect(tasks).toMatchObject([{ executionId: id, state: "succeeded", operation: "copy" }]);
    expect(tasks[0]?.source).toContain("library/app");
    expect(await harbor.taskLog(id, tasks[0]?.id ?? 0)).toContain("library/app");
    expect(b.tags().get("library/app")).toEqual(a.tags().get("library/app"));
    const again = await harbor.startExecution(policyId);
    await harbor.stopExecution(again);
    expect((await harbor.executions({ policyId, limit: 2 })).map((one) => one.id)).toEqual([again, id]);
    expect(await harbor.executions({ policyId, limit: 1 })).toHaveLength(1);
    expect(await harbor.execution(99_999)).toBeUndefined();
    await expect(harbor.startExecution(99_999)).rejects.toMatchObject({ code: "HARBOR_NOT_FOUND" });
  });

  test("names the entries of its audit log, oldest first", async () => {
    const { harbor, a } = pairOf(profile);
    for (let i = 0; i < 130; i += 1) a.push("library/app", `v${i}`, { seed: i });
    a.deleteTag("library/app", "v7");
    const all = await harbor.audit({ afterId: 0, limit: 1000 });
    expect(all.map((entry) => entry.id)).toEqual([...all.map((entry) => entry.id)].sort((x, y) => x - y));
    expect(
      all.filter((entry) => entry.operation === "create" && entry.resourceType === "artifact"),
    ).toHaveLength(130);
    expect(all.at(-1)).toMatchObject({
      operation: "delete",
      resourceType: "tag",
      resource: "library/app:v7",
    });
    const middle = all[40]?.id ?? 0;
    expect(await harbor.audit({ afterId: middle, limit: 10 })).toEqual(all.slice(41, 51));
    expect(await harbor.audit({ afterId: all.at(-1)?.id ?? 0, limit: 10 })).toEqual([]);
  });

  test("lists all artifacts of a project at once, where it can", async () => {
    const { harbor, a } = pairOf(profile);
    for (let i = 0; i < 120; i += 1) a.push(`library/app${i % 7}`, `v${i}`, { seed: i });
    if (!(await harbor.capabilities()).projectArtifacts) return;
    const rows = await collect(harbor.projectArtifacts("library"));
    expect(rows.flatMap((row) => row.tags.map((tag) => `${row.repository}:${tag.name}`)).sort()).toEqual(
      [...a.tags()].flatMap(([name, tags]) => [...tags.keys()].map((tag) => `${name}:${tag}`)).sort(),
    );
  });

  test("gives the accessories of an artifact, where it knows them", async () => {
    const { harbor, a } = pairOf(profile);
    const { accessories } = await harbor.capabilities();
    const digest = a.push("library/app", "v1");
    if (!accessories) return;
    a.sign("library/app", digest);
    const found = (await collect(harbor.artifacts("library", "app"))).find(
      (artifact) => artifact.digest === digest,
    );
    expect(found?.accessories).toHaveLength(1);
  });

  test("answers the same over HTTP as in memory", async () => {
    const clock = new AutoClock();
    const world = createSandboxWorld({ clock });
    const sandbox = world.add({ name: "a", profile });
    for (let i = 0; i < 150; i += 1) sandbox.push("library/app", `v${i}`, { seed: i });
    const admin = { account: account("admin", PASSWORD) };
    const read = async (harbor: HarborPort): Promise<unknown> => [
      await harbor.identify(),
      await collect(harbor.projects()),
      await collect(harbor.artifacts("library", "app")),
      await harbor.tagDigest("library/app", "v1"),
      await harbor.tagDigest("library/app", "none"),
      await harbor.audit({ afterId: 0, limit: 20 }),
    ];
    const inMemory = await read(harborAt(sandbox.url, { clock, adapter: inMemoryAdapter(world) }, admin));
    const front = await serveSandbox(sandbox);
    const harbor = harborAt(front.url, { clock }, admin);
    try {
      expect(await read(harbor)).toEqual(inMemory);
    } finally {
      harbor.close();
      await front.close();
    }
  });
});
