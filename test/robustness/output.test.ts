import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cliProcess } from "../support/killable-cli.ts";
import { showsStack } from "../support/run-cli.ts";
import { cliStage, DUAL_MASTER, type Stage } from "../support/run-cli-stage.ts";

describe.concurrent("output that nobody takes", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await cliStage();
    await stage.declare(`${DUAL_MASTER}    heal: { settle: 1ms }\n`);
    await stage.cli("reconcile");
    for (const sandbox of [stage.a, stage.b]) {
      sandbox.faults.loseNextEvents(301);
      for (let i = 0; i < 300; i += 1) sandbox.push("library/app", `1.${i}`, { seed: "same" });
    }
    stage.a.push("library/app", "more", { seed: "same" });
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  const inShell = (shell: string, ...argv: string[]): ReturnType<typeof cliProcess> =>
    cliProcess(argv, { environment: stage.environment, shell });

  test("a reader that leaves early, such as head, gets its line, and the exit code stands", async () => {
    const ran = await inShell('set -o pipefail; "$@" | head -1', "diff", "--all");
    expect([ran.code, ran.out.length], ran.text).toEqual([2, 1]);
    expect(ran.out[0]).toMatch(/^ {2}= library\/app:/);
    expect(ran.err.filter((line) => !line.includes("warning"))).toEqual([]);
  });

  test("a reader that takes nothing at all does no harm either", async () => {
    const ran = await inShell('set -o pipefail; "$@" | true', "schema");
    expect([ran.code, ran.err], ran.text).toEqual([0, []]);
  });

  test("standard error that nobody reads does no harm", async () => {
    const ran = await inShell('exec 2> >(true); "$@"', "diff", "--all");
    expect(ran.code, ran.text).toBe(2);
    expect(ran.out.length).toBeGreaterThan(300);
  });

  test("closed standard output and error do no harm", async () => {
    expect((await inShell('"$@" >&- 2>&-', "diff", "--all")).code).toBe(2);
  });

  test.skipIf(process.platform !== "linux")(
    "results that can't be written are an error, with a sentence",
    async () => {
      const ran = await inShell('"$@" > /dev/full', "diff", "--all");
      expect(ran.code).toBe(1);
      expect(ran.err.join("\n")).toMatch(/error: the results could not be written: .*no space/i);
      expect(showsStack(ran)).toBe(false);
    },
  );
});

test("everything of a large result arrives in a pipe", async () => {
  const ran = await cliProcess(["schema"], { environment: {}, shell: '"$@" | cat' });
  expect(ran.code).toBe(0);
  expect(JSON.parse(ran.out.join("\n"))).toMatchObject({ title: "Tidelock" });
});
