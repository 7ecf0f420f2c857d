import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import { LIVE_PAIR } from "./live-environment.ts";
import { separateAccounts } from "./people.ts";
import type { Tidelock } from "./tidelock.ts";
import { until } from "./until.ts";

const PROJECT = "tidelock-live-echo";
const APP = `${PROJECT}/app`;
const TOPOLOGY = "live-echo";
const WITHOUT = [LIVE_PAIR.a, LIVE_PAIR.b].some(
  ({ holdJobs, releaseJobs }) => holdJobs === "" || releaseJobs === "",
);

describeLive("a stale echo", (rig) => {
  const { a, b } = rig;
  let tidelock: Tidelock;
  const pushed = { first: "", second: "" };

  test("brings an older image back to both sides, and every execution succeeds", async ({ skip }) => {
    if (WITHOUT) skip("TIDELOCK_LIVE_{A,B}_{HOLD_JOBS,RELEASE_JOBS} are not set");
    const accounts = await separateAccounts(rig);
    tidelock = await rig.declare({
      ...accounts,
      topology: `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }
    heal: { regressions: repair, settle: 2s }`,
    });
    await a.createProject(PROJECT);
    expect((await tidelock.json("reconcile")).code).toBe(0);

    await b.holdJobs();
    try {
      pushed.first = await a.push(APP, "latest", "first of a");
      await until(
        "b has the first",
        async () => (await b.tags(PROJECT)).get(`${APP}:latest`) === pushed.first,
      );
      await until("b's echo is queued", async () => (await b.executions(TOPOLOGY)).length > 0);
      await a.holdJobs();
      pushed.second = await a.push(APP, "latest", "second of a");
      expect((await a.tags(PROJECT)).get(`${APP}:latest`)).toBe(pushed.second);
    } finally {
      await b.releaseJobs();
    }
    await until("the echo came", async () => (await a.tags(PROJECT)).get(`${APP}:latest`) === pushed.first);
    await a.releaseJobs();
    await rig.untilQuiet(TOPOLOGY);
    for (const side of [a, b]) {
      expect((await side.tags(PROJECT)).get(`${APP}:latest`), side.access.name).toBe(pushed.first);
      expect((await side.executions(TOPOLOGY)).every(({ state }) => state === "succeeded")).toBe(true);
    }
  });

  test("is found, and repaired while Harbor still keeps what was acknowledged", async ({ skip }) => {
    if (WITHOUT) skip("TIDELOCK_LIVE_{A,B}_{HOLD_JOBS,RELEASE_JOBS} are not set");
    await tidelock.judged();
    const diff = await tidelock.json("diff");
    expect(diff.topology.counts, diff.out + diff.err).toEqual({ regressed: 1 });
    const { major, minor } = (await a.port.identify()).version;
    if (major === 2 && minor < 13) {
      skip("before 2.13 the audit log does not name the digest, so a person must repair it");
    }
    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.proven], ran.out + ran.err).toEqual([0, true]);
    for (const side of [a, b]) {
      expect((await side.tags(PROJECT)).get(`${APP}:latest`), side.access.name).toBe(pushed.second);
    }
  });
});
