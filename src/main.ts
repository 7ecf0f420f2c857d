#!/usr/bin/env node
import { createRequire } from "node:module";
import { run } from "./cli/run.ts";
import { processEnvironment } from "./config/environment.ts";

/** After the first signal the current item has this long to end by itself. */
const GRACE_MS = 8_000;
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

const { version } = readPackage(createRequire(import.meta.url)("../package.json"));
const ending = new AbortController();
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
      ending.abort(new Error("stopped by a signal")),
    );
  });
}

// A reader that closed its end of the pipe, such as head, wants no more: that is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const code = await run(process.argv.slice(2), {
  version,
  environment: processEnvironment(),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  isTerminal: process.stderr.isTTY,
  signal: ending.signal,
  isStopping: () => stopping,
  stopped,
});
process.exitCode = code;

function readPackage(found: unknown): { version: string } {
  const version: unknown =
    typeof found === "object" && found !== null ? Reflect.get(found, "version") : undefined;
  return { version: typeof version === "string" ? version : "unknown" };
}
