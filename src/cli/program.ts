import { Command, Option } from "commander";
import { addActing } from "./groups/acting.ts";
import { addDeciding } from "./groups/deciding.ts";
import { addLooking } from "./groups/looking.ts";
import { addOthers } from "./groups/others.ts";
import { addSettingUp } from "./groups/setting-up.ts";
import type { ProgramIo } from "./io.ts";

/** The command line. Each command loads what it needs only when it runs, so that `--help` is quick. */
export function createProgram(io: ProgramIo): Command {
  const program = new Command("tidelock")
    .description("Keeps Harbor container registries in step, and proves it.")
    .version(io.version, "-V, --version")
    .option("--policies <folder>", "folder of the declarations, or one file (default: ./policies)")
    .addOption(new Option("--output <form>", "of the results").choices(["table", "json"]).default("table"))
    .option("--log-level <level>", "debug, info, warn, error or silent")
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    })
    .exitOverride()
    .showHelpAfterError("(see tidelock --help)");
  addLooking(program, io);
  addActing(program, io);
  addDeciding(program, io);
  addSettingUp(program, io);
  addOthers(program, io);
  return program;
}
