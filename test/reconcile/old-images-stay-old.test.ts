import { expect, test } from "vitest";
import { digestOf } from "../../src/sandbox/blob-store.ts";
import type { Request } from "../../src/sandbox/exchange.ts";
import { imageOf } from "../../src/sandbox/image.ts";
import { Scene, tagsOf } from "../support/scene.ts";

const REPOSITORY = "library/app";
const TAG = `${REPOSITORY}:t`;

test.each(["2.7", "2.12", "2.14"] as const)(
  "CI pushes the same image to both sides while we copy it (%s)",
  async (profile) => {
    await using scene = await Scene.create({
      registries: { a: profile, b: profile },
      heal: { remedy: "scoped" },
      front: "memory",
      topology: { trigger: { kind: "manual" } },
      separateAccounts: true,
    });
    await scene.pass();
    for (const seed of ["first", "second", "third"]) {
      expect((await scene.pass()).verdict).toBe("in-step");
      scene.sandbox("a").push(REPOSITORY, "t", { seed });
      await scene.rest();
    }
    const third = tagsOf(scene.sandbox("a"))[TAG];
    let done = false;
    let started = false;
    scene.sandbox("a").onRequest(({ method, path }: Request) => {
      if (method === "POST" && path.endsWith("/replication/executions")) started = true;
      if (done || !started || tagsOf(scene.sandbox("b"))[TAG] !== third) return;
      done = true;
      expect(scene.sandbox("b").push(REPOSITORY, "t", { seed: "third" })).toBe(third);
    });
    await scene.pass();
    for (let i = 0; i < 3; i += 1) {
      await scene.rest();
      await scene.pass();
    }
    expect(done).toBe(true);
    expect([tagsOf(scene.sandbox("a"))[TAG], tagsOf(scene.sandbox("b"))[TAG]]).toEqual([third, third]);
  },
);

test.each(["2.7", "2.12", "2.14"] as const)(
  "a release pushed as 1.4 and latest while latest is copied: the oldest image does not come back (%s)",
  async (profile) => {
    await using scene = await Scene.create({
      registries: { a: profile, b: profile },
      heal: { remedy: "scoped" },
      front: "memory",
      topology: { trigger: { kind: "manual" } },
    });
    await scene.pass();
    for (const seed of ["1.1", "1.2", "1.3"]) {
      await scene.pass();
      scene.sandbox("a").push(REPOSITORY, "latest", { seed });
      await scene.rest();
    }
    const oldest = digestOf(imageOf({}, "1.1").manifest);
    let done = false;
    scene.sandbox("a").onRequest(({ method, path }: Request) => {
      if (done || method !== "POST" || !path.endsWith("/replication/executions")) return;
      done = true;
      scene.sandbox("b").push(REPOSITORY, "1.4", { seed: "1.4" });
      scene.sandbox("b").push(REPOSITORY, "latest", { seed: "1.4" });
    });
    await scene.pass();
    expect(done).toBe(true);
    for (let i = 0; i < 2; i += 1) {
      await scene.rest();
      await scene.pass();
    }
    expect(Object.values({ ...tagsOf(scene.sandbox("a")) })).not.toContain(oldest);
    expect(tagsOf(scene.sandbox("b"))[`${REPOSITORY}:latest`]).not.toBe(oldest);
  },
);
