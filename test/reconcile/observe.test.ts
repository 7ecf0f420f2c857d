import { expect, test } from "vitest";
import { switchOff } from "../../src/heal/switched-off.ts";
import { heldBack } from "../../src/reconcile/held-back.ts";
import { markOf } from "../../src/topology/mark.ts";
import { findings, Scene } from "../support/scene.ts";

const NEVER = new AbortController().signal;

/** Everything that a pass would write for: drift, a leftover of each kind, something to prune, and a gap. */
async function allToDo(): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, heal: { settleMs: 1 } });
  await scene.pass();
  scene.sandbox("a").push("library/app", "v1");
  await scene.rest();
  await scene.pass();
  await scene.down("a");
  scene.sandbox("b").push("library/app", "v2");
  await scene.rest();
  await scene.up("a");
  const port = scene.port("b");
  const [policy] = await port.replicationPolicies();
  if (policy === undefined) throw new Error("there is one");
  const manual = { ...policy, trigger: { kind: "manual", cron: "" } as const, description: markOf("test") };
  await port.createReplicationPolicy({ ...manual, name: `${policy.name}.heal-0123456789ab` });
  await port.createReplicationPolicy({ ...manual, name: "tidelock.east.b-to-gone" });
  await switchOff(port, policy, NEVER);
  const [ofA] = await scene.port("a").replicationPolicies();
  if (ofA === undefined) throw new Error("there is one");
  await scene.port("a").updateReplicationPolicy({ ...ofA, override: false });
  return scene;
}

test("a topology that observes is compared to the end, and nothing at all is written", async () => {
  await using scene = await allToDo();
  const before = scene.writes();
  const report = await scene.pass(
    { prune: true, remedy: "toggle" },
    { ...scene.topology, mode: "observe", enforceEnabled: true },
  );
  expect(findings(report)).toEqual(["missing library/app:v2 b>a"]);
  const { plan, withheld = [], results = [] } = report.configuration ?? {};
  expect((plan?.actions.length ?? 0) + withheld.length).toBeGreaterThan(1);
  expect(results).toEqual([]);
  expect([report.verdict, report.proven, report.remedies]).toEqual(["not-in-step", false, []]);
  expect(scene.writes()).toBe(before);
});

test("a paused one, or any while nothing may be written, is the same; its own mode stays what it is", async () => {
  await using scene = await allToDo();
  const before = scene.writes();
  const pause = { name: "east", from: 1, until: 2 };
  for (const held of [
    heldBack(scene.topology, { pause, readOnly: false }),
    heldBack(scene.topology, { pause: undefined, readOnly: true }),
  ]) {
    expect(held.notes).toHaveLength(1);
    await scene.pass({ prune: true }, held.topology);
  }
  expect(scene.writes()).toBe(before);
  const free = heldBack(scene.topology, { pause: undefined, readOnly: false });
  expect(free).toEqual({ topology: scene.topology, notes: [] });
});

test("the same topology that acts has all of it to write", async () => {
  await using scene = await allToDo();
  const before = scene.writes();
  const report = await scene.pass({ prune: true });
  expect(scene.writes()).toBeGreaterThan(before);
  expect(report.verdict).toBe("in-step");
  const names = (await scene.port("b").replicationPolicies()).map(({ name }) => name);
  expect(names).toEqual(["tidelock.east.b-to-a"]);
});
