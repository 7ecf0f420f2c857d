import { Option, type Command } from "commander";
import type { DemoFlags } from "../commands/demo.ts";
import { EXIT } from "../exit-codes.ts";
import type { ProgramIo } from "../io.ts";
import { globals } from "./shared-options.ts";

/** Commands that need no declaration. */
export function addOthers(program: Command, io: ProgramIo): void {
  program
    .command("demo")
    .description("sandbox Harbors: an outage and its healing, or a cluster with a fault and its probe")
    .addOption(
      new Option("--kind <kind>", "what to show").choices(["replication", "cluster"]).default("replication"),
    )
    .option("--fault <name>", "of a cluster: what is wrong with it; list prints the names")
    .option("--keep", "leave the sandboxes running until interrupted")
    .action(async (flags: DemoFlags) => {
      const { demo } = await import("../commands/demo.ts");
      io.ended(await demo(flags, io, globals(program)));
    });
  program
    .command("schema")
    .description("the JSON Schema of the declarations, for editors")
    .action(async () => {
      const { jsonSchema } = await import("../../config/schema/document.ts");
      io.out(JSON.stringify(jsonSchema(), null, globals(program).output === "json" ? 0 : 2));
      io.ended(EXIT.ok);
    });
  program
    .command("version")
    .description("of Tidelock")
    .action(() => {
      io.out(globals(program).output === "json" ? JSON.stringify({ version: io.version }) : io.version);
      io.ended(EXIT.ok);
    });
}
