import { expect, test } from "vitest";
import { Scene, tagsOf } from "../support/scene.ts";

test("many repositories that fail, older than the others, do not keep those from being healed", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" } });
  await scene.pass();
  const bad = Array.from({ length: 8 }, (_, i) => `library/bad${i}`);
  const good = Array.from({ length: 4 }, (_, i) => `library/good${i}`);
  for (const repository of [...bad, ...good]) {
    scene.sandbox("a").faults.loseNextEvents(1);
    scene.sandbox("a").push(repository, "v1");
    scene.clock.advance(1000);
  }
  await scene.rest();
  // What stands there can be read before anything is copied, and no longer when it is asked what arrived.
  const off = scene.sandbox("a").onRequest(({ method, path }) => {
    if (method !== "POST" || !path.endsWith("/replication/executions")) return;
    off();
    scene.sandbox("b").faults.fail(500, { path: /^\/v2\/library\/bad/, from: "client" });
  });
  const report = await scene.pass();
  const results = report.remedies.map(({ result }) => result);
  expect(results.filter((result) => result === "failed")).toHaveLength(bad.length);
  for (const repository of good) expect(tagsOf(scene.sandbox("b"))[`${repository}:v1`]).toBeDefined();
});
