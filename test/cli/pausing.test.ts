import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policiesOf } from "../support/killable-story.ts";
import { lastJson, symbols } from "../support/run-cli.ts";
import { cliStage, DUAL_MASTER, type Stage } from "../support/run-cli-stage.ts";

const writes = ({ a, b }: Stage): number => a.requests.writes() + b.requests.writes();

/** A pair with one tag that only `b` has. */
async function withGap(): Promise<Stage> {
  const stage = await cliStage();
  await stage.cli("reconcile");
  await stage.outage(() => stage.b.push("library/app", "1.0"));
  return stage;
}

describe("a paused topology", () => {
  test("is compared and told of, but neither configured nor healed, and nobody is called", async () => {
    await using stage = await withGap();
    await stage.declare(`${DUAL_MASTER}    trigger: manual\n`);
    expect((await stage.cli("plan")).out[0]).toBe("east: configuration: 2 to do");
    const paused = await stage.cli("pause", "east", "--for", "2h");
    expect([paused.code, paused.out]).toEqual([
      0,
      [
        expect.stringMatching(
          /^east: paused until \S+Z: nothing is configured or healed, and health says OK$/,
        ),
      ],
    ]);
    const before = writes(stage);
    for (const command of ["reconcile", "heal", "daemon"]) {
      const ran = await stage.cli(command);
      if (command === "daemon") continue;
      expect([ran.code, symbols(ran.out)]).toEqual([2, ["< 1.0"]]);
      expect(ran.out.join("\n")).toMatch(/note: paused until \S+Z: nothing was configured or healed/);
    }
    expect(writes(stage)).toBe(before);
    const health = await stage.cli("health");
    expect([health.code, health.out[0]]).toEqual([
      0,
      expect.stringMatching(
        /^OK - east: paused until \S+Z \| lag_tags=1 lag_seconds=\d+s;300;900 unreachable=0$/,
      ),
    ]);
    const status = await stage.cli("status");
    expect(status.out.join("\n")).toMatch(
      /^east: not-in-step \(\d+s ago\), 1 tags behind, the oldest for \d+s$/m,
    );
    expect(status.out).toContainEqual(expect.stringMatching(/^east: paused until /));
    expect(lastJson(await stage.cli("incidents", "--output", "json"))).toEqual({ incidents: [] });
  });

  test("calls nobody either while its registries are away", async () => {
    await using stage = await withGap();
    await stage.cli("pause", "east");
    stage.a.faults.down();
    await stage.settled();
    const health = await stage.cli("health");
    expect([health.code, health.out[0]]).toEqual([
      0,
      expect.stringMatching(/^OK - east: paused until tidelock resume east \| .* unreachable=1$/),
    ]);
    await stage.cli("reconcile");
    expect(lastJson(await stage.cli("status", "--output", "json"))).toMatchObject({
      topologies: [{ pause: { name: "east", until: null }, incidents: [] }],
      registries: [{ name: "a", up: false }, { name: "b" }],
    });
    // What lasts longer than the maintenance is an incident from then on.
    await stage.cli("resume", "east");
    await stage.cli("reconcile");
    expect(lastJson(await stage.cli("incidents", "--output", "json"))).toMatchObject({
      incidents: [{ kind: "outage", subject: "a", closedAt: null }],
    });
  });

  test("goes on after resume, and by itself when its time is over", async () => {
    await using stage = await withGap();
    await stage.cli("pause", "east", "--until", "2999-01-01T00:00:00Z");
    expect((await stage.cli("heal")).code).toBe(2);
    const resumed = await stage.cli("resume", "east");
    expect([resumed.code, resumed.out]).toEqual([0, ["east: goes on with the next pass"]]);
    expect((await stage.cli("resume", "east")).out).toEqual(["east: was not paused"]);
    expect((await stage.cli("heal")).code).toBe(0);
    expect(stage.a.tags()).toEqual(stage.b.tags());

    await stage.outage(() => stage.b.push("library/app", "2.0"));
    await stage.cli("pause", "east", "--for", "1ms");
    const later = await stage.cli("reconcile");
    expect([later.code, later.out.join("\n")]).toEqual([0, expect.not.stringContaining("paused")]);
    expect(stage.a.tags()).toEqual(stage.b.tags());
  });

  test("a pause that begins during a pass lets it finish what is at hand, and begin nothing new", async () => {
    await using stage = await withGap();
    await stage.outage(() => {
      for (let i = 0; i < 12; i += 1) stage.b.push(`library/app-${i}`, "1.0");
    });
    const begun = new Promise<void>((resolve) => {
      const off = stage.b.onRequest(({ method, path }) => {
        if (method !== "POST" || !path.includes("/replication/executions")) return;
        off();
        resolve();
      });
    });
    const healing = stage.cli("heal", "--remedy", "scoped");
    await begun;
    const paused = await stage.cli("pause", "east");
    expect(paused.out[1]).toMatch(/ is at work on it; it finishes what is at hand and begins nothing new$/);
    const healed = await healing;
    expect(healed.code).toBe(2);
    expect(healed.out.join("\n")).toContain("Tidelock was asked to stop");
    expect(policiesOf(stage.b).map(({ name }) => name)).toEqual(["tidelock.east.b-to-a"]);
    const arrived = stage.a.tags().size;
    expect(arrived).toBeGreaterThan(0);
    expect(arrived).toBeLessThan(stage.b.tags().size);
  });
});

describe("what can't be understood", () => {
  let stage: Stage;
  beforeAll(async () => (stage = await cliStage()));
  afterAll(() => stage[Symbol.asyncDispose]());

  test.each([
    [["pause", "eats"], "no topology is called eats", "did you mean east?"],
    [["resume", "eats"], "no topology is called eats", "did you mean east?"],
    [["pause", "east", "--for", "soon"], '"soon" is no length of time', "write it as 90s, 45m, 2h or 1d"],
    [["pause", "east", "--for", "0s"], '"0s" is no length of time', "write it as"],
    [
      ["pause", "east", "--for", "3651d"],
      '"3651d" is longer than a pause may be',
      "give at most 3650d, or leave",
    ],
    [["pause", "east", "--for", "999999999d"], '"999999999d" is longer than', "give at most 3650d"],
    [["pause", "east", "--for", "999999999d999999999d"], '"999999999d', "give at most 3650d"],
    [["pause", "east", "--until", "noon"], '"noon" is no moment', "write it as 20"],
    [["pause", "east", "--until", "2001-01-01T00:00:00Z"], "2001-01-01T00:00:00Z is past", "now it is 20"],
    [["pause", "east", "--for", "1h", "--until", "2999-01-01"], "a pause has one end", "leave one"],
  ])("%j is a usage error", async (argv, message, hint) => {
    const ran = await stage.cli(...argv);
    expect([ran.code, ran.out]).toEqual([64, []]);
    expect(ran.text).toContain(`error: ${message}`);
    expect(ran.text).toContain(`hint: ${hint}`);
    expect(lastJson(await stage.cli("status", "--output", "json"))).toMatchObject({
      topologies: [{ pause: null }],
    });
  });
});

test("a pause that can't be remembered is none, and says so", async () => {
  await using stage = await cliStage();
  stage.useStore(`${stage.policies}/tidelock.db`);
  const ran = await stage.cli("pause", "east");
  expect([ran.code, ran.out]).toEqual([1, []]);
  expect(ran.text).toContain("pausing east failed, as it can't be remembered");
  expect(ran.text).toContain("[STORE_UNUSABLE]");
});

test("a topology that only observes keeps its declared mode through a pause", async () => {
  await using stage = await cliStage();
  await stage.declare(`${DUAL_MASTER}    mode: observe\n`);
  expect((await stage.cli("reconcile")).code).toBe(2);
  await stage.cli("pause", "east");
  await stage.cli("resume", "east");
  await stage.cli("reconcile", "--prune");
  expect(writes(stage)).toBe(0);
});

describe("which store a person's word went to", () => {
  const warnings = ({ err }: { err: readonly string[] }): string[] =>
    err.filter((line) => line.startsWith("warning: "));

  test("is said, and where nobody works with it, that too: a daemon over another one would go on healing", async () => {
    await using stage = await withGap();
    const daemons = stage.store;
    for (const command of ["pause", "resume"]) {
      const ran = await stage.cli(command, "east");
      expect(ran.err).toContain(`store: ${daemons}`);
      expect(warnings(ran)).toEqual([]);
    }
    stage.useStore(`${stage.folder}/other/tidelock.db`);
    const made = await stage.cli("pause", "east", "--for", "2h");
    expect([made.code, made.err]).toEqual([0, expect.arrayContaining([`store: ${stage.store}`])]);
    expect(warnings(made)).toEqual([
      "warning: this store was made just now: if a daemon or cron works on east, it has another one, and will not hear of this",
    ]);
    expect(made.err.join("\n")).toMatch(/^hint: .*settings\.store.*TIDELOCK_STATE/m);
    const resumed = await stage.cli("resume", "east");
    expect(warnings(resumed)).toEqual([
      "warning: this store knows no pass over east: if a daemon or cron works on east, it has another one, and will not hear of this",
    ]);
  });

  test("is in the form for scripts", async () => {
    await using stage = await cliStage();
    const ran = await stage.cli("pause", "east", "--output", "json");
    expect(lastJson(ran)).toMatchObject({ name: "east", store: stage.store });
    expect(warnings(ran)).toHaveLength(1);
    expect(lastJson(await stage.cli("resume", "east", "--output", "json"))).toEqual({
      name: "east",
      wasPaused: true,
      store: stage.store,
    });
  });

  test("of a cluster that was never probed is doubted too", async () => {
    await using stage = await cliStage();
    await stage.declareText(`apiVersion: tidelock/v1
topologies:
  - name: ha
    kind: shared-storage
    account: { username: admin, password: Harbor12345 }
    nodes: { n1: { url: "${stage.a.url}" }, n2: { url: "${stage.b.url}" } }
`);
    await stage.cli("status");
    expect(warnings(await stage.cli("pause", "ha"))).toEqual([
      "warning: this store knows no probe of ha: if a daemon or cron works on ha, it has another one, and will not hear of this",
    ]);
  });
});
