import { expect, test } from "vitest";
import { runPass } from "../../src/reconcile/pass.ts";
import type { Permission } from "../../src/sandbox/state.ts";
import { Scene } from "../support/scene.ts";

const ONE_REDIS = { database: false, storage: false, redis: true };

const EVERYTHING: readonly Permission[] = [
  {
    kind: "system",
    namespace: "/",
    access: ["registry", "replication-policy", "replication"].flatMap((resource) =>
      ["list", "read", "create", "update", "delete"].map((action) => ({ resource, action })),
    ),
  },
];

test.each(["2.7", "2.9", "2.14"] as const)(
  "registries of %s that share a Redis are refused",
  async (release) => {
    await using scene = await Scene.create({ registries: { a: release, b: release }, shares: ONE_REDIS });
    await expect(scene.pass()).rejects.toMatchObject({ code: "SHARED_REDIS" });
    expect(await scene.port("a").endpoints()).toEqual([]);
    expect(await scene.port("b").endpoints()).toEqual([]);
  },
);

test("a plan logs in nowhere", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, shares: ONE_REDIS });
  const before = scene.writes();
  const report = await scene.pass({ compare: false, heal: false, dryRun: true });
  expect(report.configuration?.plan.actions).not.toEqual([]);
  expect(scene.writes()).toBe(before);
});

test("a Redis each is fine, and the session that was begun is over", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  const logins: string[] = [];
  const ends = ["a", "b"].map((name) =>
    scene.sandbox(name).onRequest(({ method, path }) => {
      if (path.startsWith("/c/")) logins.push(`${name} ${method} ${path}`);
    }),
  );
  expect((await scene.pass()).verdict).toBe("in-step");
  for (const end of ends) end();
  expect(logins).toEqual(["a POST /c/login", "a GET /c/log_out"]);
});

test("with robots it is untested, told, and stops nothing", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, shares: ONE_REDIS });
  for (const name of ["a", "b"]) {
    const username = scene.sandbox(name).addRobot("tidelock", "Robot12345", EVERYTHING);
    scene.login(name, { username, password: "Robot12345" });
  }
  const told: string[] = [];
  const deps = { ...scene.deps(), tell: (sentence: string) => void told.push(sentence) };
  const options = { configure: true, compare: false, heal: false, dryRun: false, prune: false };
  await runPass(scene.topology, deps, options, new AbortController().signal);
  expect(told).toContainEqual(
    expect.stringContaining("whether a and b share a Redis is untested: robot$tidelock"),
  );
});
