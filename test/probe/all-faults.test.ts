import { expect, test } from "vitest";
import { FAULTS } from "../../src/cluster/faults.ts";
import { directNodes } from "../support/direct-node.ts";
import { makeRig } from "./proof-rig.ts";
import { probe } from "./probe-rig.ts";

/** Harbor tells late what it sees of its own parts. */
const HEALTH_MS = 11_000;

test.each(FAULTS)("the full form names %s and nothing else, and leaves nothing behind", async (fault) => {
  const rig = makeRig({ nodes: ["n1", "n2"] });
  rig.cluster.break(fault);
  rig.clock.advance(HEALTH_MS);
  const { verdict, leftBehind } = await probe(rig, {
    form: "full",
    ...directNodes(rig.world, rig.cluster, rig.context.credentials),
  });
  expect(verdict.faults.map(({ name }) => name)).toEqual([fault]);
  const [found] = verdict.faults;
  expect(found?.nodes).toContain("n2");
  for (const said of [found?.sentence, ...(found?.evidence ?? []), ...(found?.look ?? [])]) {
    expect(said).toMatch(/\w/);
  }
  expect(leftBehind).toEqual([]);
});

test("a project that is not there yet is made, also while a registry is away, and is no reason to doubt a database", async () => {
  const rig = makeRig({ nodes: ["n1", "n2"] });
  rig.cluster.break("registry-down");
  const { verdict } = await probe(rig, { form: "full", project: "tidelock-new" });
  expect(verdict.faults.map(({ name }) => name)).toEqual(["registry-down"]);
});
