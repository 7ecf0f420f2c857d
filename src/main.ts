#!/usr/bin/env node
import { setMaxListeners } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { setFlagsFromString } from "node:v8";
import { systemClock } from "./clock.ts";
import { run } from "./cli/run.ts";
import { ownEnvironment } from "./config/environment.ts";
import { AppError } from "./errors.ts";

/** After the first signal the current item has this long to end by itself. */
const GRACE_MS = 7_000;
const STOPPED_HINT = "run it again: it goes on from what it finds";
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

// What lives long is little here, and dies with its project. V8 would let it grow to a multiple before it collects; the room is better given to what dies young,
// the pages of listings: that takes a third of the time off a comparison, and less memory (docs/benchmarks.md).
setFlagsFromString("--heap-growing-percent=50");

const { version } = readPackage(createRequire(import.meta.url)("../package.json"));
const ending = new AbortController();
// Every request that is under way listens to it; that is no leak.
setMaxListeners(0, ending.signal);
let stopping = false;
let tellStopped: () => void = () => undefined;
const stopped = new Promise<void>((resolve) => (tellStopped = resolve));

for (const [signal, code] of Object.entries(SIGNALS)) {
  process.on(signal, () => {
    if (stopping) process.exit(code);
    stopping = true;
    process.stderr.write("stopping: finishing what is at hand; once more ends at once\n");
    tellStopped();
    AbortSignal.timeout(GRACE_MS).addEventListener("abort", () =>
      ending.abort(
        new AppError("CANCELLED", "the work was stopped by a signal before its end", { hint: STOPPED_HINT }),
      ),
    );
  });
}

// A reader that closed its end of the pipe, such as head, wants to hear no more: the work goes on to its end, and its exit code stands.
let isOutputLost = false;
process.stderr.on("error", () => undefined);
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (isOutputLost || error.code === "EPIPE") return;
  isOutputLost = true;
  process.exitCode = 1;
  process.stderr.write(`error: the results could not be written: ${error.message}\n`);
});

const code = await run(process.argv.slice(2), {
  version,
  clock: systemClock,
  environment: ownEnvironment(),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  isTerminal: process.stderr.isTTY,
  signal: ending.signal,
  isStopping: () => stopping,
  stopped,
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask: askAtTerminal } : {}),
});
process.exitCode ??= code;

/** One line of an answer; an empty one when the input ends. Rejects with `CANCELLED` when a signal, or Ctrl-C, ends the work. */
async function askAtTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const given = await new Promise<{ readonly answer: string } | "ended" | "stopped">((resolve) => {
    terminal.once("close", () => resolve("ended"));
    // While keys are read Ctrl-C is one of them, and no signal.
    terminal.once("SIGINT", () => resolve("stopped"));
    void stopped.then(() => resolve("stopped"));
    terminal.question(question, (answer) => resolve({ answer }));
  });
  terminal.close();
  if (typeof given === "object") return given.answer;
  // No Enter ended the line of the question.
  process.stderr.write("\n");
  if (given === "ended") return "";
  throw new AppError("CANCELLED", "the question was not answered", { hint: STOPPED_HINT });
}

function readPackage(found: unknown): { version: string } {
  const version: unknown =
    typeof found === "object" && found !== null ? Reflect.get(found, "version") : undefined;
  return { version: typeof version === "string" ? version : "unknown" };
}
