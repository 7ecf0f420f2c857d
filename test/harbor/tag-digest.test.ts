import { expect, test } from "vitest";
import { Scene } from "../support/scene.ts";

async function guarded(): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.9" }, front: "memory" });
  const a = scene.sandbox("a");
  a.addScanner();
  a.createProject("team", { metadata: { prevent_vul: "true", severity: "low" } });
  return scene;
}

test("what a project refuses to serve stands for what it stands for, by tag and by digest", async () => {
  await using scene = await guarded();
  const a = scene.sandbox("a");
  const digest = a.push("team/deep/app", "v1");
  const index = a.pushIndex("team/deep/app", "all", ["amd64"]);
  const port = scene.port("a");
  expect(await port.tagDigest("team/deep/app", "v1")).toBe(digest);
  expect(await port.tagDigest("team/deep/app", digest)).toBe(digest);
  expect(await port.tagDigest("team/deep/app", "all")).toBe(index);
  expect(await port.tagDigest("team/deep/app", "v2")).toBeUndefined();
  expect(await port.tagDigest("team/deep/app", digest.replace(/.$/, "x"))).toBeUndefined();
});

test("what the registry has and the API has not is not absent by this alone", async () => {
  await using scene = await guarded();
  const a = scene.sandbox("a");
  a.push("team/app", "v1");
  const port = scene.port("a");
  await port.identify();
  const end = a.onRequest(({ path }) => {
    if (!path.startsWith("/api/")) return;
    end();
    a.deleteTag("team/app", "v1");
  });
  await expect(port.tagDigest("team/app", "v1")).rejects.toMatchObject({
    code: "HARBOR_PRECONDITION",
    hint: expect.stringContaining("deployment security") as string,
  });
  expect(await port.tagDigest("team/app", "v1")).toBeUndefined();
});
