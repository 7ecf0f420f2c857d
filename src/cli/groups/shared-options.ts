import { InvalidArgumentError, Option, type Command } from "commander";
import type { App, ComposeOptions } from "../../compose.ts";
import type { GlobalFlags, ProgramIo } from "../io.ts";

/** Says what `--only` takes. */
export const ONLY = "a topology; may be given several times (default: all)";

/** The option `--guard`. */
export function guard(): Option {
  return new Option("--guard <guard>", "withhold more of the plan").choices(["create-only", "no-delete"]);
}

/** The option `--depth`. */
export function depth(): Option {
  const text = "compare digests, or read the bytes that are served too";
  return new Option("--depth <depth>", text).choices(["digest", "bytes"]);
}

/** The option `--sample`: its value is a share, more than 0 and at most 1. */
export function sample(): Option {
  const text = "with --depth bytes: read so much of all images (as in 5%), another part each day";
  return new Option("--sample <share>", text).argParser((share: string) => {
    const percent = /^\d+(?:\.\d+)?%$/.test(share) ? Number(share.slice(0, -1)) : Number.NaN;
    if (percent > 0 && percent <= 100) return percent / 100;
    throw new InvalidArgumentError("write a percentage above 0, as in 5%");
  });
}

/** The options that stand before every command. */
export function globals(program: Command): GlobalFlags {
  return program.opts<GlobalFlags>();
}

/** Does the work of a command with all its adapters, and closes them after it. */
export async function withApp(
  program: Command,
  io: ProgramIo,
  work: (app: App) => Promise<number>,
  options: Pick<ComposeOptions, "given" | "topologiesOptional"> = {},
): Promise<number> {
  const { compose } = await import("../../compose.ts");
  const app = await compose({
    environment: io.environment,
    flags: globals(program),
    err: (line) => io.err(line),
    ...options,
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

/** Gathers an option that may be given several times. */
export function collect(value: string, previous: string[] | undefined): string[] {
  if (value === "") throw new InvalidArgumentError("it is empty");
  return [...(previous ?? []), value];
}
