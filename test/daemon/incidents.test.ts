import { expect, test } from "vitest";
import { startDaemon } from "../../src/daemon/daemon.ts";
import { recordIncidents, recordTurn } from "../../src/reconcile/record-incidents.ts";
import type { IncidentEntry } from "../../src/store/store.ts";
import { collectingLog } from "../support/collecting-log.ts";
import { Scene } from "../support/scene.ts";

/** Enough that a request of a pass is answered while the loops beside it sleep for a second. */
const TURNS = 50;

test("an outage is one incident: opened when the probe gives up, closed by the proof after the return", async () => {
  await using scene = await Scene.create({
    registries: { a: "2.9", b: "2.14" },
    front: "memory",
    turns: TURNS,
  });
  const { topology, store, clock } = scene;
  let passes = 0;
  const daemon = startDaemon({
    topologies: [topology],
    settings: { ...scene.deps().declared.settings, schedule: "0 0 0 29 2 *" },
    portOf: (name) => scene.port(name),
    outages: store.outages,
    installation: "test",
    clock,
    log: collectingLog().log,
    turned: (of, registry) => recordTurn(store, of, registry, clock.now()),
    pass: async () => {
      await recordIncidents(store, topology, await scene.pass());
      passes += 1;
    },
  });
  const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
    for (let i = 0; i < 2_000 && !(await done()); i += 1) await clock.sleep(1_000);
    expect(await done()).toBe(true);
  };
  const open = async (): Promise<number> => (await store.incidents.openOf("east")).length;
  const kinds = async (): Promise<IncidentEntry["kind"][]> =>
    (await store.incidents.get(1))?.entries.map(({ kind }) => kind) ?? [];

  await until(() => passes === 1);
  expect(await store.incidents.list(5)).toEqual([]);
  await scene.down("a");
  await until(async () => (await open()) === 1);
  expect(passes).toBe(1);
  const [outage] = await store.outages.outages("a");
  expect(await store.incidents.list(5)).toMatchObject([
    { kind: "outage", subject: "a", openedAt: outage?.from },
  ]);
  expect(await kinds()).toEqual(["opened"]);

  scene.sandbox("b").push("library/app", "1.0");
  await clock.sleep(60_000);
  await scene.up("a");
  await until(async () => (await open()) === 0);
  expect([...new Set(await kinds())]).toEqual(["opened", "evidence", "remedy", "proof", "closed"]);
  expect(await store.incidents.list(5)).toHaveLength(1);
  expect(scene.sandbox("a").tags().get("library/app")?.has("1.0")).toBe(true);
  await daemon.stop();
});
