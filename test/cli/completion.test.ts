import { execFile, execFileSync } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProgram } from "../../src/cli/program.ts";
import { wordsOf } from "../../src/cli/completion/words.ts";
import { systemClock } from "../../src/clock.ts";
import { lastJson, runCli } from "../support/run-cli.ts";
import { cliStage, type Stage } from "../support/run-cli-stage.ts";

const HAS_BASH = works("bash", ["-c", "((BASH_VERSINFO[0] >= 4))"]);
const HAS_ZSH = works("zsh", ["--version"]);
const HAS_FISH = works("fish", ["--version"]);

function works(shell: string, args: string[]): boolean {
  try {
    execFileSync(shell, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Throws where the shell finds a mistake in the script. */
function reads(shell: string, args: string[], script: readonly string[]): void {
  execFileSync(shell, args, { input: script.join("\n") });
}

const words = wordsOf(
  createProgram({
    version: "0",
    environment: {},
    clock: systemClock,
    out: () => undefined,
    err: () => undefined,
    isTerminal: false,
    signal: new AbortController().signal,
    isStopping: () => false,
    stopped: new Promise(() => undefined),
    ended: () => undefined,
  }),
);
const names = words.commands.map(({ name }) => name);

describe("what is offered", () => {
  test("is what the program knows: commands, options, their choices, and topologies", () => {
    expect(names).toEqual(expect.arrayContaining(["diff", "heal", "doctor", "completion"]));
    const heal = words.commands.find(({ name }) => name === "heal");
    const valueOf = (flag: string): unknown =>
      [...(heal?.options ?? []), ...words.options].find(({ flags }) => flags.includes(flag))?.value;
    expect(valueOf("--remedy")).toMatchObject({ kind: "choices" });
    expect(valueOf("--only")).toEqual({ kind: "topology" });
    expect(valueOf("--policies")).toEqual({ kind: "files" });
    expect(valueOf("--dry-run")).toBeUndefined();
  });

  test("has nothing that the help hides", () => {
    const completion = words.commands.find(({ name }) => name === "completion");
    expect(completion?.options.flatMap(({ flags }) => flags)).toEqual(["-h", "--help"]);
  });
});

describe.skipIf(!HAS_BASH)("in bash", () => {
  let stage: Stage;
  let script: string;
  beforeAll(async () => {
    stage = await cliStage();
    script = (await runCli(["completion", "bash"])).out.join("\n");
    const { out } = await stage.cli("completion", "--topologies");
    // Stands for the program on the path, so that no process of Node has to begin for each question.
    const program = join(stage.folder, "tidelock");
    await writeFile(program, `#!/bin/sh\nprintf '%s\\n' ${out.join(" ")} "asked:$*"\n`);
    await chmod(program, 0o755);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  /** What bash would offer for a line whose last word is being typed. */
  async function offered(...line: string[]): Promise<string[]> {
    const asking = [
      script,
      `COMP_WORDS=(tidelock ${line.map((word) => `'${word}'`).join(" ")})`,
      `COMP_CWORD=${line.length}`,
      'eval "$(complete -p tidelock | sed "s/.*-F \\([^ ]*\\) .*/\\1/")"',
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ].join("\n");
    const env = { PATH: `${stage.folder}:/usr/bin:/bin` };
    const { stdout } = await promisify(execFile)("bash", ["--norc", "-u", "-c", asking], { env });
    return stdout.split("\n").filter((one) => one !== "");
  }

  test("commands come first, and their options after them", async () => {
    expect(await offered("")).toEqual(names);
    expect(await offered("val")).toEqual(["validate"]);
    expect(await offered("--output", "json", "doc")).toEqual(["doctor"]);
    expect(await offered("diff", "--st")).toEqual(["--stats"]);
    expect(await offered("diff", "--out")).toEqual(["--output"]);
    expect(await offered("--pol")).toEqual(["--policies"]);
    expect(await offered("nonsense", "")).toEqual([]);
  });

  test("values are offered where there are choices, arguments too", async () => {
    expect(await offered("--output", "")).toEqual(["table", "json"]);
    expect(await offered("heal", "--output", "j")).toEqual(["json"]);
    expect(await offered("plan", "--guard", "no")).toEqual(["no-delete"]);
    expect(await offered("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(await offered("completion", "bash", "")).toEqual([]);
  });

  test("topologies are those that are declared where the line says", async () => {
    expect(await offered("diff", "--only", "e")).toEqual(["east"]);
    expect(await offered("--policies", "/p", "diff", "--only", "asked")).toEqual(["asked:--policies"]);
    expect(await offered("diff", "--only", "east", "--only", "e")).toEqual(["east"]);
  });
});

describe("for other shells", () => {
  test("zsh has each command with its description, and each option with its choices", async () => {
    const { out, code } = await runCli(["completion", "zsh"]);
    expect(code).toBe(0);
    expect(out[0]).toBe("#compdef tidelock");
    expect(out.flatMap((line) => /^ {8}'([a-z]+):./.exec(line)?.[1] ?? [])).toEqual(names);
    expect(out.flatMap((line) => /^ {8}([a-z]+)\) _arguments /.exec(line)?.[1] ?? [])).toEqual(names);
    expect(out.join("\n")).toContain("'*--output[of the results]:value:(table json)'");
    expect(out.join("\n")).toContain(":value:_tidelock_topologies'");
  });

  test("fish has the same", async () => {
    const { out } = await runCli(["completion", "fish"]);
    const offers = out.flatMap((line) => / -n 'not __fish_seen[^']*' -a ([a-z]+) -d '/.exec(line)?.[1] ?? []);
    expect(offers).toEqual(names);
    expect(out).toContainEqual(expect.stringMatching(/^complete -c tidelock -l output -x -a 'table json' /));
    expect(out).toContainEqual(
      expect.stringMatching(/seen_subcommand_from diff' -l only -x -a '\(tidelock completion --topologies /),
    );
  });

  test.skipIf(!HAS_ZSH)("zsh can read it", async () => {
    const { out } = await runCli(["completion", "zsh"]);
    expect(() => reads("zsh", ["-n"], out)).not.toThrow();
  });

  test.skipIf(!HAS_FISH)("fish can read it", async () => {
    const { out } = await runCli(["completion", "fish"]);
    expect(() => reads("fish", ["--no-execute"], out)).not.toThrow();
  });
});

describe("the command", () => {
  test("asks for a shell that it knows", async () => {
    expect((await runCli(["completion"])).code).toBe(64);
    expect((await runCli(["completion", "tcsh"])).code).toBe(64);
  });

  test("for scripts has the shell and its script", async () => {
    const ran = await runCli(["completion", "fish", "--output", "json"]);
    expect(lastJson(ran)).toMatchObject({ shell: "fish" });
    expect(ran.out).toHaveLength(1);
  });

  test("offers no topologies where nothing is declared, and complains to nobody", async () => {
    const ran = await runCli(["completion", "--topologies", "--policies", "/nowhere"]);
    expect([ran.code, ran.text]).toEqual([0, ""]);
  });
});
