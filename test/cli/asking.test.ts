import { describe, expect, test } from "vitest";
import { administratorOf, makeByHand } from "../support/hand-made.ts";
import { startCli, type Child } from "../support/killable-cli.ts";
import { showsStack } from "../support/run-cli.ts";
import { cliStage, type Stage } from "../support/run-cli-stage.ts";

/** Lets the program take its pipes for a terminal: what is written to its input is then read key by key. */
const AT_TERMINAL = {
  NODE_OPTIONS: "--import=data:text/javascript,process.stdin.isTTY=process.stderr.isTTY=true",
};

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

/** A pair that a person made: `import --adopt` has a policy and its endpoint to ask about. */
async function madeByHand(): Promise<Stage> {
  const stage = await cliStage({ onLocalhost: true });
  const a = administratorOf(stage.a.url);
  await makeByHand(a, { name: "push to b", endpoint: "b", to: stage.b.url });
  a.close();
  return stage;
}

async function askedIn(stage: Stage): Promise<Child> {
  const child = startCli(["import", "--adopt"], { environment: { ...stage.environment, ...AT_TERMINAL } });
  await child.says("adopt these 2? [y/N] ");
  return child;
}

async function marked(stage: Stage): Promise<string[]> {
  const a = administratorOf(stage.a.url);
  const policies = await a.replicationPolicies();
  a.close();
  return policies.map(({ name }) => name);
}

describe.concurrent("at the prompt of import --adopt", () => {
  test.each([
    ["y and Enter adopt", "y\r", 0, "tidelock.east.a-to-b"],
    ["n and Enter decline", "n\r", 2, "push to b"],
    ["Ctrl-D declines", CTRL_D, 2, "push to b"],
  ])("%s", async (_, keys, code, name) => {
    await using stage = await madeByHand();
    const child = await askedIn(stage);
    // A pipe that stays open would keep the program alive after Ctrl-D, which a terminal does not.
    child.process.stdin?.end(keys);
    const ended = await child.ended;
    expect([ended.code, ended.signal], ended.text).toEqual([code, null]);
    expect(ended.text).not.toContain("error:");
    expect(await marked(stage)).toEqual([name]);
  });

  test("so does the end of the input", async () => {
    await using stage = await madeByHand();
    const child = await askedIn(stage);
    child.process.stdin?.end();
    const ended = await child.ended;
    expect([ended.code, ended.signal], ended.text).toEqual([2, null]);
    expect(ended.text).not.toContain("error:");
  });

  test.each([
    ["Ctrl-C", (child: Child) => child.process.stdin?.write(CTRL_C)],
    ["SIGTERM", (child: Child) => child.process.kill("SIGTERM")],
  ])("%s ends the work at once, with a sentence", async (_, end) => {
    await using stage = await madeByHand();
    const child = await askedIn(stage);
    const told = performance.now();
    end(child);
    const ended = await child.ended;
    expect([ended.code, ended.signal], ended.text).toEqual([1, null]);
    expect(ended.err.join("\n")).toMatch(/\nerror: .+ \[CANCELLED\]\nhint: /);
    expect(ended.text).not.toContain("BUG");
    expect(showsStack(ended)).toBe(false);
    expect(performance.now() - told).toBeLessThan(5_000);
    expect(await marked(stage)).toEqual(["push to b"]);
  });
});
