import { describe, expect, test } from "vitest";
import { createHarborClient } from "../../src/harbor/client.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { makeSecret } from "../../src/topology/secret.ts";
import { Scene, tagsOf } from "../support/scene.ts";
import { registryAt } from "../support/harbor-at.ts";

async function withImage(profile: ProfileName): Promise<{ scene: Scene; digest: string }> {
  const scene = await Scene.create({ registries: { a: profile } });
  return { scene, digest: scene.sandbox("a").push("library/team/app", "v1") };
}

const REPOSITORY = "library/team/app";

describe.each(["2.1", "2.7", "2.16"] as const)("tags on %s", (profile) => {
  test("are added to what is there, and never moved", async () => {
    const { scene, digest } = await withImage(profile);
    await using _ = scene;
    const port = scene.port("a");
    expect(await port.createTag(REPOSITORY, digest, "kept")).toBe(true);
    const other = scene.sandbox("a").push(REPOSITORY, "v2");
    expect(await port.createTag(REPOSITORY, other, "kept")).toBe(false);
    expect(await port.createTag(REPOSITORY, digest, "kept")).toBe(false);
    expect(tagsOf(scene.sandbox("a"))).toMatchObject({ [`${REPOSITORY}:kept`]: digest });
    const none = port.createTag(REPOSITORY, `sha256:${"0".repeat(64)}`, "none");
    await expect(none).rejects.toMatchObject({ code: "HARBOR_NOT_FOUND" });
  });

  test("are removed from the digest that was meant only, and the image stays", async () => {
    const { scene, digest } = await withImage(profile);
    await using _ = scene;
    const [port, sandbox] = [scene.port("a"), scene.sandbox("a")];
    const moved = sandbox.push(REPOSITORY, "v1");
    expect(await port.deleteTag(REPOSITORY, digest, "v1")).toBe(false);
    expect(tagsOf(sandbox)).toEqual({ [`${REPOSITORY}:v1`]: moved });
    expect(await port.deleteTag(REPOSITORY, moved, "v1")).toBe(true);
    expect(tagsOf(sandbox)).toEqual({});
    expect(await port.deleteTag(REPOSITORY, moved, "v1")).toBe(false);
    expect((await port.artifact(REPOSITORY, moved))?.tags).toEqual([]);
  });
});

test("a removal whose answer was lost is not repeated: the tag may have been put back since", async () => {
  const { scene, digest } = await withImage("2.9");
  await using _ = scene;
  scene.sandbox("a").faults.reset({ method: "DELETE", times: 1 });
  await expect(scene.port("a").deleteTag(REPOSITORY, digest, "v1")).rejects.toMatchObject({
    code: "HARBOR_UNREACHABLE",
  });
  expect(
    scene
      .sandbox("a")
      .requests.all()
      .filter(({ method }) => method === "DELETE"),
  ).toHaveLength(1);
});

test("who may not tag is told so, by name of the tag", async () => {
  const { scene, digest } = await withImage("2.12");
  await using _ = scene;
  const sandbox = scene.sandbox("a");
  const access = ["pull", "push", "list", "read"].map((action) => ({ resource: "repository", action }));
  const username = sandbox.addRobot("r", "s", [{ kind: "project", namespace: "*", access }]);
  const account = { username, password: makeSecret("s") };
  const { clock } = scene;
  const port = createHarborClient(registryAt(sandbox.url, { account }), {
    clock,
    random: () => 0.5,
    environment: {},
  });
  const refused = { code: "HARBOR_FORBIDDEN", message: expect.stringContaining("kept") as string };
  await expect(port.createTag(REPOSITORY, digest, "kept")).rejects.toMatchObject(refused);
  const kept = { code: "HARBOR_FORBIDDEN", message: expect.stringContaining(`${REPOSITORY}:v1`) as string };
  await expect(port.deleteTag(REPOSITORY, digest, "v1")).rejects.toMatchObject(kept);
  expect(tagsOf(sandbox)).toEqual({ [`${REPOSITORY}:v1`]: digest });
  port.close();
});
