import { describe, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { startCli, type Child } from "../support/killable-cli.ts";
import { policiesOf, tagsOf } from "../support/killable-story.ts";
import { lastJson, runCli, showsStack } from "../support/run-cli.ts";
import { cliStage, DUAL_MASTER, type Stage } from "../support/run-cli-stage.ts";

/** The schedule never comes; the pass at the start is the only one. */
const NEVER = 'settings: { schedule: "0 0 0 29 2 *" }\n';

async function withGap(): Promise<Stage> {
  const stage = await cliStage();
  await stage.declare(DUAL_MASTER, NEVER);
  await stage.cli("reconcile");
  await stage.outage(() => {
    stage.b.push("library/app", "1.0");
    stage.b.push("library/tool", "1.0");
  });
  return stage;
}

/** The next request of this kind. */
function asked(sandbox: Sandbox, method: string, part: string): Promise<void> {
  return new Promise((resolve) => {
    const off = sandbox.onRequest((request) => {
      if (request.method !== method || !request.path.includes(part)) return;
      off();
      resolve();
    });
  });
}

const daemonOf = (stage: Stage, ...more: string[]): Child =>
  startCli([...more, "daemon"], { environment: stage.environment });

describe.concurrent("a daemon that is told to stop", () => {
  test("finishes what is at hand, leaves nothing behind, and ends with 0", async () => {
    await using stage = await withGap();
    const begun = asked(stage.b, "POST", "/replication/executions");
    const child = daemonOf(stage, "--output", "json");
    await begun;
    const told = performance.now();
    child.process.kill("SIGTERM");
    const ended = await child.ended;
    expect([ended.code, ended.signal]).toEqual([0, null]);
    expect(performance.now() - told).toBeLessThan(10_000);
    expect(ended.err).toContain("stopping: finishing what is at hand; once more ends at once");
    expect(lastJson(ended)).toEqual({ stopped: true });
    const names = [...policiesOf(stage.a), ...policiesOf(stage.b)].map(({ name }) => name);
    expect(names.toSorted()).toEqual(["tidelock.east.a-to-b", "tidelock.east.b-to-a"]);
    await stage.quiet();
    expect(Object.keys(tagsOf(stage.a)).length).toBeGreaterThan(0);
  });

  test("ends within ten seconds even while a registry hangs", async () => {
    await using stage = await withGap();
    stage.b.faults.hang({ path: "/replication/policies", from: "client" });
    const hung = asked(stage.b, "GET", "/replication/policies");
    const child = daemonOf(stage);
    await hung;
    const told = performance.now();
    child.process.kill("SIGTERM");
    const ended = await child.ended;
    expect([ended.code, ended.signal]).toEqual([0, null]);
    expect(performance.now() - told).toBeLessThan(10_000);
    expect(ended.text).not.toContain("BUG");
  });

  test("ends at once when it is told so twice", async () => {
    await using stage = await withGap();
    stage.b.faults.hang({ path: "/replication/policies", from: "client" });
    const hung = asked(stage.b, "GET", "/replication/policies");
    const child = daemonOf(stage);
    await hung;
    child.process.kill("SIGTERM");
    await child.says("stopping:");
    const told = performance.now();
    child.process.kill("SIGTERM");
    expect((await child.ended).code).toBe(143);
    expect(performance.now() - told).toBeLessThan(6_000);
  });

  test("and a one-shot run that is interrupted says so, and ends with 1", async () => {
    await using stage = await withGap();
    const begun = asked(stage.b, "POST", "/replication/executions");
    const child = startCli(["reconcile"], { environment: stage.environment });
    await begun;
    child.process.kill("SIGINT");
    const ended = await child.ended;
    expect([ended.code, ended.signal]).toEqual([1, null]);
    expect(showsStack(ended)).toBe(false);
    expect((await stage.cli("reconcile")).code).toBe(0);
    expect(tagsOf(stage.a)).toEqual(tagsOf(stage.b));
  });
});

test("a second daemon, and a run beside a pass at work, are refused with a sentence, and change nothing", async () => {
  await using stage = await withGap();
  stage.b.faults.hang({ path: "/replication/policies", from: "client" });
  const hung = asked(stage.b, "GET", "/replication/policies");
  const child = daemonOf(stage);
  await hung;
  const before = stage.a.requests.writes() + stage.b.requests.writes();
  const holder = new RegExp(`:${child.process.pid ?? ""} is`);
  const run = await runCli(["reconcile", "--output", "json"], { environment: stage.environment });
  expect(run.code).toBe(1);
  expect(run.err.join("\n")).toMatch(/working on east failed: .+ is at it \[ALREADY_RUNNING\]\nhint: /);
  expect(run.err.join("\n")).toMatch(holder);
  expect(lastJson(run)["topologies"]).toMatchObject([
    { name: "east", verdict: "error", failure: { code: "ALREADY_RUNNING" } },
  ]);
  const second = await runCli(["daemon"], { environment: stage.environment });
  expect(second.code).toBe(1);
  expect(second.err.join("\n")).toMatch(/starting the daemon failed: .+ \[ALREADY_RUNNING\]\nhint: /);
  expect(stage.a.requests.writes() + stage.b.requests.writes()).toBe(before);
  child.process.kill("SIGKILL");
  await child.ended;
  stage.b.faults.clear();
  expect((await stage.cli("reconcile")).code).toBe(0);
});
