import { expect, test } from "vitest";
import { Scene } from "../support/scene.ts";

test.each(["2.1", "2.7", "2.9", "2.14"] as const)(
  "a session of %s begins, is known there alone, and ends",
  async (release) => {
    await using scene = await Scene.create({ registries: { a: release, b: release } });
    const [a, b] = [scene.port("a"), scene.port("b")];
    const session = await a.logIn();
    if (session === undefined) throw new Error("the administrator has sessions");
    expect(session).toMatch(/^sid=./);
    expect([await a.takesSession(session), await b.takesSession(session)]).toEqual([true, false]);
    await a.logOut(session);
    expect(await a.takesSession(session)).toBe(false);
  },
);

test("a session of a user whom the other database lacks is taken all the same where the Redis is one", async () => {
  const shares = { database: false, storage: false, redis: true };
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, shares });
  scene.sandbox("a").addUser("ada", "Person12345", true);
  scene.login("a", { username: "ada", password: "Person12345" });
  const session = await scene.port("a").logIn();
  expect(await scene.port("b").takesSession(session ?? "")).toBe(true);
});

test("a robot has none", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  const username = scene.sandbox("a").addRobot("r", "Robot12345", []);
  scene.login("a", { username, password: "Robot12345" });
  expect(await scene.port("a").logIn()).toBeUndefined();
});

test("what a refused login said holds neither password nor token", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  scene.sandbox("a").faults.fail(500, { path: "/c/login" });
  const thrown: unknown = await scene
    .port("a")
    .logIn()
    .catch((error: unknown) => error);
  expect(String(thrown)).toMatch(/logging in to the portal/);
  expect(JSON.stringify(thrown)).not.toContain(scene.sandbox("a").adminPassword);
});
