import { expect, test } from "vitest";
import { checkTogether } from "../../src/doctor/together.ts";
import type { Check } from "../../src/doctor/model.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { Scene } from "../support/scene.ts";

const registries = (release: ProfileName) => ({ a: release, b: release });

async function checks(scene: Scene): Promise<readonly Check[]> {
  const ports = new Map(["a", "b"].map((name) => [name, scene.port(name)]));
  return await checkTogether(scene.deps().declared, ports, new AbortController().signal);
}

async function brief(scene: Scene): Promise<string[][]> {
  return (await checks(scene)).map(({ subject, state }) => [subject, state]);
}

test.each(["2.1", "2.9", "2.14"] as const)("two Harbors of %s are apart", async (release) => {
  await using scene = await Scene.create({ registries: registries(release) });
  expect(await checks(scene)).toEqual([
    { subject: "databases", state: "ok", text: "a and b have databases of their own" },
    { subject: "Redis", state: "ok", text: "a and b do not take each other's sessions" },
  ]);
});

test("nodes of one database can't be told from a copy by looks alone, and share a Redis", async () => {
  await using scene = await Scene.create({ registries: registries("2.9"), shares: {} });
  expect(await brief(scene)).toEqual([
    ["databases", "warning"],
    ["Redis", "fault"],
  ]);
});

test("nodes of one database in which something happens meanwhile are a fault", async () => {
  await using scene = await Scene.create({ registries: registries("2.9"), shares: {} });
  scene.sandbox("a").push("team/app", "1");
  scene.sandbox("b").onRequest(({ path }) => {
    if (path.includes("audit-logs")) scene.sandbox("a").push("team/app", "2");
  });
  expect(await brief(scene)).toEqual([["databases", "fault"]]);
});

test("one Redis under two databases is a fault", async () => {
  const shares = { database: false, storage: false, redis: true };
  await using scene = await Scene.create({ registries: registries("2.9"), shares });
  expect(await brief(scene)).toEqual([
    ["databases", "ok"],
    ["Redis", "fault"],
  ]);
});

test("a login that is refused is nothing found out", async () => {
  await using scene = await Scene.create({ registries: registries("2.9") });
  for (const name of ["a", "b"]) scene.sandbox(name).faults.fail(403, { path: "/c/login" });
  expect(await brief(scene)).toEqual([
    ["databases", "ok"],
    ["Redis", "not-tried"],
  ]);
});
