import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import { until } from "./until.ts";

const PROJECT = "tidelock-live-daemon";
const TOPOLOGY = "live-daemon";
const APP = `${PROJECT}/app`;

describeLive("the daemon", (rig) => {
  const { a, b } = rig;

  test("sees an outage, heals the gap when the registry is back, and ends within ten seconds", async () => {
    await a.createProject(PROJECT);
    await a.push(APP, "1", "1");
    const tidelock = await rig.declare({
      topology: `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }
    heal: { settle: 1s }`,
      settings: `schedule: "0 0 0 1 1 *"
  probe: { everySeconds: 1, failAfter: 2, riseAfter: 2 }`,
    });
    const daemon = tidelock.start("daemon");
    const said = (text: string): Promise<true> =>
      until(`the daemon says "${text}"`, () => Promise.resolve(daemon.err().includes(text) && true), 120);
    await said("pass ended");
    await rig.untilEqual(PROJECT);

    await rig.outageOfA(TOPOLOGY, 2, async () => {
      await b.push(APP, "2", "2");
      await b.push(APP, "1", "1 moved");
      await said("registry is down");
    });
    await said("registry is back");
    await rig.untilEqual(PROJECT);
    expect((await a.tags(PROJECT)).size).toBe(2);
    await until("no temporary policy is left", async () => (await b.policies(TOPOLOGY)).length === 1);

    const begin = performance.now();
    daemon.child.kill("SIGTERM");
    const { code, err } = await daemon.ended;
    expect(code, err).toBe(0);
    expect(performance.now() - begin).toBeLessThan(10_000);
    const status = await tidelock.run("status");
    expect(status.out).toMatch(/a: up, last outage ended/);
    expect((await tidelock.run("reconcile")).code).toBe(0);
  });
});
