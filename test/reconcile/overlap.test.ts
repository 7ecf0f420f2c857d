import { expect, test } from "vitest";
import { runPass } from "../../src/reconcile/pass.ts";
import { tagsOf, findings, LOOK, Scene } from "../support/scene.ts";

/** `team-*` and `*-apps` are different patterns, so nothing is refused; on `team-apps` they meet. */
test("two topologies that write to one repository: a finding, and neither heals it", async () => {
  await using scene = await Scene.create({ registries: { a: "2.9", b: "2.14" }, front: "memory" });
  const one = {
    ...scene.topology,
    trigger: { kind: "manual" } as const,
    content: { ...scene.topology.content, projects: ["team-*"] },
  };
  const other = { ...one, name: "west", content: { ...one.content, projects: ["*-apps"] } };
  const { signal } = new AbortController();
  const deps = { ...scene.deps(), declared: { ...scene.deps().declared, topologies: [one, other] } };
  const act = { ...LOOK, configure: true, heal: true, dryRun: false };
  scene.sandbox("a").push("team-apps/contested", "1");
  scene.sandbox("a").push("team-web/free", "1");
  await scene.rest();

  for (const topology of [one, other]) {
    const report = await runPass(topology, deps, act, signal);
    expect(report.verdict, topology.name).toBe("not-in-step");
    expect(findings(report)).toEqual(["overlap team-apps/contested:**", "unproven team-apps/contested:1"]);
  }
  expect(Object.keys(tagsOf(scene.sandbox("b")))).toEqual(["team-web/free:1"]);
});
