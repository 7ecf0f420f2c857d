import { describe, expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import { pushIndex } from "./image.ts";
import { LIVE_PAIR, WHY_SKIPPED } from "./live-environment.ts";
import { lostParts } from "./lost-parts.ts";

const PROJECT = "tidelock-live-bytes";
const TOPOLOGY = "live-bytes";

const unnamed = [LIVE_PAIR.a, LIVE_PAIR.b]
  .filter(({ lose }) => lose === "")
  .map(({ name }) => `TIDELOCK_LIVE_${name.toUpperCase()}_LOSE`);

test("the environment says how a registry loses a file", ({ skip }) => {
  if (WHY_SKIPPED !== undefined) skip(WHY_SKIPPED);
  if (unnamed.length === 0) return;
  const why = `lost bytes are not tried; not set: ${unnamed.join(", ")}`;
  process.stdout.write(`skipped: ${why}\n`);
  skip(why);
});

describe.skipIf(unnamed.length > 0)("bytes", () => {
  describeLive("that a registry lists and has lost", (rig) => {
    const { a, b } = rig;
    const topology = `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }
    heal: { settle: 5s }`;
    const app = `${PROJECT}/app`;

    test("are found on both sides by reading, not by tags and digests, and Harbor's own whole run repairs nothing", async () => {
      await a.createProject(PROJECT);
      const tidelock = await rig.declare({ topology });
      expect((await tidelock.run("reconcile")).code).toBe(0);
      await a.push(app, "layer", "layer");
      await a.push(app, "manifest", "manifest");
      await a.push(app, "big", "big", 20_000_000);
      await pushIndex(a.registry, app, "index", "index");
      await rig.untilEqual(PROJECT);
      await tidelock.judged();
      expect((await tidelock.run("diff", "--depth", "bytes")).code).toBe(0);

      const lost = await lostParts(a.registry, app);
      await b.lose(lost.layer);
      await b.lose(lost.big);
      await b.lose(lost.child);
      await a.lose(lost.manifest);
      expect((await tidelock.run("diff")).code).toBe(0);
      const before = await pullsOf();
      const seen = await tidelock.json("diff", "--depth", "bytes");
      expect(seen.code, seen.out + seen.err).toBe(2);
      expect(await pullsOf()).toEqual(before);
      const expected = [
        ["unservable", "big", "a", "b"],
        ["unservable", "index", "a", "b"],
        ["unservable", "layer", "a", "b"],
        ["unservable", "manifest", "b", "a"],
      ];
      const found = (): string[][] =>
        seen.topology.findings.map(({ kind, tag, from, to }) => [kind, tag, from ?? "", to ?? ""]).toSorted();
      expect(found()).toEqual(expected);

      for (const harbor of [a, b]) {
        for (const { id } of await harbor.policies(TOPOLOGY)) await harbor.port.startExecution(id);
      }
      await rig.untilQuiet(TOPOLOGY);
      const again = await tidelock.json("diff", "--depth", "bytes");
      expect(again.topology.counts).toEqual({ unservable: 4 });
    });

    test("are uploaded from the side that has them, no tag moves, and a second pass writes nothing", async () => {
      const tidelock = await rig.declare({ topology });
      const tags = await b.tags(PROJECT);
      const healed = await tidelock.json("heal", "--depth", "bytes");
      expect(healed.code, healed.out + healed.err).toBe(0);
      expect(healed.topology.proven).toBe(true);
      expect(healed.topology.remedies.map(({ kind, result }) => `${kind} ${result}`)).toEqual([
        "copy arrived",
        "copy arrived",
      ]);
      expect(await b.tags(PROJECT)).toEqual(tags);
      expect(await a.tags(PROJECT)).toEqual(tags);
      const second = await tidelock.json("heal", "--depth", "bytes");
      expect([second.code, second.topology.remedies]).toEqual([0, []]);
    });

    /** Pull times of all artifacts, which looking must not move. */
    async function pullsOf(): Promise<unknown[]> {
      const rows = await Promise.all(
        [a, b].map(({ api }) => api.rows(`/projects/${PROJECT}/repositories/app/artifacts`)),
      );
      return rows.flat().map(({ digest, pull_time: pulledAt }) => [digest, pulledAt]);
    }
  });
});
