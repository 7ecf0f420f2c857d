/**
 * Speed and memory as ratios of things measured in the same run, so that a slow or busy machine changes little. Never a test:
 * a number that decides whether a build is good would have to allow for the worst machine.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { askAll } from "./bare.ts";
import { runNode, runTidelock, type Ran } from "./program.ts";
import type { Asked, Served } from "./world.ts";

/** What Tidelock asks one registry at once, by default. */
const AT_ONCE = 4;
const HEADS_MEASURED = 2_000;
const STARTS_MEASURED = 9;

const rows: [string, string, string][] = [];
const note = (what: string, measured: string, wanted = ""): void => {
  rows.push([what, measured, wanted]);
  process.stderr.write(`${what}: ${measured}\n`);
};

const folder = await mkdtemp(join(tmpdir(), "tidelock-bench-"));
const world = fork(fileURLToPath(new URL("world.ts", import.meta.url)));
try {
  const served = await message<Served>(world);
  await measureComparing(served);
  await measureStarts();
  print();
} finally {
  world.disconnect();
  await rm(folder, { recursive: true, force: true });
}

async function measureComparing(served: Served): Promise<void> {
  const { urls, password, artifacts } = served;
  const policies = join(folder, "policies.yaml");
  await writeFile(policies, declaration(served));
  const environment = { ...process.env, TIDELOCK_STATE: join(folder, "tidelock.db") };
  const diff = (): Promise<Ran> =>
    runTidelock(["--policies", policies, "--output", "json", "diff"], environment);

  const cold = await diff();
  assertInStep(cold, artifacts);
  await asked();
  const warm = await diff();
  assertInStep(warm, artifacts);
  const pages = await asked();

  const bare = await timed(() =>
    Promise.all(pages.map((paths, side) => askAll("GET", addresses(urls[side], paths), password, AT_ONCE))),
  );
  const heads = await timed(() =>
    Promise.all(urls.map((url) => askAll("HEAD", someTags(url), password, AT_ONCE))),
  );
  await asked();
  const allHeads = (heads / HEADS_MEASURED) * artifacts;
  const requests = pages[0].length;

  note("artifacts a side", String(artifacts));
  note("comparing, base cold", seconds(cold.ms));
  note("comparing, base warm", seconds(warm.ms));
  note("the same pages, bare", seconds(bare));
  note("comparing / bare", ratio(warm.ms, bare), "≤ 1.3");
  note("requests a side", String(requests));
  note("one HEAD a tag / our requests", ratio(artifacts, requests));
  note("one HEAD a tag (from a part)", seconds(allHeads));
  note("one HEAD a tag / comparing", ratio(allHeads, warm.ms));
  note("most memory, base cold", `${Math.round(cold.peakMegabytes)} MB`, "≤ 200 MB");
  note("most memory, base warm", `${Math.round(warm.peakMegabytes)} MB`, "≤ 200 MB");
}

async function measureStarts(): Promise<void> {
  const bare: number[] = [];
  const help: number[] = [];
  for (let i = 0; i < STARTS_MEASURED; i += 1) {
    bare.push((await runNode(["-e", "0"])).ms);
    help.push((await runTidelock(["--help"])).ms);
  }
  note("start of Node alone", `${Math.round(median(bare))} ms`);
  note("tidelock --help over that", `${Math.round(median(help) - median(bare))} ms`, "≤ 150 ms");
}

function declaration({ urls: [a, b], password }: Served): string {
  const account = `username: admin, password: "${password}"`;
  return `apiVersion: tidelock/v1
registries:
  a: { url: "${a}", ${account} }
  b: { url: "${b}", ${account} }
topologies:
  - { name: bench, kind: dual-master, registries: [a, b], content: { projects: ["bench*"] } }
`;
}

function assertInStep({ stdout }: Ran, artifacts: number): void {
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  const { topologies } = JSON.parse(last) as { topologies: { verdict: string; inStep: number }[] };
  const [found] = topologies;
  if (found?.verdict === "in-step" && found.inStep === artifacts) return;
  throw new Error(`not in step, so nothing was measured: ${last.slice(0, 300)}`);
}

/** What both sides were asked since the last time. */
async function asked(): Promise<Asked> {
  world.send("requests");
  return await message<Asked>(world);
}

async function message<T>(from: ChildProcess): Promise<T> {
  const [received] = (await once(from, "message")) as [T];
  return received;
}

function addresses(url: string | undefined, paths: readonly string[]): string[] {
  return paths.map((path) => `${url ?? ""}${path}`);
}

/** Tags of the first repositories, as the registry side names them. */
function someTags(url: string): string[] {
  return Array.from(
    { length: HEADS_MEASURED },
    (_, i) => `${url}/v2/bench0/repo${Math.floor(i / 200)}/manifests/v${i % 200}`,
  );
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function median(values: readonly number[]): number {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? 0;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function ratio(over: number, under: number): string {
  return `${(over / under).toFixed(over > 10 * under ? 0 : 2)} ×`;
}

function print(): void {
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  process.stdout.write("\n");
  for (const [what, measured, wanted] of rows) {
    const line = `${what.padEnd(width(0))}  ${measured.padStart(width(1))}  ${wanted}`;
    process.stdout.write(`${line.trimEnd()}\n`);
  }
}
