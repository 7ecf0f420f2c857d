import { describe, expect, test } from "vitest";
import { preconditionsOf, TargetReadings, type Preconditions } from "../../src/heal/preconditions-of.ts";
import type { Finding } from "../../src/parity/model.ts";
import { Scene } from "../support/scene.ts";

const PROFILES = ["2.1", "2.7", "2.9", "2.14"] as const;
const SIGNAL = new AbortController().signal;

function missing(scene: Scene, repository: string, tag: string, more: Partial<Finding> = {}): Finding {
  const digest = scene.sandbox("a").tags().get(repository)?.get(tag) ?? "";
  return {
    kind: "missing",
    repository,
    tag,
    left: digest,
    from: "a",
    to: "b",
    reason: "it is new on the other side",
    notice: false,
    ...more,
  };
}

function check(
  scene: Scene,
  findings: readonly Finding[],
  readings = new TargetReadings(),
): Promise<Preconditions> {
  const flow = { source: scene.port("a"), target: scene.port("b") };
  return preconditionsOf({ flow: () => flow, readings }, findings, SIGNAL);
}

async function send(scene: Scene, method: string, path: string, body: unknown): Promise<void> {
  const sandbox = scene.sandbox("b");
  const delivery = sandbox.receive({
    method,
    path: `/api/v2.0${path}`,
    query: "",
    headers: {
      authorization: `Basic ${Buffer.from(`admin:${sandbox.adminPassword}`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: Buffer.from(JSON.stringify(body)),
  });
  expect(delivery.kind === "answer" && delivery.response.status < 300, JSON.stringify(delivery)).toBe(true);
  await scene.settled();
}

async function projectId(scene: Scene, name: string): Promise<number> {
  return (await scene.port("b").project(name))?.id ?? 0;
}

const RULE = {
  disabled: false,
  action: "immutable",
  template: "immutable_template",
  tag_selectors: [{ kind: "doublestar", decoration: "matches", pattern: "v*" }],
  scope_selectors: { repository: [{ kind: "doublestar", decoration: "repoMatches", pattern: "**" }] },
};

describe.each(PROFILES)("before anything is copied into a project of a Harbor %s", (profile) => {
  const create = (): Promise<Scene> =>
    Scene.create({ registries: { a: profile, b: profile }, front: "memory" });

  test("nothing is withheld where nothing speaks against it, and a missing project may be created", async () => {
    await using scene = await create();
    scene.sandbox("a").push("library/app", "v1");
    scene.sandbox("a").push("fresh/app", "v1");
    const findings = [missing(scene, "library/app", "v1"), missing(scene, "fresh/app", "v1")];
    expect(await check(scene, findings)).toEqual({ allowed: findings, withheld: [], warnings: [] });
  });

  test("a moved tag under an immutable rule is withheld with the rule's name, a missing one is not", async () => {
    await using scene = await create();
    scene.sandbox("b").push("library/app", "v1");
    const replaces = scene.sandbox("b").tags().get("library/app")?.get("v1") ?? "";
    for (const tag of ["v1", "v2"]) scene.sandbox("a").push("library/app", tag);
    const id = await projectId(scene, "library");
    await send(scene, "POST", `/projects/${id}/immutabletagrules`, RULE);
    const moved = missing(scene, "library/app", "v1", { kind: "stale", right: replaces, replaces });
    const fresh = missing(scene, "library/app", "v2");
    const checked = await check(scene, [moved, fresh]);
    expect(checked.allowed).toEqual([fresh]);
    expect(checked.withheld).toEqual([
      {
        finding: moved,
        reason: 'an immutable tag rule of project library on b (tags "v*" in "**") forbids to move this tag',
      },
    ]);
    expect(checked.warnings).toEqual([`library/app:v1 was withheld: ${checked.withheld[0]?.reason ?? ""}`]);
  });

  test("what is larger than the room of the quota is withheld; what is there already takes none", async () => {
    await using scene = await create();
    scene.sandbox("a").push("tight/app", "large", { size: 20_000, seed: "large" });
    scene.sandbox("a").push("tight/app", "small", { size: 100, seed: "small" });
    scene.sandbox("a").push("tight/app", "again", { size: 8_000, seed: "again" });
    scene.sandbox("b").createProject("tight", { quotaBytes: 12_000 });
    scene.sandbox("b").push("tight/app", "other", { size: 8_000, seed: "again" });
    const [large, small, again] = ["large", "small", "again"].map((tag) => missing(scene, "tight/app", tag));
    const checked = await check(
      scene,
      [large, small, again].flatMap((one) => one ?? []),
    );
    expect(checked.withheld.map(({ finding }) => finding.tag)).toEqual(["large"]);
    expect(checked.withheld[0]?.reason).toMatch(
      /^the quota of project tight on b has room for .* takes 20\.\d KiB$/,
    );
    expect(checked.allowed).toEqual([small, again]);
  });

  test("a proxy cache takes nothing, and neither does a Harbor in read-only mode", async () => {
    await using scene = await create();
    scene.sandbox("a").push("cache/app", "v1");
    scene.sandbox("b").createProject("cache", { proxyOf: 1 });
    const finding = missing(scene, "cache/app", "v1");
    expect((await check(scene, [finding])).withheld[0]?.reason).toBe(
      "project cache on b is a proxy cache, which takes no copies",
    );
    await send(scene, "PUT", "/configurations", { read_only: true });
    scene.renew();
    expect((await check(scene, [finding])).withheld[0]?.reason).toBe("b is in read-only mode");
  });

  test("each target project is read once, however many tags and rounds there are", async () => {
    await using scene = await create();
    for (const tag of ["v1", "v2", "v3"]) scene.sandbox("a").push("library/app", tag);
    const findings = ["v1", "v2", "v3"].map((tag) => missing(scene, "library/app", tag));
    const readings = new TargetReadings();
    await check(scene, findings, readings);
    const before = scene.port("b").requestCount();
    await check(scene, findings, readings);
    expect(scene.port("b").requestCount()).toBe(before);
  });
});

describe("what our account may not read", () => {
  test("withholds nothing, and is told once a registry", async () => {
    await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, front: "memory" });
    for (const project of ["one", "two"]) {
      scene.sandbox("a").push(`${project}/app`, "v1");
      scene.sandbox("b").createProject(project);
    }
    const username = scene.sandbox("b").addRobot("narrow", "Secret-12345", [
      {
        kind: "project",
        namespace: "*",
        access: [
          { resource: "repository", action: "pull" },
          { resource: "project", action: "read" },
        ],
      },
    ]);
    scene.login("b", { username, password: "Secret-12345" });
    const findings = ["one", "two"].map((project) => missing(scene, `${project}/app`, "v1"));
    const checked = await check(scene, findings);
    expect(checked.withheld).toEqual([]);
    expect(checked.allowed).toEqual(findings);
    expect(checked.warnings).toEqual([
      "b does not tell our account quotas (HARBOR_FORBIDDEN), so that was not checked before healing",
      "b does not tell our account immutable tag rules (HARBOR_FORBIDDEN), so that was not checked before healing",
    ]);
  });
});

test("tag retention that would undo the healing is told", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, front: "memory" });
  for (const tag of ["v1", "v2"]) scene.sandbox("a").push("library/app", tag);
  await send(scene, "POST", "/retentions", {
    algorithm: "or",
    rules: [
      {
        disabled: false,
        action: "retain",
        template: "latestPushedK",
        params: { latestPushedK: 1 },
        tag_selectors: [{ kind: "doublestar", decoration: "matches", pattern: "**" }],
        scope_selectors: { repository: [{ kind: "doublestar", decoration: "repoMatches", pattern: "**" }] },
      },
    ],
    scope: { level: "project", ref: await projectId(scene, "library") },
    trigger: { kind: "Schedule", references: {}, settings: { cron: "0 0 0 * * *" } },
  });
  const findings = ["v1", "v2"].map((tag) => missing(scene, "library/app", tag));
  const checked = await check(scene, findings);
  expect(checked.allowed).toEqual(findings);
  expect(checked.warnings).toEqual([
    "tag retention of project library on b may remove 2 tags again that are copied now, app:v1 among them: it keeps the 1 newest of a repository, and 2 are to come",
  ]);
});

test("a project that only administrators may create is no obstacle to one", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, front: "memory" });
  scene.sandbox("a").push("fresh/app", "v1");
  await send(scene, "PUT", "/configurations", { project_creation_restriction: "adminonly" });
  scene.renew();
  const checked = await check(scene, [missing(scene, "fresh/app", "v1")]);
  expect(checked.withheld).toEqual([]);
});
