import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lastJson, runCli, type Ran } from "../support/run-cli.ts";
import { cliStage, type Stage } from "../support/run-cli-stage.ts";

const [EAST, WEST, NORTH] = ["east", "west", "north"].map(
  (name) => `
  - { name: ${name}, kind: dual-master, registries: [a, b], content: { projects: [of-${name}] } }`,
);

let stage: Stage;
beforeEach(async () => {
  stage = await cliStage();
  await stage.declare(`${EAST}${WEST}${NORTH}`);
});
afterEach(() => stage[Symbol.asyncDispose]());

/** Told to stop as soon as a registry is asked anything: in the midst of the first topology. */
function stoppedInFirst(...argv: string[]): Promise<Ran> {
  let stopping = false;
  const off = stage.a.onRequest(() => (stopping = true));
  const given = {
    environment: stage.environment,
    get stopping() {
      return stopping;
    },
  };
  return runCli(argv, given).finally(off);
}

const LEFT_OUT = "stopped before west, north: nothing is known of them";

describe.each(["diff", "plan", "reconcile", "heal"])("%s that is stopped between topologies", (command) => {
  test("ends with 1, and says which ones it left out", async () => {
    await stage.cli("reconcile");
    const ran = await stoppedInFirst(command);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(LEFT_OUT);
    expect(ran.out.join("\n")).toContain("east: ");
    expect(ran.text).not.toContain("BUG");
  });

  test("says so to scripts too", async () => {
    await stage.cli("reconcile");
    const ran = await stoppedInFirst(command, "--output", "json");
    const failure = { code: "CANCELLED", message: "the work was stopped before west was begun" };
    expect(lastJson(ran)["topologies"]).toMatchObject([
      { name: "east" },
      { name: "west", failure },
      { name: "north", failure: { code: "CANCELLED" } },
    ]);
    expect(lastJson(ran)["topologies"]).not.toMatchObject([{ failure: {} }, {}, {}]);
  });
});

test("one that is stopped in its last topology has looked at all of them, and says what it saw", async () => {
  await stage.declare(EAST ?? "");
  await stage.cli("reconcile");
  const ran = await stoppedInFirst("diff");
  expect([ran.code, ran.text.includes("stopped before")]).toEqual([0, false]);
});

test("plan does not go on to what is declared no longer", async () => {
  await stage.declare(EAST ?? "");
  await stage.cli("reconcile");
  const ran = await stoppedInFirst("plan");
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("stopped before what is declared no longer was looked for");
});

describe("probe that is stopped between clusters", () => {
  beforeEach(() =>
    stage.declare(
      ["ha", "hb"]
        .map(
          (name, at) => `
  - name: ${name}
    kind: shared-storage
    account: { username: robot, password: secret }
    nodes: { n1: { url: "http://127.0.0.1:${2 * at + 1}" }, n2: { url: "http://127.0.0.1:${2 * at + 2}" } }`,
        )
        .join(""),
    ),
  );

  test("ends with 1, and says which ones it left out", async () => {
    const ran = await stage.cliWith({ stopping: true }, "probe", "--output", "json");
    expect([ran.code, ran.err.filter((line) => line.startsWith("stopped"))]).toEqual([
      1,
      ["stopped before ha, hb: nothing is known of them"],
    ]);
    expect(lastJson(ran)["topologies"]).toMatchObject([
      { name: "ha", sound: null, failure: { code: "CANCELLED" } },
      { name: "hb", sound: null, failure: { code: "CANCELLED" } },
    ]);
  });
});
