import type { Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import type { ProgramIo } from "../io.ts";
import { globals } from "./shared-options.ts";

/** Commands that need no declaration. */
export function addOthers(program: Command, io: ProgramIo): void {
  program
    .command("demo")
    .description("two sandbox Harbors, an outage, the gap, the healing, in less than a minute")
    .option("--keep", "leave the sandboxes running until interrupted")
    .action(async (flags: { keep?: boolean }) => {
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
