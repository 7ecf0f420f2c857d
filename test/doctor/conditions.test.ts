import { describe, expect, test } from "vitest";
import { makeSecret } from "../../src/topology/secret.ts";
import { asAdministrator, checkOf, clinicOf, robotIn, set, subjects } from "./clinic.ts";

const WRONG = { username: "admin", password: makeSecret("not-the-password") };

describe("a registry that does not let us in", () => {
  test("is a fault with its reason and hint, tries nothing, and hides nothing of the others", async () => {
    await using clinic = await clinicOf("2.9");
    clinic.a.faults.down();
    await clinic.settled();
    const found = await clinic.diagnose();
    expect(subjects(found, "fault")).toEqual(["connection"]);
    expect(checkOf(found, "connection", "a").text).toContain("the connection was refused");
    expect(checkOf(found, "connection", "a").hint).toContain("check that Harbor runs there");
    expect(subjects(found, "not-tried")).toEqual(["rights"]);
    expect(subjects(found, "ok", "b")).toContain("registry:create");
    expect(subjects(found, "fault", "b")).toEqual(["reaches a"]);
    expect(checkOf(found, "reaches a").text).toMatch(/^http:\S+ can't be reached from there$/);
  });

  test("because of a wrong password is told without the password", async () => {
    await using clinic = await clinicOf("2.9");
    const found = await clinic.diagnose({ account: WRONG });
    expect(checkOf(found, "connection", "a")).toMatchObject({ state: "fault", account: "admin" });
    expect(JSON.stringify(found)).not.toContain("not-the-password");
  });

  test("with the others' account is told, and by what they answer from there", async () => {
    await using clinic = await clinicOf("2.9");
    const replicationAccount = { username: "robot$gone", password: makeSecret("not-the-password") };
    const found = await clinic.diagnose({ replicationAccount });
    expect(found.checks.filter(({ state }) => state === "fault")).toEqual([
      expect.objectContaining({ registry: "a", account: "robot$gone", subject: "connection" }),
      expect.objectContaining({ registry: "b", subject: "reaches a" }),
    ]);
    expect(checkOf(found, "reaches a").text).toContain("does not let robot$gone in");
  });
});

describe("from inside", () => {
  test.each(["2.1", "2.14"] as const)(
    "an endpointUrl that leads nowhere is found, on %s",
    async (profile) => {
      await using clinic = await clinicOf(profile);
      const before = clinic.b.snapshot();
      const found = await clinic.diagnose({ registry: { endpointUrl: "http://nowhere.test" } });
      expect(checkOf(found, "reaches a", "b")).toMatchObject({
        state: "fault",
        text: "http://nowhere.test can't be reached from there",
      });
      expect(clinic.b.snapshot()).toEqual(before);
    },
  );

  test("an endpoint of ours that holds an old password is found; others' are left alone", async () => {
    await using clinic = await clinicOf("2.9");
    const endpoint = (name: string, description: string): void => {
      asAdministrator(clinic.b, "POST", "/api/v2.0/registries", {
        name,
        description,
        type: "harbor",
        url: clinic.a.url,
        credential: { type: "basic", access_key: "robot$r", access_secret: "secret-of-robot" },
      });
    };
    const replicationAccount = robotIn(clinic.a, { projects: "repository:pull,push" });
    endpoint("tidelock.east.a", "Kept by Tidelock (installation test): change what is declared, not this.");
    endpoint("theirs", "made by hand");
    expect(checkOf(await clinic.diagnose({ replicationAccount }), "endpoint tidelock.east.a").state).toBe(
      "ok",
    );
    clinic.a.faults.rotatePassword("robot$r", "another-secret");
    const rotated = { ...replicationAccount, password: makeSecret("another-secret") };
    const found = await clinic.diagnose({ replicationAccount: rotated });
    expect(subjects(found, "fault", "b")).toEqual(["endpoint tidelock.east.a"]);
    expect(checkOf(found, "reaches a").state).toBe("ok");
    expect(checkOf(found, "endpoint tidelock.east.a").text).toContain("with the password kept there");
  });
});

describe("a Harbor that is read-only", () => {
  test("is a fault, and no right is said to lack that could not be tried", async () => {
    await using clinic = await clinicOf("2.9");
    set(clinic.a, { read_only: true });
    const found = await clinic.diagnose();
    expect(subjects(found, "fault")).toEqual(["writable"]);
    expect(subjects(found, "not-tried")).toEqual([
      ...["registry:read", "registry:create", "registry:update", "registry:delete"],
      ...["replication-policy:create", "replication-policy:update", "replication-policy:delete"],
      ...["replication:create", "tag:create", "tag:delete", "project:create", "reaches b"],
    ]);
    expect(checkOf(found, "tag:create").text).toBe("not tried: Harbor is read-only");
    expect(subjects(found, "ok")).toEqual(expect.arrayContaining(["registry:list", "repository:push"]));
  });
});

test("a right that a Harbor in trouble says nothing about is neither there nor lacking", async () => {
  await using clinic = await clinicOf("2.9");
  clinic.a.faults.fail(500, { path: /^\/api\/v2\.0\/replication\/policies/, method: "POST" });
  const found = await clinic.diagnose();
  expect(checkOf(found, "replication-policy:create", "a")).toMatchObject({ state: "not-tried" });
  expect(checkOf(found, "replication-policy:create", "a").text).toMatch(/^not found out: trying the right/);
  expect(subjects(found, "fault")).toEqual([]);
});

describe("clocks", () => {
  test("that are more than two seconds apart are warned of, and refused where newest decides", async () => {
    await using clinic = await clinicOf("2.9");
    clinic.a.faults.clockSkew(5_000);
    const found = await clinic.diagnose();
    expect(checkOf(found, "clock", "a")).toMatchObject({ state: "warning" });
    expect(checkOf(found, "clock", "a").text).toMatch(/^[45]\.\d s ahead of ours$/);
    expect(checkOf(found, "clocks")).toMatchObject({ state: "warning" });
    const newest = await clinic.diagnose({ heal: { conflicts: "newest" } });
    expect(checkOf(newest, "clocks")).toMatchObject({ state: "fault" });
  });
});

describe("the audit log", () => {
  test.each([
    [{ skip_audit_log_database: true, audit_log_forward_endpoint: "logs:514" }, "only forwarded to logs:514"],
    [{ disabled_audit_log_event_types: "pull_artifact,create_tag" }, "leaves out create_tag"],
  ])("that was set to %o is warned of, and a fault where healing depends on it", async (settings, said) => {
    await using clinic = await clinicOf("2.14");
    set(clinic.a, settings);
    const found = await clinic.diagnose();
    expect(checkOf(found, "audit log", "a")).toMatchObject({ state: "warning" });
    expect(checkOf(found, "audit log", "a").text).toContain(said);
    const depending = await clinic.diagnose({ heal: { deletions: "replay" } });
    expect(checkOf(depending, "audit log", "a").state).toBe("fault");
  });

  test("that a robot may not read looks empty, and is not believed to be", async () => {
    await using clinic = await clinicOf("2.14");
    const found = await clinic.diagnose({ account: robotIn(clinic.a, { system: "registry:list" }) });
    expect(checkOf(found, "audit-log:list", "a")).toMatchObject({ state: "warning" });
    expect(checkOf(found, "audit-log:list", "a").text).toContain(
      "it lacks the right, or the log is switched off",
    );
  });
});

describe("rights on projects", () => {
  test("are tried in a private one before a public one", async () => {
    await using clinic = await clinicOf("2.9");
    const content = { projects: ["**"], repositories: ["**"], tags: "**", excludeTags: [] };
    const replicationAccount = robotIn(clinic.a, { projects: "repository:pull" });
    const found = await clinic.diagnose({ replicationAccount, topology: { content } });
    expect(
      checkOf({ checks: found.checks.filter(({ state }) => state === "fault") }, "repository:push").text,
    ).toContain("lacks it in team:");
  });

  test("can't be tried where nothing of what is declared is there, and nothing is claimed", async () => {
    await using clinic = await clinicOf("2.9");
    const content = { projects: ["none"], repositories: ["**"], tags: "**", excludeTags: [] };
    const found = await clinic.diagnose({ topology: { content } });
    expect(checkOf(found, "projects", "a").state).toBe("not-tried");
    expect(checkOf(found, "tag:create", "a")).toMatchObject({
      state: "not-tried",
      text: "not tried: no project to try it in",
    });
    const robot = await clinic.diagnose({ account: robotIn(clinic.a, {}), topology: { content } });
    expect(checkOf(robot, "projects", "a").state).toBe("warning");
  });
});
