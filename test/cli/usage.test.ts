import { expect, test } from "vitest";
import { lastJson, runCli, showsStack } from "../support/run-cli.ts";

const COMMANDS = [
  "validate",
  "plan",
  "diff",
  "health",
  "status",
  "reconcile",
  "heal",
  "daemon",
  "demo",
  "schema",
  "version",
];

const MISTAKES: readonly (readonly string[])[] = [
  [],
  ["bogus"],
  ["--bogus"],
  ["--output", "xml", "validate"],
  ["--output"],
  ["--policies"],
  ["--log-level", "loud", "plan"],
  ["validate", "--bogus"],
  ["validate", "extra"],
  ["plan", "--dry-run"],
  ["diff", "--only"],
  ["diff", "--only", ""],
  ["diff", "--depth", "deep"],
  ["diff", "--depth", "bytes", "--sample", "5"],
  ["diff", "--depth", "bytes", "--sample", "0%"],
  ["heal", "--depth", "bytes", "--sample", "101%"],
  ["health", "--bogus"],
  ["reconcile", "--remedy", "pray"],
  ["reconcile", "--heal"],
  ["heal", "--no-heal"],
  ["heal", "--prune"],
];

test.each(MISTAKES.map((argv) => [argv.join(" "), argv] as const))(
  "a command line that is not understood ends with 64, and says so on standard error only: tidelock %s",
  async (_, argv) => {
    const ran = await runCli(argv);
    expect(ran.code).toBe(64);
    expect(ran.out).toEqual([]);
    expect(ran.err.join("\n")).toMatch(/error: .+\n(\(|hint: )|^Usage: tidelock/);
    expect(showsStack(ran)).toBe(false);
  },
);

test.each(["reconcile", "diff", "schema"])(
  "a command that is nearly right is guessed: %s",
  async (command) => {
    const { err } = await runCli([command.slice(0, -1)]);
    expect(err.join("\n")).toContain(`Did you mean ${command}?`);
  },
);

test.each([["--help"], ["-h"], ["help"]])(
  "%s lists every command on standard output and ends with 0",
  async (flag) => {
    const ran = await runCli([flag]);
    expect(ran.code).toBe(0);
    expect(ran.err).toEqual([]);
    for (const command of COMMANDS) expect(ran.out.join("\n")).toMatch(new RegExp(`^  ${command}\\b`, "m"));
  },
);

test.each(COMMANDS)("%s --help describes itself on standard output and ends with 0", async (command) => {
  const ran = await runCli([command, "--help"]);
  expect([ran.code, ran.err]).toEqual([0, []]);
  expect(ran.out[0]).toMatch(new RegExp(`^Usage: tidelock ${command}`));
});

test.each([[["version"]], [["--version"]], [["-V"]]])("%s prints the version alone", async (argv) => {
  expect(await runCli(argv)).toMatchObject({ code: 0, out: ["0.0.0-test"], err: [] });
});

test("version and schema have a form for scripts", async () => {
  expect(lastJson(await runCli(["version", "--output", "json"]))).toEqual({ version: "0.0.0-test" });
  const ran = await runCli(["--output", "json", "schema"]);
  expect([ran.code, ran.err, ran.out.length]).toEqual([0, [], 1]);
  expect(lastJson(ran)).toMatchObject({ title: "Tidelock", type: "object" });
});

test("schema is readable without --output json, and says the same", async () => {
  const readable = await runCli(["schema"]);
  expect(readable.out.length).toBeGreaterThan(100);
  expect(JSON.parse(readable.out.join("\n"))).toEqual(lastJson(await runCli(["schema", "--output", "json"])));
});

test("global options may stand before and behind the command", async () => {
  const before = await runCli(["--output", "json", "version"]);
  const behind = await runCli(["version", "--output=json"]);
  expect(before.out).toEqual(behind.out);
});
