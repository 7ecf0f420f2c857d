import { expect, test } from "vitest";
import { seededRandom } from "../../src/sandbox/random.ts";
import { directNodes } from "../support/direct-node.ts";
import { makeRig } from "./proof-rig.ts";
import { probe } from "./probe-rig.ts";

/** As many rounds as a probe may have for each ordered pair of nodes. */
const ROUNDS = 20;
const WANTED = 1_000;

test("no false alarm in a thousand healthy rounds, however late within the limit a node shows what another took", async () => {
  const random = seededRandom(7);
  const rig = makeRig({ nodes: ["n1", "n2"] });
  const { credentials, limits } = rig.context;
  const { visibleWithinMs } = limits;
  const direct = directNodes(rig.world, rig.cluster, credentials);
  // Each delay below the limit, most of them small as they are, some as long as they may be.
  rig.cluster.visibility(() => Math.floor(visibleWithinMs * random() ** 3));
  let rounds = 0;
  for (let seed = 1; rounds < WANTED; seed += 1) {
    const { verdict, evidence, leftBehind } = await probe(rig, {
      seed,
      ...direct,
      limits: { rounds: ROUNDS },
    });
    expect([verdict.faults, leftBehind]).toEqual([[], []]);
    rounds += evidence.content.length;
  }
  expect(rounds).toBeGreaterThanOrEqual(WANTED);
}, 180_000);
