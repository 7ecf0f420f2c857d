import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import type { Tidelock } from "./tidelock.ts";
import { until } from "./until.ts";

const PROJECT = "tidelock-live-kill";
const TOPOLOGY = "live-kill";
const APP = `${PROJECT}/app`;

describeLive("kill -9 while it heals", (rig) => {
  const { a, b } = rig;
  let tidelock: Tidelock;

  /** Resolves when the moment has come; each is a state of B that only a pass at work brings about. */
  const moments: Readonly<Record<string, () => Promise<boolean>>> = {
    "a temporary policy is there": async () => (await temporary()).length > 0,
    "its execution is there": async () =>
      (await b.executions(TOPOLOGY)).some(({ trigger }) => trigger === "manual"),
    "its copy has arrived": async () => (await a.tags(PROJECT)).size === (await b.tags(PROJECT)).size,
  };
  const temporary = async (): Promise<string[]> =>
    (await b.policies(TOPOLOGY)).map(({ name }) => name).filter((name) => name.includes(".heal-"));

  test("a pair is in step", async () => {
    await Promise.all([a.createProject(PROJECT), b.createProject(PROJECT)]);
    tidelock = await rig.declare({
      topology: `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }
    heal: { settle: 1s, remedy: scoped }`,
    });
    expect((await tidelock.run("reconcile")).code).toBe(0);
    await a.push(APP, "0", "0");
    await rig.untilEqual(PROJECT);
    await rig.untilQuiet(TOPOLOGY);
    expect((await tidelock.run("reconcile")).code).toBe(0);
  });

  test.each(Object.keys(moments))("when %s: the next run ends as if nothing had happened", async (moment) => {
    const name = moment.replaceAll(" ", "-");
    await rig.outageOfA(TOPOLOGY, 4, async () => {
      for (const part of [1, 2]) await b.push(APP, `${name}-${part}`, `${name} ${part}`, 500_000);
      await b.push(`${PROJECT}/${name}`, "1", name);
      await b.push(APP, "0", `0 moved when ${name}`);
    });
    const killed = tidelock.start("reconcile");
    await until(moment, moments[moment]!, 60, 20);
    killed.child.kill("SIGKILL");
    const { code } = await killed.ended;
    expect(code).toBeNull();

    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.proven], ran.out + ran.err).toEqual([0, true]);
    const [left, right] = await Promise.all([a.tags(PROJECT), b.tags(PROJECT)]);
    expect([...left].toSorted()).toEqual([...right].toSorted());
    expect(await temporary(), ran.out + ran.err).toEqual([]);
    for (const side of [a, b]) {
      expect((await side.policies(TOPOLOGY)).map(({ enabled }) => enabled)).toEqual([true]);
    }
  });
});
