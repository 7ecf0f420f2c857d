import { expect, test } from "vitest";
import { NUMERIC_PROJECT } from "./cleanup.ts";
import { describeLive } from "./describe-live.ts";
import { pushIndex } from "./image.ts";

const PROJECT = "tidelock-live-names";
const TOPOLOGY = "live-names";
const TAGS = ["v1.0.0-rc.1_build-7", "UPPER", "_leading", "a--b__c..d", "0", "l".repeat(128)];
const MANY = Array.from({ length: 120 }, (_, i) => `release-2026.11.${String(i).padStart(4, "0")}`);

describeLive("names and shapes that real registries hold", (rig) => {
  const { a, b } = rig;

  test("all of them are healed, in both directions, and stay in step", async () => {
    await a.createProject(PROJECT);
    await b.createProject(NUMERIC_PROJECT);
    for (const repository of ["a/b/c", "x-y_z.w/deep/er/still", "plain"]) {
      for (const tag of TAGS) await a.push(`${PROJECT}/${repository}`, tag, `${repository} ${tag}`);
    }
    await b.push(`${NUMERIC_PROJECT}/app`, "1.0", "numeric");
    await b.push(`${NUMERIC_PROJECT}/nested/app`, "1.0", "numeric nested");
    for (const [i, tag] of MANY.entries()) await a.push(`${PROJECT}/many`, tag, `many ${i % 12}`);
    const index = await pushIndex(a.registry, `${PROJECT}/multi`, "all", "index");

    // Without events nothing of it was copied by Harbor itself.
    const tidelock = await rig.declare({
      topology: `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}, "${NUMERIC_PROJECT}"] }
    trigger: manual
    heal: { settle: 1s }`,
    });
    await tidelock.judged();
    const ran = await tidelock.json("reconcile");
    const tags = 3 * TAGS.length + 2 + MANY.length + 1;
    expect([ran.code, ran.topology.proven, ran.topology.healed], ran.out + ran.err).toEqual([0, true, tags]);
    const forMany = ran.topology.remedies.filter(({ repository }) => repository === `${PROJECT}/many`);
    expect(forMany.length).toBeGreaterThan(3);

    for (const project of [PROJECT, NUMERIC_PROJECT]) {
      const [left, right] = await Promise.all([a.tags(project), b.tags(project)]);
      expect([...right].toSorted()).toEqual([...left].toSorted());
    }
    expect((await a.tags(NUMERIC_PROJECT)).size).toBe(2);
    expect((await b.tags(PROJECT)).get(`${PROJECT}/multi:all`)).toBe(index.digest);
    for (const child of index.children) {
      expect(await b.registry.headManifest(`${PROJECT}/multi`, child)).toMatchObject({ digest: child });
    }
    for (const side of [a, b]) expect(await side.policies(TOPOLOGY)).toHaveLength(1);

    const again = await tidelock.json("reconcile");
    expect([again.code, again.topology.healed], again.out + again.err).toEqual([0, 0]);
  });
});
