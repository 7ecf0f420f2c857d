import { describe, expect, test } from "vitest";
import type { Advice, RobotDefinition } from "../../src/doctor/model.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Account } from "../../src/topology/model.ts";
import { makeSecret } from "../../src/topology/secret.ts";
import { asAdministrator, checkOf, clinicOf, robotIn, set, subjects } from "./clinic.ts";

const ALL: readonly ProfileName[] = ["2.1", "2.7", "2.9", "2.14"];
/** Releases with robots of the whole system. */
const ROBOTS: readonly ProfileName[] = ["2.7", "2.9", "2.14"];
/** Releases whose robots may have rights on the system and on projects. */
const WHOLE: readonly ProfileName[] = ["2.12", "2.14"];
const ON_SYSTEM = [
  ...["registry:list", "replication-policy:list", "registry:read", "replication-policy:read"],
  ...["replication:list", "replication:read", "registry:create", "registry:update", "registry:delete"],
  ...["replication-policy:create", "replication-policy:update", "replication-policy:delete"],
  "replication:create",
];

describe.each(ALL)("an administrator of %s", (profile) => {
  test("has every right, and trying them changes nothing", async () => {
    await using clinic = await clinicOf(profile);
    const before = [clinic.a.snapshot(), clinic.b.snapshot()];
    const found = await clinic.diagnose();
    expect(subjects(found, "fault")).toEqual([]);
    expect(subjects(found, "warning")).toEqual(["accounts"]);
    // 2.1 does not say what time it has.
    expect(subjects(found, "not-tried")).toEqual(profile === "2.1" ? ["clock"] : []);
    expect(subjects(found, "ok")).toEqual(
      expect.arrayContaining([
        ...ON_SYSTEM,
        "audit-log:list",
        "tag:delete",
        "repository:push",
        "project:create",
      ]),
    );
    expect(found.advice).toEqual([]);
    expect([clinic.a.snapshot(), clinic.b.snapshot()]).toEqual(before);
  });
});

describe.each(ROBOTS)("a robot of %s", (profile) => {
  test("that may only pull is told every right that it lacks, and changes nothing", async () => {
    await using clinic = await clinicOf(profile);
    const account = robotIn(clinic.a, { projects: "repository:pull" });
    const before = clinic.a.snapshot();
    const found = await clinic.diagnose({ account, replicationAccount: account });
    expect(subjects(found, "fault")).toEqual([
      ...ON_SYSTEM,
      ...["repository:list", "artifact:list", "artifact:read", "repository:push"],
    ]);
    expect(subjects(found, "warning")).toEqual([
      ...["audit-log:list", "quota:list", "project:read", "immutable-tag:list"],
      ...["tag:create", "tag:delete", "repository:push", "accounts"],
    ]);
    // Where everybody may create projects, every robot of the whole system may.
    expect(subjects(found, "ok").filter((one) => one.includes(":"))).toEqual([
      ...["repository:pull", "repository:pull", "project:create"],
    ]);
    expect(checkOf(found, "registry:create", "a")).toMatchObject({
      account: "robot$r",
      text: "robot$r lacks it: creating endpoints",
    });
    expect(clinic.a.snapshot()).toEqual(before);
    expect(found.advice.map(({ account: one }) => one)).toEqual(["account", "replicationAccount"]);
  });

  test("as it is told to be created may do what the other registries need", async () => {
    await using clinic = await clinicOf(profile);
    const replicationAccount = robotIn(clinic.a, { projects: "repository:pull" });
    const given = { topology: { replication: { override: true, deletions: true, speedKbps: 0 } } };
    const lacking = await clinic.diagnose({ ...given, replicationAccount });
    expect(subjects(lacking, "fault")).toEqual(["repository:push", "repository:delete", "tag:delete"]);
    const advised = create(clinic.a, robotFrom(lacking.advice, "replicationAccount"));
    const found = await clinic.diagnose({ ...given, replicationAccount: advised });
    expect([subjects(found, "fault"), subjects(found, "warning")]).toEqual([[], []]);
    expect(found.advice).toEqual([]);
  });

  test("needs the right to create projects where not everybody may", async () => {
    await using clinic = await clinicOf(profile);
    const rights = "repository:pull,push";
    set(clinic.a, { project_creation_restriction: "adminonly" });
    const without = robotIn(clinic.a, { name: "without", projects: rights });
    expect(subjects(await clinic.diagnose({ replicationAccount: without }), "fault")).toEqual([
      "project:create",
    ]);
    const having = robotIn(clinic.a, { name: "having", system: "project:create", projects: rights });
    const whole = WHOLE.includes(profile);
    expect(subjects(await clinic.diagnose({ replicationAccount: having }), "fault")).toEqual(
      whole ? [] : ["repository:pull", "repository:push"],
    );
  });
});

describe.each(WHOLE)("Tidelock's own robot of %s", (profile) => {
  test("as it is told to be created lacks nothing, whatever is declared", async () => {
    await using clinic = await clinicOf(profile);
    const heal = { conflicts: "newest", deletions: "replay" } as const;
    const lacking = await clinic.diagnose({ account: robotIn(clinic.a, {}), heal });
    expect(subjects(lacking, "fault")).toEqual(
      expect.arrayContaining([...ON_SYSTEM, "audit-log:list", "tag:create", "tag:delete", "repository:pull"]),
    );
    const account = create(clinic.a, robotFrom(lacking.advice, "account"));
    const found = await clinic.diagnose({ account, heal });
    expect([subjects(found, "fault"), subjects(found, "warning")]).toEqual([[], []]);
  });

  test("needs no right to write where Tidelock only observes", async () => {
    await using clinic = await clinicOf(profile);
    const account = robotIn(clinic.a, {
      system: "registry:list,read replication-policy:list,read replication:list,read audit-log:list",
      projects: "project:read repository:list,pull artifact:list,read",
    });
    const observing = await clinic.diagnose({ account, topology: { mode: "observe" } });
    expect([subjects(observing, "fault"), subjects(observing, "warning")]).toEqual([[], []]);
    const acting = await clinic.diagnose({ account });
    expect(subjects(acting, "fault")).toEqual(ON_SYSTEM.slice(6));
  });
});

describe.each(["2.7", "2.9"] as const)("before 2.10, on %s", (profile) => {
  test("a robot with rights on the system has none on projects, and is told so", async () => {
    await using clinic = await clinicOf(profile);
    const account = robotIn(clinic.a, {
      system:
        "registry:list,read,create,update,delete replication-policy:list,read,create,update,delete replication:list,read,create",
      projects: "repository:list,pull,push artifact:list,read",
    });
    const found = await clinic.diagnose({ account });
    expect(subjects(found, "fault")).toEqual([
      ...["repository:list", "artifact:list", "artifact:read", "repository:pull"],
    ]);
    expect(found.advice.map(({ account: one, robot }) => [one, robot])).toEqual([["account", undefined]]);
    expect(found.advice[0]?.text).toMatch(
      /^declare an administrator: a robot of Harbor 2\.\d that has rights on the system/,
    );
  });
});

test("on 2.1 a user who is no administrator is told that only one will do", async () => {
  await using clinic = await clinicOf("2.1");
  clinic.a.addUser("sam", "password-of-sam");
  const account = { username: "sam", password: makeSecret("password-of-sam") };
  const found = await clinic.diagnose({ account, replicationAccount: account });
  expect(subjects(found, "fault")).toEqual(ON_SYSTEM);
  expect(subjects(found, "warning")).toEqual(expect.arrayContaining(["projects", "audit-log:list"]));
  expect(found.advice.map(({ robot, text }) => [robot, text.slice(0, 24)])).toEqual([
    [undefined, "declare an administrator"],
    [undefined, "declare an administrator"],
  ]);
});

test("a slave that nobody copies from needs no endpoints", async () => {
  await using clinic = await clinicOf("2.14");
  const account = robotIn(clinic.a, {
    system: "registry:list replication-policy:list audit-log:list quota:list",
    projects:
      "project:read repository:list,pull,push artifact:list,read tag:create,delete immutable-tag:list",
  });
  const found = await clinic.diagnose({
    account,
    topology: { kind: "master-slave", registries: ["b", "a"] },
  });
  expect([subjects(found, "fault"), subjects(found, "warning")]).toEqual([[], []]);
});

function robotFrom(advice: readonly Advice[], account: Advice["account"]): RobotDefinition {
  const robot = advice.find((one) => one.account === account)?.robot;
  if (robot === undefined) throw new Error(`no robot for the ${account}`);
  return robot;
}

/** Creates the robot as somebody would who follows the advice. */
function create(sandbox: Sandbox, robot: RobotDefinition): Account {
  const answer: unknown = JSON.parse(asAdministrator(sandbox, "POST", "/api/v2.0/robots", robot));
  const { name, secret } = answer as { readonly name: string; readonly secret: string };
  return { username: name, password: makeSecret(secret) };
}
