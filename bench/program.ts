import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const BARE = fileURLToPath(new URL("bare.mjs", import.meta.url));

/** Loaded before the program: the most memory that the process ever had, in kilobytes, and its processor time, in microseconds, as the last line. */
const TELL_COST = `data:text/javascript,process.on("exit",()=>{const u=process.resourceUsage();process.stderr.write("\\ncost "+u.maxRSS+" "+(u.userCPUTime+u.systemCPUTime)+"\\n")})`;

export interface Ran {
  readonly ms: number;
  /** Of the processor, user and system: on a machine that others use too it says more than the clock. */
  readonly cpuMs: number;
  readonly peakMegabytes: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Given {
  readonly environment?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  /** Node itself unless named. */
  readonly program?: string;
}

/** Runs a program from its start to its end. Exit code 2 of Tidelock, "not in step", is none of our concern here; more is. */
async function run(args: readonly string[], { environment, stdin, program }: Given = {}): Promise<Ran> {
  const begin = performance.now();
  const child = spawn(program ?? process.execPath, [...args], { env: { ...process.env, ...environment } });
  const [out, err] = [child.stdout, child.stderr].map((stream) => {
    const parts: Buffer[] = [];
    stream.on("data", (part: Buffer) => parts.push(part));
    return () => Buffer.concat(parts).toString("utf8");
  });
  child.stdin.end(stdin ?? "");
  const [code] = (await once(child, "close")) as [number | null];
  const ms = performance.now() - begin;
  const stderr = err?.() ?? "";
  if (code !== 0 && code !== 2)
    throw new Error(`${args.join(" ")} ended with ${code}: ${stderr.slice(-500)}`);
  const [, peak = "0", cpu = "0"] = /^cost (\d+) (\d+)$/m.exec(stderr) ?? [];
  return {
    ms,
    cpuMs: Number(cpu) / 1000,
    peakMegabytes: Number(peak) / 1024,
    stdout: out?.() ?? "",
    stderr,
  };
}

export function runNode(args: readonly string[], given?: Given): Promise<Ran> {
  return run(["--import", TELL_COST, ...args], given);
}

/** The shipped program, as users run it. */
export function runTidelock(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ran> {
  return runNode([PROGRAM, ...args], environment === undefined ? {} : { environment });
}

/** What is asked of each side, over connections that stay open. */
export interface Asking {
  readonly method: "GET" | "HEAD";
  /** `name:password` */
  readonly user: string;
  readonly atOnce: number;
  readonly sides: readonly { readonly url: string; readonly paths: readonly string[] }[];
}

/** Asks with Node's own client; see bare.mjs. */
export function runBare(asking: Asking): Promise<Ran> {
  return runNode([BARE], { stdin: JSON.stringify(asking) });
}

export function runOther(program: string, args: readonly string[]): Promise<Ran> {
  return run(args, { program });
}
