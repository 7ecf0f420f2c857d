import { systemClock } from "../../src/clock.ts";
import { run } from "../../src/cli/run.ts";
import type { Environment } from "../../src/config/substitute.ts";

/** What one command line came to. */
export interface Ran {
  readonly code: number;
  /** Lines of standard output. */
  readonly out: readonly string[];
  /** Lines of standard error. */
  readonly err: readonly string[];
  /** Both, as one text. */
  readonly text: string;
}

export interface Given {
  readonly environment?: Environment;
  /** Already asked to stop. */
  readonly stopping?: boolean;
  /** Somebody sits at the terminal. */
  readonly ask?: (question: string) => Promise<string>;
}

/** Runs a command line inside this process, as `main.ts` would. */
export async function runCli(argv: readonly string[], given: Given = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(argv, {
    version: "0.0.0-test",
    clock: systemClock,
    environment: given.environment ?? {},
    out: (line) => out.push(...line.split("\n")),
    err: (line) => err.push(...line.split("\n")),
    isTerminal: false,
    signal: new AbortController().signal,
    isStopping: () => given.stopping === true,
    stopped: Promise.resolve(),
    ...(given.ask === undefined ? {} : { ask: given.ask }),
  });
  return { code, out, err, text: [...out, ...err].join("\n") };
}

/** The object that `--output json` ends with: on the last line of standard output, whole on that line. */
export function lastJson(ran: Pick<Ran, "out">): Record<string, unknown> {
  const parsed: unknown = JSON.parse(ran.out.at(-1) ?? "");
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw new TypeError("the last line is no object");
  return parsed as Record<string, unknown>;
}

const STACK_LINE = /\n\s+at /;

/** Whether what people see holds where in our code something failed, which they can do nothing with. */
export function showsStack(ran: Pick<Ran, "text">): boolean {
  return STACK_LINE.test(ran.text);
}

/** What `diff` printed of tags of `library/app`: `symbol tag`, in order. */
export function symbols(lines: readonly string[]): string[] {
  return lines
    .flatMap((line) => {
      const found = /^ {2}([=<>!~?+-]) library\/app:(\S+)/.exec(line);
      return found === null ? [] : [`${found[1] ?? ""} ${found[2] ?? ""}`];
    })
    .toSorted();
}
