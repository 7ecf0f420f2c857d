import type { Command } from "commander";
import type { DiffFlags } from "../commands/diff.ts";
import type { PlanFlags } from "../commands/plan.ts";
import type { ProgramIo } from "../io.ts";
import { collect, depth, globals, guard, ONLY, sample, withApp } from "./shared-options.ts";

/** Commands that read and write nothing. */
export function addLooking(program: Command, io: ProgramIo): void {
  program
    .command("validate")
    .description("read everything declared and report every mistake")
    .action(async () => {
      const { validate } = await import("../commands/validate.ts");
      io.ended(await validate(io, globals(program)));
    });
  program
    .command("plan")
    .description("configuration: declared against found; writes nothing")
    .option("--only <topology>", ONLY, collect)
    .option("--prune", "show what pruning would delete")
    .addOption(guard())
    .action(async (flags: PlanFlags) => {
      const { plan } = await import("../commands/plan.ts");
      io.ended(await withApp(program, io, (app) => plan(app, flags, io, globals(program))));
    });
  program
    .command("diff")
    .description("content: one line for each tag that is not in step; writes nothing")
    .option("--only <topology>", ONLY, collect)
    .option("--all", "show tags that are in step too")
    .option("--stats", "show how many requests it took")
    .addOption(depth())
    .addOption(sample())
    .action(async (flags: DiffFlags) => {
      const { diff } = await import("../commands/diff.ts");
      io.ended(await withApp(program, io, (app) => diff(app, flags, io, globals(program))));
    });
  program
    .command("health")
    .description("the cron job: read-only, one line a topology in the words of Nagios")
    .option("--only <topology>", ONLY, collect)
    .action(async (flags: { only?: string[] }) => {
      const { health, unknown } = await import("../commands/health.ts");
      try {
        io.ended(await withApp(program, io, (app) => health(app, flags, io, globals(program))));
      } catch (thrown) {
        io.ended(unknown(thrown, io, globals(program)));
      }
    });
  program
    .command("status")
    .description("what the store knows: last passes, what is open, outages; asks no Harbor")
    .action(async () => {
      const { status } = await import("../commands/status.ts");
      io.ended(await withApp(program, io, (app) => status(app, io, globals(program))));
    });
  addRemembered(program, io);
}

/** What the store remembers of the past. */
function addRemembered(program: Command, io: ProgramIo): void {
  program
    .command("incidents")
    .description("outages, gaps and faults with their lives, newest first; asks no Harbor")
    .option("--limit <count>", "as many at most (default: 20)")
    .action(async (flags: { limit?: string }) => {
      const { incidents } = await import("../commands/incidents.ts");
      io.ended(await withApp(program, io, (app) => incidents(app, flags, io, globals(program))));
    });
  program
    .command("incident <number>")
    .description("one incident as Markdown: opened, evidence, remedies tried, proof, closed")
    .action(async (number: string) => {
      const { incident } = await import("../commands/incidents.ts");
      io.ended(await withApp(program, io, (app) => incident(app, number, io, globals(program))));
    });
}
