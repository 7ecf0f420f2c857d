import type { Clock } from "../clock.ts";
import type { Environment } from "../config/substitute.ts";

/** How a command talks to the world: results go to `out`, everything else to `err`. Both take whole lines without the line end. */
export interface CliIo {
  readonly environment: Environment;
  out(line: string): void;
  err(line: string): void;
  /** Standard error is a terminal that may show colours and progress. */
  readonly isTerminal: boolean;
  /** Aborted when work must end now; what is at hand is left for the next run. */
  readonly signal: AbortSignal;
  /** Nothing new is begun once this is true. */
  isStopping(): boolean;
  /** Asks the person at the terminal, and takes one line; undefined where nobody sits there. */
  readonly ask?: (question: string) => Promise<string>;
}

/** What the program needs beside its arguments. */
export interface ProgramIo extends CliIo {
  readonly version: string;
  readonly clock: Clock;
  /** Resolves when the user asked to stop. */
  readonly stopped: Promise<void>;
  /** Told the exit code of the command that ran. */
  ended(code: number): void;
}

export interface GlobalFlags {
  readonly policies?: string;
  readonly output: "table" | "json";
  readonly logLevel?: string;
}
