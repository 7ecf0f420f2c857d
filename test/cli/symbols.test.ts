import { describe, expect, test } from "vitest";
import { lastJson, symbols } from "../support/run-cli.ts";
import { cliStage, DUAL_MASTER } from "../support/run-cli-stage.ts";

/** Nothing is too young to judge. */
const AT_ONCE = `${DUAL_MASTER}    heal: { settle: 1ms }\n`;

describe("each way in which a tag can differ has its symbol", () => {
  test("> and < for what is to come over, ! for a conflict, - for a deletion, ~ in flight, ? unread, = in step", async () => {
    await using stage = await cliStage();
    const { a, b } = stage;
    await stage.declare(AT_ONCE);
    await stage.cli("reconcile");
    for (const tag of ["same", "moved-on-a", "moved-on-b", "torn", "gone"]) a.push("library/app", tag);
    await stage.quiet();
    expect((await stage.cli("diff")).code).toBe(0);
    a.faults.loseNextEvents(3);
    b.faults.loseNextEvents(4);
    for (const tag of ["moved-on-a", "torn", "new-on-a"]) a.push("library/app", tag);
    for (const tag of ["moved-on-b", "torn", "new-on-b"]) b.push("library/app", tag);
    b.deleteTag("library/app", "gone");
    const ran = await stage.cli("diff", "--all");
    expect(ran.code).toBe(2);
    expect(symbols(ran.out)).toEqual([
      "! torn",
      "- gone",
      "< moved-on-b",
      "< new-on-b",
      "= same",
      "> moved-on-a",
      "> new-on-a",
    ]);

    await stage.declare(DUAL_MASTER);
    const young = await stage.cli("diff");
    expect(young.code).toBe(0);
    expect(symbols(young.out)).toContain("~ new-on-a");

    b.faults.fail(500, { path: "/repositories/app/artifacts" });
    b.faults.fail(500, { path: "/projects/library/artifacts" });
    const blind = await stage.cli("diff");
    expect(blind.code).toBe(1);
    expect(blind.out.some((line) => /^ {2}\? library.* on b: /.test(line))).toBe(true);
  });

  test("a conflict is CRITICAL for health, and nobody's to heal", async () => {
    await using stage = await cliStage();
    await stage.declare(AT_ONCE);
    await stage.cli("reconcile");
    stage.a.faults.loseNextEvents(1);
    stage.b.faults.loseNextEvents(1);
    stage.a.push("library/app", "torn");
    stage.b.push("library/app", "torn");
    const before = [stage.a.tags(), stage.b.tags()];
    const health = await stage.cli("health");
    expect([health.code, health.out[0]]).toEqual([
      2,
      expect.stringMatching(/^CRITICAL - east: 1 tags? need/),
    ]);
    expect((await stage.cli("reconcile")).code).toBe(2);
    expect([stage.a.tags(), stage.b.tags()]).toEqual(before);
  });

  test("+ for a slave's own tag, which is a notice", async () => {
    await using stage = await cliStage();
    await stage.declare(`
  - name: edge
    kind: master-slave
    master: a
    slaves: [b]
    content: { projects: [library] }
    heal: { settle: 1ms }
`);
    await stage.cli("reconcile");
    stage.b.push("library/app", "own");
    const ran = await stage.cli("diff");
    expect([ran.code, symbols(ran.out)]).toEqual([0, ["+ own"]]);
  });
});

test.each(["toggle", "retrigger"])(
  "--remedy %s runs the whole policy for this run, and leaves it enabled",
  async (remedy) => {
    await using stage = await cliStage();
    await stage.cli("reconcile");
    await stage.outage(() => stage.b.push("library/app", "new"));
    const ran = await stage.cli("heal", "--remedy", remedy, "--output", "json");
    expect(ran.code).toBe(0);
    expect(lastJson(ran)["topologies"]).toMatchObject([
      {
        healed: 1,
        proven: true,
        remedies: [{ kind: remedy, from: "b", to: "a", result: "arrived", arrived: 1 }],
      },
    ]);
    expect((await stage.cli("plan")).out).toEqual(["east: configuration: as declared"]);
  },
);
