import { expect, test } from "vitest";
import { recordReach } from "../../src/reconcile/record-reach.ts";
import { findings, Scene, tagsOf } from "../support/scene.ts";

async function passAndRecord(scene: Scene): ReturnType<Scene["pass"]> {
  const report = await scene.pass();
  await recordReach(scene.store.outages, scene.topology, report);
  return report;
}

test("outages seen by one-shots alone tell which side moved a tag that nobody ever saw in step", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  await passAndRecord(scene);
  scene.sandbox("a").push("library/app", "v1");
  await scene.rest();
  await scene.down("a");
  const during = await passAndRecord(scene);
  expect(during.unreachable.map(({ registry }) => registry)).toEqual(["a"]);
  scene.clock.advance(60_000);
  const moved = scene.sandbox("b").push("library/app", "v1");
  for (let i = 0; i < 60; i += 1) scene.sandbox("b").push("library/other", "noise");
  await scene.rest();
  scene.sandbox("b").sweep();
  await scene.up("a");
  expect(findings(await scene.look())).toContain("stale library/app:v1 b>a");
  await passAndRecord(scene);
  expect(tagsOf(scene.sandbox("a"))["library/app:v1"]).toBe(moved);
  const [outage] = await scene.store.outages.outages("a");
  expect(outage?.to).toBeGreaterThan(outage?.from ?? Infinity);
});

test("refused credentials are no outage", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  await passAndRecord(scene);
  scene.sandbox("a").faults.rotatePassword("admin", "another");
  await passAndRecord(scene);
  expect(await scene.store.outages.outages("a")).toEqual([]);
});
