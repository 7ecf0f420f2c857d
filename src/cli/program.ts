import { Command, InvalidArgumentError, Option } from "commander";
import type { App } from "../compose.ts";
import type { ReconcileFlags } from "./commands/reconcile.ts";
import type { PlanFlags } from "./commands/plan.ts";
import { EXIT } from "./exit-codes.ts";
import type { GlobalFlags, ProgramIo } from "./io.ts";

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
  addOthers(program, io);
  return program;
}

const ONLY = "a topology; may be given several times (default: all)";

function addLooking(program: Command, io: ProgramIo): void {
  program
    .command("validate")
    .description("read everything declared and report every mistake")
    .action(async () => {
      const { validate } = await import("./commands/validate.ts");
      io.ended(await validate(io, globals(program)));
    });
  program
    .command("plan")
    .description("configuration: declared against found; writes nothing")
    .option("--only <topology>", ONLY, collect)
    .option("--prune", "show what pruning would delete")
    .addOption(guard())
    .action(async (flags: PlanFlags) => {
      const { plan } = await import("./commands/plan.ts");
      io.ended(await withApp(program, io, (app) => plan(app, flags, io, globals(program))));
    });
  program
    .command("diff")
    .description("content: one line for each tag that is not in step; writes nothing")
    .option("--only <topology>", ONLY, collect)
    .option("--all", "show tags that are in step too")
    .option("--stats", "show how many requests it took")
    .action(async (flags: { only?: string[]; all?: boolean; stats?: boolean }) => {
      const { diff } = await import("./commands/diff.ts");
      io.ended(await withApp(program, io, (app) => diff(app, flags, io, globals(program))));
    });
  program
    .command("health")
    .description("the cron job: read-only, one line a topology in the words of Nagios")
    .option("--only <topology>", ONLY, collect)
    .action(async (flags: { only?: string[] }) => {
      const { health, unknown } = await import("./commands/health.ts");
      try {
        io.ended(await withApp(program, io, (app) => health(app, flags, io, globals(program))));
      } catch (thrown) {
        io.ended(unknown(thrown, io, globals(program)));
      }
    });
  program
    .command("status")
    .description("what the store knows: last passes and outages; asks no Harbor")
    .action(async () => {
      const { status } = await import("./commands/status.ts");
      io.ended(await withApp(program, io, (app) => status(app, io, globals(program))));
    });
}

function guard(): Option {
  return new Option("--guard <guard>", "withhold more of the plan").choices(["create-only", "no-delete"]);
}

function addActing(program: Command, io: ProgramIo): void {
  const remedy = (): Option =>
    new Option("--remedy <remedy>", "how to heal, for this run").choices([
      "auto",
      "scoped",
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
    .option("--prune", "delete objects of ours that are declared no longer")
    .addOption(guard())
    .action(async (flags: ReconcileFlags) => {
      const { reconcile } = await import("./commands/reconcile.ts");
      io.ended(await withApp(program, io, (app) => reconcile(app, flags, io, globals(program))));
    });
  program
    .command("heal")
    .description("content only: compare, heal, prove")
    .option("--only <topology>", ONLY, collect)
    .option("--dry-run", "show what would be healed; write nothing")
    .addOption(remedy())
    .action(async (flags: ReconcileFlags) => {
      const { heal } = await import("./commands/reconcile.ts");
      io.ended(await withApp(program, io, (app) => heal(app, flags, io, globals(program))));
    });
  program
    .command("daemon")
    .description("all of it for ever: on schedule, when a registry returns, when an execution fails")
    .action(async () => {
      const { daemon } = await import("./commands/daemon.ts");
      io.ended(await withApp(program, io, (app) => daemon(app, io, globals(program))));
    });
}

function addOthers(program: Command, io: ProgramIo): void {
  program
    .command("demo")
    .description("two sandbox Harbors, an outage, the gap, the healing, in less than a minute")
    .option("--keep", "leave the sandboxes running until interrupted")
    .action(async (flags: { keep?: boolean }) => {
      const { demo } = await import("./commands/demo.ts");
      io.ended(await demo(flags, io, globals(program)));
    });
  program
    .command("schema")
    .description("the JSON Schema of the declarations, for editors")
    .action(async () => {
      const { jsonSchema } = await import("../config/schema/document.ts");
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

function globals(program: Command): GlobalFlags {
  return program.opts<GlobalFlags>();
}

async function withApp(
  program: Command,
  io: ProgramIo,
  work: (app: App) => Promise<number>,
): Promise<number> {
  const { compose } = await import("../compose.ts");
  const app = await compose({
    environment: io.environment,
    flags: globals(program),
    err: (line) => io.err(line),
  });
  try {
    mentionWarnings(app.warnings.length, io);
    return await work(app);
  } finally {
    await app[Symbol.asyncDispose]();
  }
}

/** The full text is for `validate`: a cron job would repeat it every minute. */
function mentionWarnings(count: number, io: ProgramIo): void {
  if (count === 0) return;
  io.err(`${count === 1 ? "a warning" : `${count} warnings`} about what is declared: see tidelock validate`);
}

function collect(value: string, previous: string[] | undefined): string[] {
  if (value === "") throw new InvalidArgumentError("it is empty");
  return [...(previous ?? []), value];
}
