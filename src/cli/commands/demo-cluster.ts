import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../clock.ts";
import { FAULTS, type FaultName } from "../../cluster/faults.ts";
import type { ProbeReport } from "../../cluster/report.ts";
import { compose } from "../../compose.ts";
import { AppError } from "../../errors.ts";
import { EXIT } from "../exit-codes.ts";
import type { GlobalFlags, ProgramIo } from "../io.ts";
import { verdictLines } from "../render/verdict.ts";
import { startClusterWorld, type ClusterWorld } from "./demo-cluster-world.ts";
import { chosenClusters, probeTopology } from "./probes.ts";

/** What is done to the last node, in the words of who did it. */
const DEEDS: Readonly<Record<FaultName, string>> = {
  "token-key": "n2 signs its tokens with a private key of its own",
  secretkey: "n2 encrypts the passwords that it stores with a key of its own",
  storage: "n2 keeps its images on its own disk",
  "storage-stale": "n2 keeps its images on a disk that is copied from the others' now and then",
  redis: "n2 has a Redis of its own",
  "upload-secret": "the registry of n2 signs the state of uploads with a secret of its own",
  "job-secret": "the jobservice of n2 has another secret than the others",
  "csrf-key": "n2 has a key of its own against forged requests",
  database: "n2 has a database of its own",
  clock: "the clock of n2 is ten minutes ahead",
  "core-down": "the core of n2 has died",
  "registry-down": "the registry of n2 has died",
  "jobservice-down": "the jobservice of n2 has died",
  "registryctl-down": "the registryctl of n2 has died",
  version: "n2 was upgraded, and the others were not",
  realm: "n2 sends clients for their tokens to an address that is gone",
};

/** Times that fit sandboxes: no lock-out to keep away from, no storage that is slow by itself. */
const LIMITS = { rounds: 1, pingGapMs: 60, executions: 5, healthLagMs: 500 };

/** A cluster that is sound, or has one fault, and what a probe says of it. Exit code 0 if that is what was done to it. */
export async function demoCluster(
  { fault, keep }: { readonly fault?: string; readonly keep?: boolean },
  io: ProgramIo,
  { output }: GlobalFlags,
): Promise<number> {
  if (fault === "list") {
    for (const name of FAULTS) io.out(name);
    return EXIT.ok;
  }
  const wanted = fault === undefined ? undefined : knownFault(fault);
  const begin = systemClock.monotonic();
  const folder = await mkdtemp(join(tmpdir(), "tidelock-demo-"));
  const world = await startClusterWorld();
  const say = (line: string): void => (output === "json" ? io.err(line) : io.out(line));
  try {
    const policies = join(folder, "policies.yaml");
    await writeFile(policies, declaration(world), { mode: 0o600 });
    const report = await tell({ world, policies, folder, wanted, say }, io);
    const seconds = Math.round((systemClock.monotonic() - begin) / 100) / 10;
    const found = report.verdict.faults.map(({ name }) => name);
    const isRight = found.join() === (wanted ?? "");
    say(`\nDone in ${seconds} s: ${isRight ? "named as it is" : "not what was done"}.`);
    if (keep === true) {
      say(`The sandboxes go on running, declared in ${policies}. Interrupt to end them.`);
      await io.stopped;
    }
    if (output === "json") {
      const untested = report.verdict.untested.map(({ name }) => name);
      io.out(JSON.stringify({ sound: report.verdict.sound, faults: found, untested, seconds }));
    }
    return isRight ? EXIT.ok : EXIT.error;
  } finally {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Scene {
  readonly world: ClusterWorld;
  readonly policies: string;
  readonly folder: string;
  readonly wanted: FaultName | undefined;
  readonly say: (line: string) => void;
}

async function tell({ world, policies, folder, wanted, say }: Scene, io: ProgramIo): Promise<ProbeReport> {
  const nodes = [...world.nodes].map(([name, url]) => `${name} at ${url}`).join(", ");
  say(`1. A cluster: ${nodes}, behind ${world.frontUrl}. One database, one Redis, one storage.`);
  if (wanted !== undefined) {
    await world.break(wanted);
    say(`\n2. Something is wrong with it: ${DEEDS[wanted]}.`);
    say(
      "   Each node, asked alone, says that it is well, or nearly so. Tidelock asks all of them about each other:",
    );
  } else say("\n2. Nothing is wrong with it. Tidelock asks each node about what the others took:");
  await using app = await compose({
    environment: { ...io.environment, TIDELOCK_STATE: join(folder, "tidelock.db") },
    flags: { policies, output: "table", logLevel: "error" },
    err: (line) => io.err(line),
  });
  const [topology] = chosenClusters(app, undefined);
  if (topology === undefined) throw new AppError("BUG", "the demo declares one cluster");
  const quiet = { err: () => undefined, signal: io.signal };
  const report = await probeTopology(app, topology, { form: "full", limits: LIMITS }, quiet);
  verdictLines(report).forEach((line) => say(`    ${line}`));
  return report;
}

function knownFault(name: string): FaultName {
  const known = FAULTS.find((one) => one === name);
  if (known !== undefined) return known;
  throw new AppError("USAGE", `no fault is called ${name}`, {
    hint: "tidelock demo --kind cluster --fault list prints the names",
  });
}

function declaration({ nodes, frontUrl, password }: ClusterWorld): string {
  const lines = [...nodes].map(([name, url]) => `      ${name}: { url: "${url}" }`);
  return `apiVersion: tidelock/v1
topologies:
  - name: demo
    kind: shared-storage
    account: { username: admin, password: "${password}" }
    nodes:
${lines.join("\n")}
    front: { url: "${frontUrl}" }
    probe: { visibleWithin: 1200ms, giveUpAfter: 1400ms }
`;
}
