import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LiveAccess, LivePair } from "./live-environment.ts";
import { until } from "./until.ts";

/** The shipped program; `npm run test:live` builds it. */
const PROGRAM = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** How a run of the program ended. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** One topology in the last line of `--output json`. */
export interface TopologyJson {
  readonly name: string;
  readonly verdict: string;
  readonly proven: boolean;
  readonly healed: number;
  readonly before: Readonly<Record<string, number>> | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly actions: readonly { readonly kind: string; readonly registry: string; readonly outcome: string }[];
  readonly findings: readonly FindingJson[];
  readonly content: {
    readonly counts: Readonly<Record<string, number>>;
    readonly findings: readonly FindingJson[];
  };
  readonly configuration: Pick<TopologyJson, "actions"> & {
    readonly settled: boolean;
    readonly findings: readonly { readonly kind: string; readonly message: string }[];
  };
  readonly remedies: readonly {
    readonly kind: string;
    readonly result: string;
    readonly repository: string | null;
  }[];
}

export interface FindingJson {
  readonly kind: string;
  readonly repository: string;
  readonly tag: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly notice: boolean;
  readonly reason: string;
}

/** A running program that may be killed. */
export interface Running {
  readonly child: ChildProcess;
  /** What it wrote to standard error so far. */
  err(): string;
  readonly ended: Promise<Ran>;
}

/** A folder with a declaration and a store of its own. */
export interface Tidelock extends AsyncDisposable {
  run(...args: readonly string[]): Promise<Ran>;
  /** Runs with `--output json`; gives the first topology of the last line too. */
  json(...args: readonly string[]): Promise<Ran & { readonly topology: TopologyJson }>;
  start(...args: readonly string[]): Running;
  /** Waits until no tag is too young to be judged. */
  judged(): Promise<void>;
  /** Throws the store away, as if this were the first contact. */
  forget(): Promise<void>;
}

export interface LiveLogin {
  readonly user: string;
  readonly password: string;
}

export interface Declaration {
  /** YAML of one topology, as the entries of its mapping, indented by four. */
  readonly topology: string;
  /** YAML of the settings, indented by two. */
  readonly settings?: string;
  readonly passwords?: Partial<Record<"a" | "b", string>>;
  readonly users?: Partial<Record<"a" | "b", string>>;
  /** What the other one logs in with, where that is not the same account. */
  readonly replication?: LiveLogin | { readonly a: LiveLogin; readonly b: LiveLogin };
}

/** Declares the two Harbors and a topology as a user does: a file, and passwords in the environment. */
export async function declare(pair: LivePair, declaration: Declaration): Promise<Tidelock> {
  const folder = await mkdtemp(join(tmpdir(), "tidelock-live-"));
  const policies = join(folder, "policies.yaml");
  const state = join(folder, "state", "tidelock.db");
  await writeFile(policies, declarationText(pair, declaration));
  const environment = {
    ...process.env,
    TIDELOCK_STATE: state,
    LIVE_PASSWORD_A: declaration.passwords?.a ?? pair.a.password,
    LIVE_PASSWORD_B: declaration.passwords?.b ?? pair.b.password,
    LIVE_REPLICATION_A: replicationOf(declaration, "a")?.password ?? "",
    LIVE_REPLICATION_B: replicationOf(declaration, "b")?.password ?? "",
  };
  const start: Tidelock["start"] = (...args) => spawnProgram(["--policies", policies, ...args], environment);
  const json: Tidelock["json"] = async (...args) => {
    const ran = await start("--output", "json", ...args).ended;
    return { ...ran, topology: lastLine(ran) };
  };
  return {
    start,
    run: (...args) => start(...args).ended,
    json,
    judged: async () => {
      await until("no tag is in flight", async () => !("in-flight" in (await json("diff")).topology.counts));
    },
    forget: () => rm(join(folder, "state"), { recursive: true, force: true }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function replicationOf({ replication }: Declaration, name: "a" | "b"): LiveLogin | undefined {
  return replication === undefined || "user" in replication ? replication : replication[name];
}

function declarationText({ a, b }: LivePair, declaration: Declaration): string {
  const { topology, settings, users } = declaration;
  const others = (name: "a" | "b"): string => {
    const login = replicationOf(declaration, name);
    return login === undefined
      ? ""
      : `, replicationAccount: { username: "${login.user}", password: "\${LIVE_REPLICATION_${name.toUpperCase()}}" }`;
  };
  const registry = ({ name, url, user, endpoint }: LiveAccess): string =>
    `  ${name}: { url: "${url}", endpointUrl: "${endpoint}", username: "${users?.[name] ?? user}", password: "\${LIVE_PASSWORD_${name.toUpperCase()}}"${others(name)} }`;
  return [
    "apiVersion: tidelock/v1",
    "registries:",
    registry(a),
    registry(b),
    "topologies:",
    `  - ${topology.trim()}`,
    ...(settings === undefined ? [] : ["settings:", `  ${settings.trim()}`]),
    "",
  ].join("\n");
}

/** Runs the shipped program to its end. */
export function runProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return spawnProgram(args, env).ended;
}

function spawnProgram(args: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
  return { child, err: () => err, ended };
}

function lastLine({ code, out, err }: Ran): TopologyJson {
  const line = out.trimEnd().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`no JSON came, exit code ${String(code)}: ${out}${err}`);
  const [topology] = (JSON.parse(line) as { topologies: TopologyJson[] }).topologies;
  if (topology === undefined) throw new Error(`no topology in ${line}`);
  return topology;
}
