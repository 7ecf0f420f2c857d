import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** Loaded before the program: the most memory that the process ever had, in kilobytes, as the last line. */
const TELL_PEAK = `data:text/javascript,process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS+"\\n"))`;

export interface Ran {
  readonly ms: number;
  readonly peakMegabytes: number;
  readonly stdout: string;
}

/** Runs Node on what is given, from its start to its end. Exit code 2, "not in step", is none of our concern here. */
export async function runNode(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Ran> {
  const begin = performance.now();
  const { stdout, stderr } = await run(process.execPath, ["--import", TELL_PEAK, ...args], {
    env: environment,
    maxBuffer: 64 * 1024 * 1024,
  });
  const ms = performance.now() - begin;
  const peak = /^peak (\d+)$/m.exec(stderr)?.[1] ?? "0";
  return { ms, peakMegabytes: Number(peak) / 1024, stdout };
}

/** The shipped program, as users run it. */
export function runTidelock(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ran> {
  return runNode([PROGRAM, ...args], environment);
}
