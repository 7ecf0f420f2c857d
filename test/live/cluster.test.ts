import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { FAULTS } from "../../src/cluster/faults.ts";
import { LIVE_CLUSTER, WHY_NO_CLUSTER } from "./cluster-environment.ts";
import { probedCluster, type ProbedCluster } from "./probed-cluster.ts";

test("a cluster is named in the environment", ({ skip }) => {
  if (WHY_NO_CLUSTER === undefined) return;
  process.stdout.write(`skipped: ${WHY_NO_CLUSTER}\n`);
  skip(WHY_NO_CLUSTER);
});

describe.skipIf(WHY_NO_CLUSTER !== undefined)("a real cluster over shared storage", () => {
  let cluster: ProbedCluster;

  beforeAll(async () => {
    cluster = await probedCluster(LIVE_CLUSTER);
    await cluster.mend();
    await cluster.clear();
    await cluster.removeProject();
  });
  afterEach(() => cluster.mend());
  afterAll(async () => {
    await cluster.removeProject();
    await cluster[Symbol.asyncDispose]();
  });

  test.each(["small", "full"] as const)(
    "that is healthy is sound, in the %s form, and stays clean",
    async (form) => {
      const { ran, found } = await cluster.probe(form);
      expect(found).toMatchObject({ sound: true, faults: [], leftBehind: [] });
      if (form === "full") expect(found.untested).toEqual([]);
      expect(ran.code).toBe(0);
      expect(await cluster.remains()).toEqual([]);
    },
  );

  test.each(FAULTS)(
    "with the fault %s has that one and no other, and is clean once it is mended",
    async (fault) => {
      await cluster.break(fault);
      const { ran, found } = await cluster.probe("full");
      expect(found.faults.map(({ name }) => name)).toEqual([fault]);
      expect(ran.code).toBe(2);
      await cluster.mend();
      const after = await cluster.probe("small");
      expect(after.found).toMatchObject({ sound: true, faults: [], leftBehind: [] });
      // What a node that was down kept from being removed is named, and removed by a full probe ten minutes later.
      const told = found.leftBehind.join("\n");
      expect((await cluster.remains()).filter((name) => !told.includes(name))).toEqual([]);
      await cluster.clear();
    },
  );

  test("is refused as registries that replicate to each other, and nothing stays", async () => {
    for (const command of ["plan", "reconcile"]) {
      const { code, err } = await cluster.asRegistries(command);
      expect(err).toContain("[SAME_DATABASE]");
      expect(code).toBe(1);
    }
    expect(await cluster.remains()).toEqual([]);
  });
});
