import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import { separateAccounts } from "./people.ts";
import type { Tidelock } from "./tidelock.ts";
import { until } from "./until.ts";

const PROJECT = "tidelock-live-race";
const APP = `${PROJECT}/app`;
const TOPOLOGY = "live-race";
const ROUNDS = 6;

describeLive("a push to the very tag that is being copied over", (rig) => {
  const { a, b } = rig;
  let tidelock: Tidelock;

  test("is never lost without a word", async () => {
    const accounts = await separateAccounts(rig);
    tidelock = await rig.declare({
      ...accounts,
      topology: `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }
    trigger: manual
    heal: { settle: 1s, conflicts: { prefer: b } }`,
    });
    await a.createProject(PROJECT);
    await a.push(APP, "latest", "start");
    await until("in step", async () => (await tidelock.json("reconcile")).code === 0);
    for (let round = 0; round < ROUNDS; round += 1) {
      // b is ahead, so b's image is copied over a's; meanwhile a person pushes to a.
      await b.push(APP, "latest", `b ${round}`);
      await tidelock.judged();
      const running = tidelock.start("--output", "json", "reconcile");
      await until("healing has begun", () => Promise.resolve(/healing/.test(running.err())), 60, 20);
      const raced = await a.push(APP, "latest", `a ${round}, meanwhile`);
      const ran = await running.ended;
      await until("in step again, or told", async () => {
        const again = await tidelock.json("reconcile");
        // Before 2.13 no log names what was overtaken, so that a person must say that it may stay so.
        if ("regressed" in again.topology.content.counts) {
          await tidelock.run("resolve", TOPOLOGY, `${APP}:latest`, "keep-both");
        }
        return again.code === 0;
      });
      const [left, right] = await Promise.all([a.tags(PROJECT), b.tags(PROJECT)]);
      expect(left.get(`${APP}:latest`), ran.err).toBe(right.get(`${APP}:latest`));
      const standing = new Set([...left.values(), ...right.values()]);
      // Either it won, or it is kept under a rescue tag.
      expect(standing.has(raced), `${raced} of round ${round}: ${ran.err}`).toBe(true);
    }
  });
});
