import { describe, expect, test } from "vitest";
import { findingsOf } from "../../src/reconcile/report.ts";
import type { Request } from "../../src/sandbox/exchange.ts";
import { passJson } from "../../src/cli/render/pass.ts";
import { ACCOUNTS, Scene, tagsOf } from "../support/scene.ts";

const REPOSITORY = "library/app";
const TAG = `${REPOSITORY}:t`;

const isStart = ({ method, path }: Request): boolean =>
  method === "POST" && path.endsWith("/replication/executions");

test.each(["2.7", "2.12", "2.14"] as const)(
  "a person's push at a slave that OUR copy displaced is put back (%s)",
  async (profile) => {
    await using scene = await Scene.create({
      kind: "master-slave",
      registries: { m: profile, s: profile },
      heal: { remedy: "scoped" },
      front: "memory",
      topology: { trigger: { kind: "manual" } },
      separateAccounts: true,
    });
    await scene.pass();
    scene.sandbox("m").push(REPOSITORY, "t", { seed: "one" });
    await scene.rest();
    await scene.pass();
    scene.sandbox("m").push(REPOSITORY, "t", { seed: "two" });
    await scene.rest();
    let pushed = "";
    const off = scene.sandbox("m").onRequest((request) => {
      if (pushed !== "" || !isStart(request)) return;
      off();
      scene.clock.advance(1000);
      pushed = scene.sandbox("s").push(REPOSITORY, "t", { seed: "persons" });
      scene.clock.advance(1000);
    });
    await scene.pass();
    expect(pushed).not.toBe("");
    expect(tagsOf(scene.sandbox("s"))[TAG]).toBe(pushed);
  },
);

async function overtaken(): Promise<Scene> {
  const scene = await Scene.create({
    kind: "master-slave",
    registries: { m: "2.14", s: "2.14" },
    front: "memory",
    topology: { trigger: { kind: "manual" } },
    separateAccounts: true,
  });
  const { clock } = scene;
  await scene.pass();
  scene.sandbox("m").push(REPOSITORY, "t", { seed: "one" });
  scene.sandbox("m").push("library/more", "t", { seed: "one" });
  await scene.rest();
  await scene.pass();
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  scene.sandbox("m").push(REPOSITORY, "t", { seed: "two" });
  clock.advance(60_000);
  scene.sandbox("s").push(REPOSITORY, "t", { seed: "persons" });
  clock.advance(60_000);
  scene.sandbox("s").push(REPOSITORY, "t", { seed: "two", as: ACCOUNTS.replication });
  clock.advance(60_000);
  scene.sandbox("m").push("library/more", "t", { seed: "two" });
  await scene.rest();
  return scene;
}

describe("the notice", () => {
  test("is in what the pass reports, also where something else is healed", async () => {
    await using scene = await overtaken();
    const report = await scene.pass();
    const kinds = (content: typeof report.content): string[] =>
      findingsOf(content).map(({ kind, reason }) => `${kind} ${reason}`);
    expect(kinds(report.before)).toContainEqual(expect.stringContaining("displaced"));
    expect(JSON.stringify(passJson(report)["content"])).toContain("the master's image came over");
  });
  test("is in what the pass reports, also where it was met between two healings", async () => {
    await using scene = await overtaken();
    // What a person pushed at the slave is overtaken only once the first reading is over.
    scene.sandbox("m").push(REPOSITORY, "t", { seed: "three" });
    scene.clock.advance(60_000);
    scene.sandbox("s").push(REPOSITORY, "t", { seed: "persons again" });
    await scene.rest();
    const off = scene.sandbox("m").onRequest((request) => {
      if (!isStart(request)) return;
      off();
      scene.sandbox("s").push(REPOSITORY, "t", { seed: "three", as: ACCOUNTS.replication });
    });
    const report = await scene.pass({ remedy: "scoped" });
    const told = findingsOf(report.content).filter(({ kind }) => kind === "displaced");
    expect(told.map(({ reason }) => reason).join()).toContain("the master's image came over");
  });
  test("is told by the first pass that is kept, however often somebody only looked before", async () => {
    await using scene = await overtaken();
    const told = ({ content, before }: Awaited<ReturnType<Scene["pass"]>>): string[] =>
      [...findingsOf(before), ...findingsOf(content)]
        .filter(({ kind }) => kind === "displaced")
        .map(({ repository, tag }) => `${repository}:${tag}`);
    for (let i = 0; i < 2; i += 1) expect(told(await scene.look())).toContain(TAG);
    expect(told(await scene.pass())).toContain(TAG);
    await scene.rest();
    expect([...told(await scene.look()), ...told(await scene.pass())]).toEqual([]);
  });
  test("does not withhold a whole run", async () => {
    await using scene = await overtaken();
    const report = await scene.pass({ remedy: "retrigger" });
    expect(report.remedies.map(({ result }) => result)).toEqual(["arrived"]);
  });
  test("is told once", async () => {
    await using scene = await overtaken();
    const told = (content: Awaited<ReturnType<Scene["pass"]>>["content"]): string[] =>
      findingsOf(content)
        .filter(({ kind }) => kind === "displaced")
        .map(({ reason }) => reason);
    expect(told((await scene.pass()).before)).toHaveLength(1);
    await scene.rest();
    for (let i = 0; i < 3; i += 1) {
      const digest = tagsOf(scene.sandbox("s"))[TAG] ?? "";
      scene.sandbox("s").deleteArtifact(REPOSITORY, digest);
      await scene.rest();
      const one = await scene.pass();
      await scene.rest();
      const two = await scene.pass();
      expect([...told(one.before), ...told(one.content), ...told(two.content)]).toEqual([]);
    }
  });
});
