import { InvalidArgumentError, Option, type Command } from "commander";
import type { ProbeFlags } from "../commands/probe.ts";
import type { ReconcileFlags } from "../commands/reconcile.ts";
import type { ProgramIo } from "../io.ts";
import { collect, depth, globals, guard, ONLY, sample, withApp } from "./shared-options.ts";

/** Commands that write to Harbors. */
export function addActing(program: Command, io: ProgramIo): void {
  const remedy = (): Option =>
    new Option("--remedy <remedy>", "how to heal, for this run").choices([
      "auto",
      "scoped",
      "touch",
      "retrigger",
      "toggle",
    ]);
  program
    .command("reconcile")
    .description("the one-shot: configure, compare, heal, prove")
    .option("--only <topology>", ONLY, collect)
    .option("--dry-run", "show what would be done; write nothing")
    .option("--no-heal", "configure and compare only")
    .addOption(remedy())
    .addOption(depth())
    .addOption(sample())
    .option("--prune", "delete objects of ours that are declared no longer")
    .addOption(guard())
    .action(async (flags: ReconcileFlags) => {
      const { reconcile } = await import("../commands/reconcile.ts");
      io.ended(await withApp(program, io, (app) => reconcile(app, flags, io, globals(program))));
    });
  program
    .command("heal")
    .description("content only: compare, heal, prove")
    .option("--only <topology>", ONLY, collect)
    .option("--dry-run", "show what would be healed; write nothing")
    .addOption(remedy())
    .addOption(depth())
    .addOption(sample())
    .action(async (flags: ReconcileFlags) => {
      const { heal } = await import("../commands/reconcile.ts");
      io.ended(await withApp(program, io, (app) => heal(app, flags, io, globals(program))));
    });
  addProbe(program, io);
  program
    .command("daemon")
    .description("all of it for ever: on schedule, when a registry returns, when an execution fails")
    .action(async () => {
      const { daemon } = await import("../commands/daemon.ts");
      io.ended(await withApp(program, io, (app) => daemon(app, io, globals(program))));
    });
}

/** Probing a cluster means pushing through one node and reading through the others. */
function addProbe(program: Command, io: ProgramIo): void {
  program
    .command("probe [topology...]")
    .description("clusters over shared storage: prove that each node serves what any node took")
    .addOption(
      new Option("--form <form>", "small: content, tokens, uploads; full: everything")
        .choices(["small", "full"])
        .default("full"),
    )
    .addOption(
      new Option("--rounds <count>", "images each way between two nodes, 1 to 20").argParser(
        (text: string) => {
          if (/^([1-9]|1\d|20)$/.test(text)) return Number(text);
          throw new InvalidArgumentError("write a whole number from 1 to 20");
        },
      ),
    )
    .action(async (names: string[], flags: ProbeFlags) => {
      const { probe } = await import("../commands/probe.ts");
      io.ended(await withApp(program, io, (app) => probe(app, names, flags, io, globals(program))));
    });
}
