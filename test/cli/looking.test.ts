import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../src/store/embedded/open.ts";
import { lastJson } from "../support/run-cli.ts";
import { cliStage, DUAL_MASTER, type Stage } from "../support/run-cli-stage.ts";

/** Commands that only look, against an empty pair: nothing is configured, nothing is there. */
describe("before anything was configured", () => {
  let stage: Stage;
  beforeAll(async () => (stage = await cliStage()));
  afterAll(() => stage[Symbol.asyncDispose]());

  test("validate counts what is declared, and ends with 0", async () => {
    const ran = await stage.cli("validate");
    expect([ran.code, ran.out]).toEqual([0, ["valid: 2 registries, 1 topologies"]]);
    expect(ran.err.every((line) => line.startsWith("warning: "))).toBe(true);
    expect(lastJson(await stage.cli("validate", "--output", "json"))).toMatchObject({
      valid: true,
      mistakes: [],
    });
  });

  test("plan lists what is to do, ends with 2 and writes nothing", async () => {
    const ran = await stage.cli("plan");
    expect(ran.code).toBe(2);
    expect(ran.out.filter((line) => !line.startsWith("    "))).toEqual([
      "east: configuration: 4 to do",
      "  a: create the endpoint tidelock.east.b, because there is none yet",
      "  b: create the endpoint tidelock.east.a, because there is none yet",
      "  a: create the replication policy tidelock.east.a-to-b, because there is none yet",
      "  b: create the replication policy tidelock.east.b-to-a, because there is none yet",
    ]);
    expect(ran.out).toContain(`    url: ${stage.b.url}`);
    expect([stage.a.requests.writes(), stage.b.requests.writes()]).toEqual([0, 0]);
  });

  test("plan for scripts has one object an action", async () => {
    const ran = await stage.cli("plan", "--output", "json");
    expect([ran.code, ran.out.length]).toEqual([2, 1]);
    const action = { kind: "create-endpoint", registry: "a", name: "tidelock.east.b", outcome: "planned" };
    expect(lastJson(ran)).toMatchObject({
      topologies: [{ name: "east", settled: false, actions: [action, {}, {}, {}], unreachable: [] }],
      undeclared: [],
    });
  });

  test("diff of two empty registries is in step, and ends with 0", async () => {
    const ran = await stage.cli("diff");
    expect([ran.code, ran.out.length]).toEqual([0, 1]);
    expect(ran.out[0]).toMatch(/^east: a \| b: in step, 0 of 0 tags equal \(depth digest, read \d+s ago\)$/);
  });

  test("diff says how deep it looked, and does not take a sample of nothing", async () => {
    const ran = await stage.cli("diff", "--depth", "bytes", "--sample", "5%");
    expect(ran.code).toBe(0);
    expect(ran.out[0]).toContain("(depth bytes: a sample of 5 %, 0 images of 0 tags read, read ");
    expect(lastJson(await stage.cli("diff", "--depth", "bytes", "--output", "json"))).toMatchObject({
      topologies: [{ depth: "bytes", sampled: { share: 1, images: 0, tags: 0 } }],
    });
    const mistaken = await stage.cli("diff", "--sample", "5%");
    expect(mistaken.code).toBe(64);
    expect(mistaken.err.join("\n")).toContain("add --depth bytes");
  });

  test("health warns of a configuration that is not as declared, in Nagios' words, and ends with 1", async () => {
    const ran = await stage.cli("health");
    expect(ran.code).toBe(1);
    expect(ran.out).toEqual([
      "WARNING - east: configuration is not as declared | lag_tags=0 lag_seconds=0s;300;900 unreachable=0",
    ]);
    expect(lastJson(await stage.cli("health", "--output", "json"))).toEqual({
      topologies: [
        {
          name: "east",
          state: "WARNING",
          reason: "configuration is not as declared",
          lagTags: 0,
          lagSeconds: 0,
          unreachable: 0,
        },
      ],
    });
  });

  test("status asks no Harbor, knows of no pass, and ends with 0", async () => {
    const before = stage.a.requests.total();
    const ran = await stage.cli("status");
    const lines = ["east: no pass yet", "a: never probed", "b: never probed", `store: ${stage.store}`];
    expect([ran.code, ran.out]).toEqual([0, lines]);
    expect(lastJson(await stage.cli("status", "--output", "json"))).toMatchObject({
      topologies: [{ name: "east", kind: "dual-master", at: null, report: null }],
      registries: [
        { name: "a", up: null, outages: [] },
        { name: "b", up: null },
      ],
      impaired: null,
    });
    expect(stage.a.requests.total()).toBe(before);
  });

  test.each([["plan"], ["diff"], ["reconcile"], ["heal"]])(
    "%s --only with an unknown name is a usage error",
    async (command) => {
      const ran = await stage.cli(command, "--only", "west");
      expect([ran.code, ran.out]).toEqual([64, []]);
      expect(ran.err.join("\n")).toContain("no replicated topology is called west");
      expect(ran.err.join("\n")).toContain("hint: declared are: east");
    },
  );

  test("health says UNKNOWN where others end with a usage error, since Nagios knows no 64", async () => {
    const ran = await stage.cli("health", "--only", "west");
    expect([ran.code, ran.out]).toEqual([3, ["UNKNOWN - tidelock: no topology is called west [USAGE]"]]);
  });

  test("what can't be understood has a form for scripts too", async () => {
    const ran = await stage.cli("plan", "--only", "west", "--output", "json");
    expect(ran.code).toBe(64);
    expect(lastJson(ran)).toMatchObject({ failure: { code: "USAGE", hint: "declared are: east" } });
  });
});

test("--only leaves the other topologies alone", async () => {
  await using stage = await cliStage();
  await stage.declare(
    `${DUAL_MASTER}
  - name: edge
    kind: master-slave
    master: a
    slaves: [b]
    content: { projects: ["team-*"] }
`,
  );
  const both = await stage.cli("plan", "--output", "json");
  expect(lastJson(both)["topologies"]).toMatchObject([{ name: "east" }, { name: "edge" }]);
  const one = await stage.cli("plan", "--output", "json", "--only", "edge");
  expect(lastJson(one)["topologies"]).toMatchObject([{ name: "edge" }]);
  expect((lastJson(one)["topologies"] as unknown[]).length).toBe(1);
});

test("status says which store it tells of, and that it was made just now or has seen nothing of what is declared", async () => {
  await using stage = await cliStage();
  const warnings = async (): Promise<string[]> =>
    (await stage.cli("status")).err.filter((line) => line.startsWith("warning: "));
  const another = "if a daemon or cron works on east, it has another one, of which this tells nothing";
  expect(await warnings()).toEqual([`warning: this store was made just now: ${another}`]);
  expect(await warnings()).toEqual([`warning: this store knows no pass over east: ${another}`]);
  await stage.cli("reconcile");
  expect(await warnings()).toEqual([]);
});

describe("health while somebody else is at work", () => {
  async function atWork(stage: Stage): Promise<void> {
    const store = await openStore({ path: stage.store, isAlive: () => true, warn: () => undefined });
    await store.leases.take("east", "elsewhere:1", Date.now(), 60_000);
    await store.close();
  }

  test("says OK where both sides are in step: a pass that has nothing to heal holds its lease as long", async () => {
    await using stage = await cliStage();
    await stage.cli("reconcile");
    await atWork(stage);
    const ran = await stage.cli("health");
    expect([ran.code, ran.out]).toEqual([
      0,
      ["OK - east: in step, 0 tags equal | lag_tags=0 lag_seconds=0s;300;900 unreachable=0"],
    ]);
  });

  test("tells drift of the configuration rather than healing, which is of content", async () => {
    await using stage = await cliStage();
    await atWork(stage);
    const ran = await stage.cli("health");
    expect([ran.code, ran.out[0]]).toEqual([1, expect.stringContaining("configuration is not as declared")]);
  });

  test("says that a gap is being healed", async () => {
    await using stage = await cliStage();
    await stage.cli("reconcile");
    await stage.outage(() => stage.b.push("library/app", "1.0"));
    await atWork(stage);
    const ran = await stage.cli("health");
    expect([ran.code, ran.out[0]]).toEqual([
      1,
      expect.stringMatching(/^WARNING - east: healing is under way, 1 tags behind, the oldest for \d+s \|/),
    ]);
  });
});
