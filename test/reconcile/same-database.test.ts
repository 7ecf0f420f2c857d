import { expect, test } from "vitest";
import { Scene } from "../support/scene.ts";

const TWO = { registries: { a: "2.9", b: "2.9" } } as const;
const ONE = { ...TWO, shares: { database: true } } as const;
const PLAN = { compare: false, heal: false, dryRun: true } as const;

/** What it is to be found by: nothing may stand in the Harbors that did not stand there before. */
async function objectsOf(scene: Scene): Promise<string[]> {
  const found = await Promise.all(
    ["a", "b"].map(async (name) => [
      ...(await scene.port(name).endpoints()).map((one) => `${name} ${one.name}`),
      ...(await scene.port(name).replicationPolicies()).map((one) => `${name} ${one.name}`),
    ]),
  );
  return found.flat();
}

/** The message of a pass that is refused for this. */
async function refusalOf(pass: Promise<unknown>): Promise<string> {
  const thrown: unknown = await pass.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toMatchObject({ code: "SAME_DATABASE" });
  return thrown instanceof Error ? thrown.message : "";
}

/** `b` is set up from a backup of `a`. */
function copyToB(scene: Scene): void {
  scene.sandbox("b").faults.restore(scene.sandbox("a").faults.backup());
}

test("nodes of one database are refused before anything stays in them", async () => {
  await using scene = await Scene.create(ONE);
  expect(await refusalOf(scene.pass())).toMatch(
    /^the registries a and b of east are nodes of one database: an endpoint/,
  );
  expect(await objectsOf(scene)).toEqual([]);
});

test("they are refused in the same way after something happened there, and by a mere plan", async () => {
  await using scene = await Scene.create(ONE);
  scene.sandbox("a").push("team/app", "1");
  expect(await refusalOf(scene.pass())).toMatch("are nodes of one database");
  const before = scene.writes();
  expect(await refusalOf(scene.pass(PLAN))).toMatch("can't be told from nodes of one database");
  expect(scene.writes()).toBe(before);
});

test("one that is pushed to while it is looked at is known by reading alone", async () => {
  await using scene = await Scene.create(ONE);
  scene.sandbox("a").push("team/app", "1");
  const end = scene.sandbox("b").onRequest(({ path }) => {
    if (path.includes("audit-logs")) scene.sandbox("a").push("team/app", "2");
  });
  expect(await refusalOf(scene.pass(PLAN))).toMatch(/are nodes of one database: the audit entry \d+/);
  end();
  expect(await objectsOf(scene)).toEqual([]);
});

test("a registry that was made from a backup of the other just now is not taken for the same", async () => {
  await using scene = await Scene.create(TWO);
  scene.sandbox("a").push("team/app", "1");
  copyToB(scene);
  expect(await refusalOf(scene.pass(PLAN))).toMatch("can't be told from nodes of one database");
  const report = await scene.pass();
  expect(report.verdict).toBe("in-step");
  expect(await objectsOf(scene)).toEqual([
    "a tidelock.east.b",
    "a tidelock.east.a-to-b",
    "b tidelock.east.a",
    "b tidelock.east.b-to-a",
  ]);
});

test("of a copy in which something happened since nothing is said", async () => {
  await using scene = await Scene.create(TWO);
  scene.sandbox("a").push("team/app", "1");
  copyToB(scene);
  scene.sandbox("b").push("team/app", "2");
  const report = await scene.pass(PLAN);
  expect(report.warnings).toEqual([]);
  expect(report.configuration?.plan.actions).not.toEqual([]);
});

test("a pass that only compares warns of what can't be told", async () => {
  await using scene = await Scene.create(TWO);
  copyToB(scene);
  const report = await scene.look();
  expect(report.warnings).toEqual([
    "a and b can't be told from nodes of one database: both have the same (the project library with the millisecond it was made in)",
  ]);
});

test("where the endpoint can't be made, what is alike is refused", async () => {
  await using scene = await Scene.create(TWO);
  scene.sandbox("a").push("team/app", "1");
  copyToB(scene);
  scene.sandbox("a").faults.fail(500, { method: "POST", path: "/api/v2.0/registries" });
  expect(await refusalOf(scene.pass())).toMatch("can't be told from nodes of one database");
});

test("an endpoint that a killed pass left is removed by the next one", async () => {
  await using scene = await Scene.create(TWO);
  await scene.pass();
  const [endpoint] = await scene.port("a").endpoints();
  if (endpoint === undefined) throw new Error("there is an endpoint");
  const { url, description } = endpoint;
  const name = "tidelock.east.b.proof-abc";
  const account = { username: "admin", password: "Harbor12345", insecure: false, caCertificate: "" };
  await scene.port("a").createEndpoint({ name, url, description, ...account });
  expect((await scene.pass(PLAN)).configuration?.plan.findings).toEqual([]);
  expect((await scene.pass()).verdict).toBe("in-step");
  expect((await scene.port("a").endpoints()).map((one) => one.name)).toEqual([endpoint.name]);
});

test("registries that are configured cost no request more", async () => {
  await using scene = await Scene.create(TWO);
  await scene.pass();
  const asked: string[] = [];
  const ends = ["a", "b"].map((name) =>
    scene.sandbox(name).onRequest(({ method, path }) => asked.push(`${method} ${path}`)),
  );
  await scene.pass(PLAN);
  for (const end of ends) end();
  expect(asked.filter((one) => one.includes("/projects/library") || one.includes("audit"))).toEqual([]);
  expect(asked.filter((one) => one.includes("/c/login"))).toEqual([]);
});
