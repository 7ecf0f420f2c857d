import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTidelock, type Ran } from "./program.ts";
import type { Served } from "./served.ts";

/** What Tidelock is told to compare, and a store of its own. */
export interface Declared {
  run(...command: readonly string[]): Promise<Ran>;
}

/** Declares a dual-master over two registries, in a folder of its own. */
export async function declare({ urls: [a, b], password }: Served, projects = "bench*"): Promise<Declared> {
  const folder = await mkdtemp(join(tmpdir(), "tidelock-bench-"));
  const policies = join(folder, "policies.yaml");
  const account = `username: admin, password: "${password}"`;
  const text = `apiVersion: tidelock/v1
registries:
  a: { url: "${a}", ${account} }
  b: { url: "${b}", ${account} }
topologies:
  - { name: bench, kind: dual-master, registries: [a, b], content: { projects: ["${projects}"] } }
`;
  await writeFile(policies, text);
  const environment = { TIDELOCK_STATE: join(folder, "tidelock.db") };
  return {
    run: (...command) => runTidelock(["--policies", policies, "--output", "json", ...command], environment),
  };
}

/** The only topology of the last line. */
function topologyOf({ stdout }: Ran): Readonly<Record<string, unknown>> {
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  const { topologies } = JSON.parse(last) as { topologies: Record<string, unknown>[] };
  const [found] = topologies;
  if (found === undefined) throw new Error(`no topology in ${last.slice(0, 300)}`);
  return found;
}

export function assertInStep(ran: Ran, artifacts: number): void {
  const found = topologyOf(ran);
  if (found["verdict"] === "in-step" && found["inStep"] === artifacts) return;
  throw new Error(`not in step, so nothing was measured: ${ran.stdout.slice(-300)}`);
}
