import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import { artifactsOf, snapshotOf } from "./snapshot.ts";
import type { Tidelock } from "./tidelock.ts";
import { until } from "./until.ts";

const PROJECT = "tidelock-live-failback";
const TOPOLOGY = "live-failback";
const APP = `${PROJECT}/app`;

/** `settle` stays at its default of four minutes: what is copied at once is known to be lost. */
const DECLARATION = {
  topology: `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }`,
  settings: "health: { warnSeconds: 1, criticalSeconds: 2 }",
};

describeLive("an outage of one of two masters", (rig) => {
  const { a, b } = rig;
  let tidelock: Tidelock;
  const moved = { before: "", after: "" };

  test("is declared: four objects are planned, made, and then nothing is left to do", async () => {
    tidelock = await rig.declare(DECLARATION);
    await a.createProject(PROJECT);
    const plan = await tidelock.json("plan");
    expect(plan.topology.actions.map(({ kind, registry }) => `${registry} ${kind}`).toSorted()).toEqual([
      "a create-endpoint",
      "a create-policy",
      "b create-endpoint",
      "b create-policy",
    ]);
    expect(plan.code).toBe(2);

    const applied = await tidelock.json("reconcile");
    expect(applied.topology.configuration.actions.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 4 }, () => "done"),
    );
    expect(applied.code).toBe(0);

    const again = await tidelock.json("plan");
    expect(again.topology.actions).toEqual([]);
    expect(again.code).toBe(0);
  });

  test("before it, Harbor copies by itself, and both are in step", async () => {
    for (const tag of ["1.0", "nightly", "stable"]) await a.push(APP, tag, `${tag} of a`);
    moved.before = await a.push(APP, "latest", "latest of a");
    await rig.untilEqual(PROJECT);
    await rig.untilQuiet(TOPOLOGY);

    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.proven, ran.topology.healed], ran.err).toEqual([0, true, 0]);
    const health = await tidelock.run("health");
    expect(health.out).toMatch(/^OK - live-failback: in step, 4 tags equal/);
    expect(health.code).toBe(0);
  });

  test("is critical while it lasts", async () => {
    await rig.outageOfA(TOPOLOGY, 3, async () => {
      await b.push(APP, "1.1", "1.1 of b");
      await b.push(`${PROJECT}/team/new`, "1", "new of b");
      moved.after = await b.push(APP, "latest", "latest of b");
      await b.deleteTag(APP, "nightly");

      const health = await tidelock.run("health");
      expect(health.out).toMatch(/^CRITICAL - live-failback: a could not be read/);
      expect(health.code).toBe(2);
      const diff = await tidelock.run("diff");
      expect(diff.code).toBe(1);
    });
  });

  test("leaves a gap that is named tag by tag, and looking changes nothing", async () => {
    const before = await Promise.all([a, b].map((side) => snapshotOf(side, TOPOLOGY, [PROJECT])));
    const diff = await tidelock.json("diff");
    expect(diff.topology.counts).toEqual({ missing: 2, stale: 1, deleted: 1 });
    expect(
      diff.topology.findings
        .map(({ kind, repository, tag, from, to }) => [kind, `${repository}:${tag}`, from, to].join(" "))
        .toSorted(),
    ).toEqual([
      `deleted ${APP}:nightly  `,
      `missing ${APP}:1.1 b a`,
      `missing ${PROJECT}/team/new:1 b a`,
      `stale ${APP}:latest b a`,
    ]);
    expect(diff.code).toBe(2);
    const health = await tidelock.run("health");
    expect(health.out).toMatch(/^CRITICAL - live-failback: 3 tags behind/);
    const table = await tidelock.run("diff", "--stats");
    expect(table.out).toContain(`- ${APP}:nightly`);
    expect(table.out).toContain(`< ${APP}:1.1`);
    const after = await Promise.all([a, b].map((side) => snapshotOf(side, TOPOLOGY, [PROJECT])));
    expect(after).toEqual(before);
  });

  test("is healed: everything but the deletion, and the survivor keeps what it has", async () => {
    const ran = await tidelock.json("reconcile");
    expect(
      ran.topology.remedies.map(({ result }) => result),
      ran.err,
    ).toEqual(["arrived", "arrived", "arrived"]);
    expect([ran.code, ran.topology.proven, ran.topology.healed], ran.out + ran.err).toEqual([0, true, 3]);
    expect(ran.topology.content.counts).toEqual({ deleted: 1 });

    const [left, right] = await Promise.all([a.tags(PROJECT), b.tags(PROJECT)]);
    expect(right.has(`${APP}:nightly`)).toBe(false);
    expect(left.get(`${APP}:latest`)).toBe(moved.after);
    left.delete(`${APP}:nightly`);
    expect([...left].toSorted()).toEqual([...right].toSorted());
    expect(moved.after).not.toBe(moved.before);
  });

  test("leaves nothing temporary, and a second run writes nothing", async () => {
    for (const side of [a, b]) {
      expect((await side.policies(TOPOLOGY)).map(({ name, enabled }) => [name, enabled])).toHaveLength(1);
    }
    await rig.untilQuiet(TOPOLOGY);
    const before = await Promise.all([a, b].map((side) => snapshotOf(side, TOPOLOGY, [PROJECT])));
    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.proven, ran.topology.healed], ran.out + ran.err).toEqual([0, true, 0]);
    const after = await Promise.all([a, b].map((side) => snapshotOf(side, TOPOLOGY, [PROJECT])));
    expect(after).toEqual(before);
  });

  test("was compared and healed without a single pull", async () => {
    const pulls = async (): Promise<number> => {
      const rows = (await artifactsOf(b.api, PROJECT)) as { name: string; pulls: number }[];
      return rows.find(({ name }) => name === APP)?.pulls ?? -1;
    };
    const basic = Buffer.from(`${b.access.user}:${b.access.password}`).toString("base64");
    // One real pull, so that it shows when Harbor has counted all pulls before it.
    const response = await fetch(`${b.access.url}/v2/${APP}/manifests/stable`, {
      headers: {
        authorization: `Basic ${basic}`,
        accept: "application/vnd.docker.distribution.manifest.v2+json",
        "user-agent": "docker/27.0",
      },
    });
    expect(response.status).toBe(200);
    await until("the pull is counted", async () => (await pulls()) > 0);
    expect(await pulls()).toBe(1);
  });
});
