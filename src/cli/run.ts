import { CommanderError } from "commander";
import { toAppError } from "../errors.ts";
import { EXIT } from "./exit-codes.ts";
import type { GlobalFlags, ProgramIo } from "./io.ts";
import { createProgram } from "./program.ts";
import { failureJson, failureLines } from "./render/failure.ts";

/** Runs one command line and returns its exit code. Nothing is thrown: what went wrong is told on standard error. */
export async function run(argv: readonly string[], io: Omit<ProgramIo, "ended">): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram({ ...io, ended: (ended) => (code = ended) });
  try {
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
    for (const line of failureLines(thrown, io.isTerminal)) io.err(line);
    if (program.opts<GlobalFlags>().output === "json")
      io.out(JSON.stringify(failureJson(toAppError(thrown))));
    return exitOfFailure(thrown);
  }
}

function exitOfFailure(thrown: unknown): number {
  const { code } = toAppError(thrown);
  if (code === "CONFIG_INVALID" || code === "CONFIG_UNREADABLE") return EXIT.invalid;
  return code === "USAGE" ? EXIT.usage : EXIT.error;
}
