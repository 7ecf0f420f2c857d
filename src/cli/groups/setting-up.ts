import { Argument, Option, type Command } from "commander";
import type { ImportCommandFlags, WithApp } from "../commands/import.ts";
import type { LintFlags } from "../commands/lint.ts";
import type { ProgramIo } from "../io.ts";
import { collect, globals, ONLY, withApp } from "./shared-options.ts";

/** Commands for the first day: what is there, what lacks, what to declare. */
export function addSettingUp(program: Command, io: ProgramIo): void {
  program
    .command("doctor")
    .description("reach every registry and try each right that is needed; changes nothing")
    .action(async () => {
      const { doctor } = await import("../commands/doctor.ts");
      io.ended(await withApp(program, io, (app) => doctor(app, io, globals(program))));
    });
  program
    .command("import")
    .description("write declarations from what the Harbors have; with --adopt make that ours")
    .option("--registry <name=url>", "a Harbor to read; may be given several times", collect)
    .option("--endpoint-url <name=url>", "how the others reach it, where that differs", collect)
    .option("--username <name>", "who logs in to those (default: admin); TIDELOCK_PASSWORD is the password")
    .option("--password-file <file>", "a file that holds the password")
    .option("--to <folder>", "where to write imported.yaml (default: standard output)")
    .option("--force", "overwrite it")
    .option("--adopt", "mark what stands over the declared flows as ours, after showing the difference")
    .option("--only <topology>", `with --adopt: ${ONLY}`, collect)
    .option("--yes", "with --adopt: do not ask")
    .action(async (flags: ImportCommandFlags) => {
      const { importCommand } = await import("../commands/import.ts");
      const run: WithApp = (work, options) => withApp(program, io, work, options);
      io.ended(await importCommand(flags, io, globals(program), run));
    });
  program
    .command("lint <file...>")
    .description("the harbor.yml of all nodes of one cluster: slips, and where the nodes differ")
    .option("--connect", "also try the PostgreSQL, the Redis and the data volume that they declare")
    .action(async (files: string[], flags: LintFlags) => {
      const { lint } = await import("../commands/lint.ts");
      io.ended(await lint(files, flags, io, globals(program)));
    });
  program
    .command("completion")
    .description("a script that lets a shell complete commands, options and names")
    .addArgument(new Argument("[shell]", "for which shell").choices(["bash", "zsh", "fish"]))
    .addOption(new Option("--topologies", "the names that such a script offers").hideHelp())
    .action(async (shell: string | undefined, flags: { topologies?: boolean }) => {
      const { completion } = await import("../commands/completion.ts");
      const { wordsOf } = await import("../completion/words.ts");
      io.ended(await completion(wordsOf(program), { shell, ...flags }, io, globals(program)));
    });
}
