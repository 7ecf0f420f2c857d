import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import type { Tidelock } from "./tidelock.ts";

const PROJECT = "tidelock-live-select";
const TOPOLOGY = "live-select";
/** Too many for the filters of one replication policy. */
const REPOSITORIES = Array.from({ length: 40 }, (_, i) => `team-${i % 4}/service-with-a-long-name-${i}`);

describeLive("a selection", (rig) => {
  const { a, b } = rig;
  let tidelock: Tidelock;

  test("that needs several policies is configured, and each of them copies by itself", async () => {
    await a.createProject(PROJECT);
    tidelock = await rig.declare({
      topology: `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content:
      projects: [${PROJECT}]
      repositories: ${JSON.stringify(REPOSITORIES)}
      excludeTags: ["tmp-*", "cache"]
    heal: { settle: 1s }`,
    });
    const ran = await tidelock.json("reconcile");
    expect(ran.code, ran.out + ran.err).toBe(0);
    const policies = await a.policies(TOPOLOGY);
    expect(policies.length).toBeGreaterThan(1);
    for (const repository of [REPOSITORIES[0]!, REPOSITORIES.at(-1)!]) {
      await a.push(`${PROJECT}/${repository}`, "1", repository);
    }
    await rig.untilEqual(PROJECT);
    expect((await tidelock.run("plan")).code).toBe(0);
  });

  test("leaves out what is excluded, also when it heals", async () => {
    const [first] = REPOSITORIES;
    const { excludingFilters } = await b.port.capabilities();
    await rig.untilQuiet(TOPOLOGY);
    expect((await tidelock.run("reconcile")).code).toBe(0);
    const before = (await b.executions(TOPOLOGY)).map(({ id }) => id);
    // Before 2.4 Harbor can't leave tags out, and tries to copy them as well.
    const events = excludingFilters ? 2 : 4;
    await rig.outageOfA(TOPOLOGY, events, async () => {
      await b.push(`${PROJECT}/${first!}`, "tmp-7", "excluded");
      await b.push(`${PROJECT}/${first!}`, "cache", "excluded too");
      await b.push(`${PROJECT}/${first!}`, "2", "taken");
      await b.push(`${PROJECT}/${REPOSITORIES.at(-1)!}`, "2", "taken as well");
      await b.push(`${PROJECT}/elsewhere`, "1", "not covered");
    });
    const since = (await b.executions(TOPOLOGY)).filter(({ id }) => !before.includes(id));
    expect(since).toHaveLength(events);
    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.healed], ran.out + ran.err).toEqual([0, 2]);
    const tags = [...(await a.tags(PROJECT)).keys()].map((name) => name.slice(PROJECT.length + 1));
    expect(tags.toSorted()).toEqual(
      [REPOSITORIES[0]!, REPOSITORIES.at(-1)!].flatMap((name) => [`${name}:1`, `${name}:2`]).toSorted(),
    );
  });
});
