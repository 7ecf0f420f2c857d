import { Argument, type Command } from "commander";
import type { PauseFlags } from "../commands/pause.ts";
import type { RescuesFlags } from "../commands/rescues.ts";
import type { Asked, ResolveFlags } from "../commands/resolve.ts";
import type { ProgramIo } from "../io.ts";
import { globals, withApp } from "./shared-options.ts";

/** What a person decides, and what is remembered of it. */
export function addDeciding(program: Command, io: ProgramIo): void {
  const choice = new Argument("[choice]", "what is to become of it").choices([
    "keep-left",
    "keep-right",
    "keep-both",
    "accept-deletion",
    "accept-rewind",
  ]);
  program
    .command("resolve <topology> <subject>")
    .description("decide about project/repository:tag, or accept a registry that came back from a backup")
    .addArgument(choice)
    .option("--between <left,right>", "which pair, where the topology has several")
    .option("--forget", "take back what was decided about the tag")
    .action(async (topology: string, subject: string, chosen: Asked["choice"], flags: ResolveFlags) => {
      const { resolve } = await import("../commands/resolve.ts");
      const asked = { topology, subject, choice: chosen };
      io.ended(await withApp(program, io, (app) => resolve(app, asked, flags, io, globals(program))));
    });
  program
    .command("pause <topology>")
    .description("planned maintenance: no healing, no configuration, no alerts, still watching")
    .option("--for <duration>", "ends by itself after 90s, 45m, 2h, 1d")
    .option("--until <moment>", "ends by itself at that moment, as ISO 8601 has it")
    .action(async (name: string, flags: PauseFlags) => {
      const { pause } = await import("../commands/pause.ts");
      io.ended(await withApp(program, io, (app) => pause(app, name, flags, io, globals(program))));
    });
  program
    .command("resume <topology>")
    .description("end a pause before its time")
    .action(async (name: string) => {
      const { resume } = await import("../commands/pause.ts");
      io.ended(await withApp(program, io, (app) => resume(app, name, io, globals(program))));
    });
  program
    .command("rescues [topology]")
    .description("images that were kept under a rescue tag before something was put over them")
    .option("--remove <digest>", "remove the rescue tags of this image on every registry of its topology")
    .action(async (name: string | undefined, flags: RescuesFlags) => {
      const { rescues } = await import("../commands/rescues.ts");
      io.ended(await withApp(program, io, (app) => rescues(app, name, flags, io, globals(program))));
    });
}
