import { expect, test } from "vitest";
import { FAULTS } from "../../src/cluster/faults.ts";
import { lastJson, runCli } from "../support/run-cli.ts";

const DEMO = ["demo", "--kind", "cluster"];

test("a cluster that is sound is found sound, with a story for people", async () => {
  const ran = await runCli(DEMO);
  expect(ran.code).toBe(0);
  expect(ran.out[0]).toMatch(/^1\. A cluster: n1 at http/);
  expect(ran.out.join("\n")).toMatch(/demo: SOUND[\s\S]*Done in [\d.]+ s: named as it is\.$/);
});

// A few of them over real sockets; all of them are in test/probe/all-faults.test.ts.
test.each(["job-secret", "registry-down"])(
  "a cluster with the fault %s is found to have that one, and scripts read it from the last line",
  async (fault) => {
    const ran = await runCli([...DEMO, "--fault", fault, "--output", "json"]);
    expect([ran.code, ran.out.length]).toEqual([0, 1]);
    expect(ran.out[0]).toMatch(new RegExp(`^\\{"sound":false,"faults":\\["${fault}"\\],`));
    expect(lastJson(ran)["seconds"]).toBeLessThan(60);
  },
);

test("the names of the faults are one a line, and nothing else", async () => {
  const ran = await runCli([...DEMO, "--fault", "list"]);
  expect([ran.code, ran.out, ran.err]).toEqual([0, FAULTS, []]);
});

test("what no fault is called, and faults of replications, are mistakes of the command line", async () => {
  expect((await runCli([...DEMO, "--fault", "token"])).code).toBe(64);
  expect((await runCli(["demo", "--fault", "token-key"])).code).toBe(64);
  expect((await runCli(["demo", "--kind", "ring"])).code).toBe(64);
});
