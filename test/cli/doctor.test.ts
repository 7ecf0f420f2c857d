import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Permission } from "../../src/sandbox/state.ts";
import { lastJson } from "../support/run-cli.ts";
import { cliStage, DUAL_MASTER, type Stage } from "../support/run-cli-stage.ts";

interface Told {
  readonly registry: string | null;
  readonly account: string | null;
  readonly subject: string;
  readonly state: string;
}

const PULL: Permission = {
  kind: "project",
  namespace: "*",
  access: [{ resource: "repository", action: "pull" }],
};

/** `b` writes to `a` as this robot. */
function withReplicationAccount(stage: Stage, username: string, password: string): Promise<void> {
  const own = `username: admin, password: "${stage.a.adminPassword}"`;
  const account = `replicationAccount: { username: "${username}", password: "${password}" }`;
  return stage.declareText(
    `apiVersion: tidelock/v1
registries:
  a: { url: "${stage.a.url}", ${own}, ${account} }
  b: { url: "${stage.b.url}", ${own} }
topologies:${DUAL_MASTER}`,
  );
}

describe("doctor", () => {
  let stage: Stage;
  beforeAll(async () => (stage = await cliStage({ profile: "2.14" })));
  afterAll(() => stage[Symbol.asyncDispose]());

  test("of a pair in order has a section for each registry, and ends with 0", async () => {
    const before = [stage.a.snapshot(), stage.b.snapshot()];
    const ran = await stage.cli("doctor");
    expect(ran.code).toBe(0);
    expect(ran.out.filter((line) => /^\w+:$/.test(line))).toEqual(["a:", "b:"]);
    expect(ran.out).toContainEqual(
      expect.stringMatching(/^ {2}ok +registry:create +creating endpoints \[admin\]$/),
    );
    expect(ran.out).toContainEqual(expect.stringMatching(/^ {2}ok +store +usable: /));
    expect(ran.out.at(-1)).toMatch(/^\d+ ok, 3 warnings, 0 faults, 0 not tried$/);
    expect([stage.a.snapshot(), stage.b.snapshot()]).toEqual(before);
  });

  test("of an account that lacks a right ends with 2 and prints the robot to create", async () => {
    await withReplicationAccount(
      stage,
      stage.a.addRobot("puller", "secret-of-puller", [PULL]),
      "secret-of-puller",
    );
    const ran = await stage.cli("doctor");
    expect(ran.code).toBe(2);
    expect(ran.out).toContain(
      "  fault     repository:push            robot$puller lacks it in library: copying to here [robot$puller]",
    );
    const from = ran.out.indexOf("    {");
    const printed = ran.out.slice(from, ran.out.indexOf("    }", from) + 1).join("\n");
    expect(JSON.parse(printed)).toMatchObject({
      name: "tidelock-replication",
      level: "system",
      permissions: [{ kind: "system" }, { kind: "project", namespace: "*" }],
    });
    expect(ran.text).not.toContain("secret-of-puller");
  });

  test("for scripts has one object with every check, and the robot", async () => {
    const ran = await stage.cli("doctor", "--output", "json");
    expect([ran.code, ran.out.length]).toEqual([2, 1]);
    const told = lastJson(ran);
    expect(told).toMatchObject({ verdict: "lacking", counts: { fault: 1 } });
    expect((told["checks"] as Told[]).filter(({ state }) => state === "fault")).toEqual([
      {
        registry: "a",
        account: "robot$puller",
        subject: "repository:push",
        state: "fault",
        text: "robot$puller lacks it in library: copying to here",
        hint: null,
      },
    ]);
    expect(told["advice"]).toMatchObject([{ registry: "a", account: "replicationAccount", robot: {} }]);
  });

  test("of a registry that is down ends with 2, and tells of the other", async () => {
    await stage.declare(DUAL_MASTER);
    stage.a.faults.down();
    await stage.settled();
    const told = lastJson(await stage.cli("doctor", "--output", "json"));
    stage.a.faults.up();
    await stage.settled();
    const checks = told["checks"] as Told[];
    const faults = checks.filter(({ state }) => state === "fault");
    expect(faults.map(({ registry, subject }) => [registry, subject])).toEqual([
      ["a", "connection"],
      ["b", "reaches a"],
    ]);
    expect(checks.some(({ registry, subject }) => registry === "b" && subject === "tag:create")).toBe(true);
  });

  test("of declarations with mistakes ends with 78, and of a store that can't be opened with 1", async () => {
    await stage.declareText("apiVersion: tidelock/v1\nregistries: { a: {} }\n");
    expect((await stage.cli("doctor")).code).toBe(78);
    await stage.declare(DUAL_MASTER);
    const environment = { TIDELOCK_STATE: "postgresql://nowhere.test/x" };
    const ran = await stage.cliWith({ environment }, "doctor");
    expect([ran.code, ran.out]).toEqual([1, []]);
    expect(ran.err[0]).toContain("[STORE_UNUSABLE]");
  });
});
