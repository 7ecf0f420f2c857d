import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../clock.ts";
import { compose, type App } from "../../compose.ts";
import { AppError } from "../../errors.ts";
import { countFindings, findingsOf, type PassReport } from "../../reconcile/report.ts";
import { EXIT } from "../exit-codes.ts";
import type { GlobalFlags, ProgramIo } from "../io.ts";
import { contentLines } from "../render/content.ts";
import { healedTags, passLines } from "../render/pass.ts";
import { startDemoWorld, type DemoWorld } from "./demo-world.ts";
import { chosenTopologies, runPasses } from "./passes.ts";

const LOOK = { configure: false, compare: true, heal: false, dryRun: true, prune: false };
const ACT = { configure: true, compare: true, heal: true, dryRun: false, prune: false };
/** Long enough for Harbor's own copies of three images; a failure of it is told, not waited out. */
const IN_STEP_TRIES = 100;
const TRY_EVERY_MS = 100;

export interface DemoFlags {
  readonly kind: "replication" | "cluster";
  /** Of a cluster. */
  readonly fault?: string;
  readonly keep?: boolean;
}

/** Sandboxes, declared and worked on by the same code as real Harbors. */
export async function demo(flags: DemoFlags, io: ProgramIo, global: GlobalFlags): Promise<number> {
  if (flags.kind === "cluster") {
    const { demoCluster } = await import("./demo-cluster.ts");
    return await demoCluster(flags, io, global);
  }
  if (flags.fault === undefined) return await demoReplication(flags, io, global);
  throw new AppError("USAGE", "--fault belongs to --kind cluster", {
    hint: "tidelock demo --kind cluster --fault list",
  });
}

/** An outage in a minute: two sandboxes, the gap, its healing. */
async function demoReplication(
  flags: Pick<DemoFlags, "keep">,
  io: ProgramIo,
  { output }: GlobalFlags,
): Promise<number> {
  const begin = systemClock.monotonic();
  const folder = await mkdtemp(join(tmpdir(), "tidelock-demo-"));
  const world = await startDemoWorld();
  const say = (line: string): void => (output === "json" ? io.err(line) : io.out(line));
  try {
    const policies = join(folder, "policies.yaml");
    await writeFile(policies, declaration(world), { mode: 0o600 });
    const app = await compose({
      environment: { ...io.environment, TIDELOCK_STATE: join(folder, "tidelock.db") },
      flags: { policies, output, logLevel: "error" },
      err: (line) => io.err(line),
    });
    const told = await tell(app, world, io, say).finally(() => app[Symbol.asyncDispose]());
    const seconds = Math.round((systemClock.monotonic() - begin) / 100) / 10;
    say(told.proven ? `\nDone in ${seconds} s: in step and proven.` : `\nNot proven after ${seconds} s.`);
    if (flags.keep === true) await keep(world, policies, io, say);
    if (output === "json") io.out(JSON.stringify({ ...told, seconds }));
    return told.proven ? EXIT.ok : EXIT.error;
  } finally {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Told {
  readonly gap: { readonly missing: number; readonly stale: number; readonly deleted: number };
  readonly healed: number;
  readonly proven: boolean;
}

async function tell(app: App, world: DemoWorld, io: ProgramIo, say: (line: string) => void): Promise<Told> {
  const show = (lines: readonly string[]): void => lines.forEach((line) => say(`    ${line}`));
  say(
    `1. Two Harbors: a at ${world.a.url} and b at ${world.b.url}, declared as a dual-master. Tidelock configures them:`,
  );
  const quiet = { ...io, err: () => undefined };
  const pass = async (options: typeof LOOK): Promise<PassReport> => {
    const [report] = await runPasses(app, chosenTopologies(app, undefined), options, quiet);
    if (report === undefined) throw new Error("the demo declares one topology");
    return report;
  };
  show(passLines(await pass(ACT)));
  say("\n2. Three images are pushed to a. Harbor itself copies them to b:");
  world.pushBefore();
  show(compared(await untilInStep(app, () => pass(LOOK))));
  say("\n3. a goes down. b takes the traffic: a new tag, a moved tag, a deletion.");
  await world.outage();
  say("   a is back. Harbor does nothing about it, and says that all is healthy. Tidelock finds the gap:");
  const gap = await pass(LOOK);
  show(compared(gap));
  say("\n4. Tidelock brings exactly that over, from b to a, and reads both sides again:");
  const healed = await pass(ACT);
  show(passLines(healed));
  say("\n5. A second run has nothing to do:");
  const again = await pass(ACT);
  show(passLines(again));
  const counts = countFindings(findingsOf(gap.content));
  return {
    gap: { missing: counts.missing ?? 0, stale: counts.stale ?? 0, deleted: counts.deleted ?? 0 },
    healed: healedTags(healed),
    proven: healed.proven && again.proven && again.remedies.length === 0,
  };
}

function compared({ topology, content, finishedAt }: PassReport): string[] {
  return content === undefined ? [] : contentLines(topology, content, finishedAt);
}

async function untilInStep(app: App, look: () => Promise<PassReport>): Promise<PassReport> {
  let report = await look();
  for (let i = 0; i < IN_STEP_TRIES && !isCopied(report); i += 1) {
    await app.clock.sleep(TRY_EVERY_MS);
    report = await look();
  }
  return report;
}

function isCopied({ content }: PassReport): boolean {
  const pairs = content?.pairs ?? [];
  return pairs.every(({ tags, inStep }) => tags > 0 && tags === inStep);
}

async function keep(
  world: DemoWorld,
  policies: string,
  io: ProgramIo,
  say: (line: string) => void,
): Promise<void> {
  say(`\nThe sandboxes go on running: a at ${world.a.url}, b at ${world.b.url} (admin, ${world.password}).`);
  say(`Declared in ${policies}. Interrupt to end them.`);
  await io.stopped;
}

function declaration({ a, b, password }: DemoWorld): string {
  return `apiVersion: tidelock/v1
registries:
  a: { url: "${a.url}", username: admin, password: "${password}" }
  b: { url: "${b.url}", username: admin, password: "${password}" }
topologies:
  - name: demo
    kind: dual-master
    registries: [a, b]
    content: { projects: [library] }
`;
}
