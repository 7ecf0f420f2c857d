import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Ran } from "./run-cli.ts";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export interface ChildOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Shell around it: `"$@"` is our command. Without it the program is started directly. */
  readonly shell?: string;
}

export interface Ended extends Ran {
  /** Set when a signal ended it. */
  readonly signal: NodeJS.Signals | null;
  readonly pid: number;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** The built program in a process of its own, for what only a process shows: signals, exit codes, closed pipes. */
export interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves as soon as a line of standard error holds the text. */
  says(text: string): Promise<void>;
}

export function startCli(argv: readonly string[], { environment, shell }: ChildOptions): Child {
  const command = [process.execPath, MAIN, ...argv];
  const [program = "", ...rest] = shell === undefined ? command : ["bash", "-c", shell, "bash", ...command];
  const begun = performance.now();
  const child = spawn(program, rest, { env: { PATH: process.env["PATH"], ...environment } });
  const chunks = { out: "", err: "" };
  const waiting = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (chunks.out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    chunks.err += chunk;
    for (const look of waiting) look();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve({
        code: code ?? -1,
        signal,
        pid: child.pid ?? 0,
        out: lines(chunks.out),
        err: lines(chunks.err),
        text: chunks.out + chunks.err,
        ms: performance.now() - begun,
      }),
    );
  });
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!chunks.err.includes(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`it ended without saying ${text}:\n${chunks.err}`)));
    });
  return { process: child, ended, says };
}

/** Runs it to its end. */
export function cliProcess(argv: readonly string[], options: ChildOptions): Promise<Ended> {
  return startCli(argv, options).ended;
}

function lines(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
