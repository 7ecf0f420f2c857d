import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lastJson, symbols } from "../support/run-cli.ts";
import { cliStage, DUAL_MASTER, type Stage } from "../support/run-cli-stage.ts";

const writes = ({ a, b }: Stage): number => a.requests.writes() + b.requests.writes();

/** The life of a pair, step by step: each test goes on from the one before. */
describe("an outage and its healing", () => {
  let stage: Stage;
  beforeAll(async () => (stage = await cliStage()));
  afterAll(() => stage[Symbol.asyncDispose]());

  test("reconcile --dry-run shows what it would do, ends with 2, and writes nothing", async () => {
    const ran = await stage.cli("reconcile", "--dry-run");
    expect(ran.code).toBe(2);
    expect(ran.out[0]).toBe("east: configuration: 4 to do");
    expect(writes(stage)).toBe(0);
  });

  test("reconcile configures, ends with 0, and afterwards plan has nothing to do", async () => {
    const ran = await stage.cli("reconcile");
    expect([ran.code, ran.out.at(-1)]).toEqual([0, expect.stringContaining("east: in step and proven")]);
    expect(ran.err).toContain("configuring east: 4 to do");
    const plan = await stage.cli("plan");
    expect([plan.code, plan.out]).toEqual([0, ["east: configuration: as declared"]]);
  });

  test("diff --all shows what is in step, --stats what it cost; nothing else is on standard output", async () => {
    for (const tag of ["1.0", "latest", "nightly"]) stage.a.push("library/app", tag);
    await stage.quiet();
    const plain = await stage.cli("diff");
    expect([plain.code, plain.out.length, symbols(plain.out)]).toEqual([0, 1, []]);
    const all = await stage.cli("diff", "--all", "--stats");
    expect([all.code, symbols(all.out)]).toEqual([0, ["= 1.0", "= latest", "= nightly"]]);
    expect(all.out.at(-1)).toMatch(/^ {2}cost: \d+ requests to a, \d+ to b, for 3 tags$/);
    const stats = lastJson(await stage.cli("diff", "--stats", "--output", "json"));
    expect(stats["topologies"]).toMatchObject([
      { requests: [{ a: expect.any(Number) as number, b: expect.any(Number) as number }] },
    ]);
  });

  test("health is OK while all is well", async () => {
    const ran = await stage.cli("health");
    expect([ran.code, ran.out]).toEqual([
      0,
      ["OK - east: in step, 3 tags equal | lag_tags=0 lag_seconds=0s;300;900 unreachable=0"],
    ]);
  });

  test("diff after an outage shows the gap and ends with 2, and writes nothing", async () => {
    await stage.outage(() => {
      stage.b.push("library/app", "1.1");
      stage.b.push("library/app", "latest");
      stage.b.deleteTag("library/app", "nightly");
    });
    const before = writes(stage);
    const ran = await stage.cli("diff");
    expect([ran.code, symbols(ran.out)]).toEqual([2, ["- nightly", "< 1.1", "< latest"]]);
    expect(ran.out[0]).toContain("not in step, 1 of 4 tags equal; ");
    const json = lastJson(await stage.cli("diff", "--output", "json"));
    expect(json["topologies"]).toMatchObject([
      { name: "east", verdict: "not-in-step", depth: "digest", counts: { missing: 1, stale: 1, deleted: 1 } },
    ]);
    expect(writes(stage)).toBe(before);
  });

  test("health warns of a young gap, and counts it", async () => {
    const ran = await stage.cli("health");
    expect(ran.code).toBe(1);
    expect(ran.out[0]).toMatch(
      /^WARNING - east: 2 tags behind, the oldest for \d+s \| lag_tags=2 lag_seconds=\d+s;300;900 /,
    );
  });

  test("a gap older than allowed is CRITICAL", async () => {
    await stage.declare(DUAL_MASTER, "settings: { health: { warnSeconds: 1, criticalSeconds: 1 } }\n");
    let ran = await stage.cli("health");
    for (let i = 0; i < 50 && ran.code !== 2; i += 1) ran = await stage.cli("health");
    expect(ran.code).toBe(2);
    expect(ran.out[0]).toMatch(/^CRITICAL - east: 2 tags behind/);
    await stage.declare(DUAL_MASTER);
  });

  test.each([
    ["reconcile", "--dry-run"],
    ["heal", "--dry-run"],
    ["reconcile", "--no-heal"],
  ])("%s %s finds the gap, ends with 2, and writes nothing", async (...argv) => {
    const before = writes(stage);
    const ran = await stage.cli(...argv);
    expect([ran.code, symbols(ran.out)]).toEqual([2, ["- nightly", "< 1.1", "< latest"]]);
    expect(ran.out.at(-1)).toMatch(/^east: not in step/);
    expect(writes(stage)).toBe(before);
  });

  test("heal brings over what is missing and no more, proves it, and ends with 0", async () => {
    const survivor = stage.b.tags();
    const ran = await stage.cli("heal");
    expect([ran.code, ran.out.at(-1)]).toEqual([0, expect.stringContaining("east: in step and proven")]);
    expect(stage.b.tags()).toEqual(survivor);
    const [a, b] = [stage.a.tags().get("library/app"), stage.b.tags().get("library/app")];
    expect(a?.has("nightly")).toBe(true);
    a?.delete("nightly");
    expect(a).toEqual(b);
  });

  test("a second reconcile writes nothing, and its last line is one object", async () => {
    const before = writes(stage);
    const ran = await stage.cli("reconcile", "--output", "json");
    expect([ran.code, ran.out.length]).toEqual([0, 1]);
    expect(lastJson(ran)["topologies"]).toMatchObject([
      {
        name: "east",
        verdict: "in-step",
        proven: true,
        healed: 0,
        remedies: [],
        unreachable: [],
        configuration: { settled: true, actions: [] },
        content: { verdict: "in-step", counts: { deleted: 1 } },
      },
    ]);
    expect(writes(stage)).toBe(before);
  });

  test("a deletion is a notice: it is printed, and out of step it is not", async () => {
    const ran = await stage.cli("diff");
    expect([ran.code, symbols(ran.out)]).toEqual([0, ["- nightly"]]);
  });

  test("status knows the last pass without asking a Harbor", async () => {
    const before = stage.a.requests.total() + stage.b.requests.total();
    const ran = await stage.cli("status");
    expect(ran.out[0]).toMatch(/^east: in-step, proven \(\d+s ago\)$/);
    expect(stage.a.requests.total() + stage.b.requests.total()).toBe(before);
  });

  test("--prune deletes what is declared no longer, and nothing before it was asked for", async () => {
    await stage.declare(DUAL_MASTER.replace("name: east", "name: west"));
    const kept = await stage.cli("plan", "--output", "json");
    expect((lastJson(kept)["undeclared"] as string[]).every((line) => line.startsWith("leftover: "))).toBe(
      true,
    );
    expect((lastJson(kept)["undeclared"] as string[]).length).toBe(4);
    const pruned = await stage.cli("reconcile", "--prune", "--output", "json");
    expect(pruned.code).toBe(0);
    expect(lastJson(pruned)["pruned"]).toEqual([
      expect.stringMatching(/^done: .*tidelock\.east\.a-to-b/),
      expect.stringMatching(/^done: .*tidelock\.east\.b-to-a/),
      expect.stringMatching(/^done: .*tidelock\.east\.b/),
      expect.stringMatching(/^done: .*tidelock\.east\.a/),
    ]);
    expect(lastJson(await stage.cli("plan", "--output", "json"))).toMatchObject({ undeclared: [] });
  });
});
