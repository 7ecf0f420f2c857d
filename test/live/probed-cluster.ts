import { exec } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { LiveCluster } from "./cluster-environment.ts";
import { liveApi, type LiveApi } from "./live-api.ts";
import { runProgram, type Ran } from "./tidelock.ts";
import { until } from "./until.ts";

const PROJECT = "tidelock-live-probe";
const TOPOLOGY = "live-cluster";

/** What `probe --output json` says of one cluster. */
export interface ProbedJson {
  readonly sound: boolean | null;
  readonly faults: readonly { readonly name: string; readonly nodes: readonly string[] }[];
  readonly untested: readonly { readonly name: string }[];
  readonly leftBehind: readonly string[];
}

/** A declared cluster, its faults and what stands in it. */
export interface ProbedCluster extends AsyncDisposable {
  probe(form: "small" | "full"): Promise<{ readonly ran: Ran; readonly found: ProbedJson }>;
  /** The same nodes as registries that would replicate to each other. */
  asRegistries(...args: readonly string[]): Promise<Ran>;
  break(fault: string): Promise<void>;
  mend(): Promise<void>;
  /** Names of all that is ours: endpoints, replication policies, robots, repositories of the probe project. */
  remains(): Promise<string[]>;
  /** Removes replication policies and endpoints that probes left. */
  clear(): Promise<void>;
  removeProject(): Promise<void>;
}

const sh = promisify(exec);

export async function probedCluster(cluster: LiveCluster): Promise<ProbedCluster> {
  const folder = await mkdtemp(join(tmpdir(), "tidelock-live-"));
  const files = { nodes: join(folder, "nodes.yaml"), registries: join(folder, "registries.yaml") };
  await writeFile(files.nodes, clusterText(cluster));
  await writeFile(files.registries, registriesText(cluster));
  const environment = {
    ...process.env,
    TIDELOCK_STATE: join(folder, "tidelock.db"),
    LIVE_PASSWORD: cluster.password,
  };
  const [url = ""] = cluster.nodes;
  const { user, password } = cluster;
  const api = liveApi({ url, user, password });
  return {
    probe: async (form) => {
      const args = ["--policies", files.nodes, "--output", "json", "probe", "--form", form];
      const ran = await runProgram(args, environment);
      return { ran, found: foundIn(ran) };
    },
    asRegistries: (...args) => runProgram(["--policies", files.registries, ...args], environment),
    break: async (fault) => {
      await sh(`${cluster.fault} ${fault}`);
    },
    mend: async () => {
      await sh(cluster.mend);
    },
    remains: () => remainsOf(api),
    clear: async () => {
      for (const path of ["/replication/policies", "/registries"]) await clear(api, path);
    },
    removeProject: () => removeProject(api),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function clusterText({ nodes, front, user }: LiveCluster): string {
  const { host } = new URL(front);
  return [
    "apiVersion: tidelock/v1",
    "topologies:",
    `  - name: ${TOPOLOGY}`,
    "    kind: shared-storage",
    `    account: { username: "${user}", password: "\${LIVE_PASSWORD}" }`,
    "    nodes:",
    ...nodes.map((url, at) => `      n${at + 1}: { url: "${url}", host: "${host}" }`),
    `    front: { url: "${front}" }`,
    `    probe: { project: ${PROJECT} }`,
    "",
  ].join("\n");
}

function registriesText({ nodes, user }: LiveCluster): string {
  return [
    "apiVersion: tidelock/v1",
    "registries:",
    ...nodes.map(
      (url, at) => `  n${at + 1}: { url: "${url}", username: "${user}", password: "\${LIVE_PASSWORD}" }`,
    ),
    "topologies:",
    `  - { name: live-wrong, kind: dual-master, registries: [${nodes.map((_, at) => `n${at + 1}`).join(", ")}], content: { projects: [tidelock-live-nothing] } }`,
    "",
  ].join("\n");
}

function foundIn({ out, err, code }: Ran): ProbedJson {
  const line = out.trimEnd().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`no JSON came, exit code ${String(code)}: ${out}${err}`);
  const [found] = (JSON.parse(line) as { topologies: ProbedJson[] }).topologies;
  if (found === undefined) throw new Error(`no cluster in ${line}`);
  return found;
}

async function remainsOf(api: LiveApi): Promise<string[]> {
  const listings = ["/registries", "/replication/policies", "/robots"].map(async (path) =>
    (await api.rows(path)).filter(({ name }) => String(name).includes("tidelock")),
  );
  const projects = (await api.rows("/projects")).filter(({ name }) => name === PROJECT);
  const inside = projects.map(() => api.rows(`/projects/${PROJECT}/repositories`));
  return (await Promise.all([...listings, ...inside])).flat().map(({ name }) => String(name));
}

/** A policy stays until its executions are final, and what failed is tried again for minutes. */
async function clear(api: LiveApi, path: string): Promise<void> {
  const left = (await api.rows(path)).filter(({ name }) => String(name).startsWith(`tidelock.${TOPOLOGY}.`));
  for (const { id, name } of left) {
    const gone = async (): Promise<boolean> =>
      (await api.send("DELETE", `${path}/${Number(id)}`)).status !== 412;
    await until(`${String(name)} is gone`, gone, 300);
  }
}

async function removeProject(api: LiveApi): Promise<void> {
  const project = (await api.rows("/projects")).find(({ name }) => name === PROJECT);
  if (project === undefined) return;
  for (const { name } of await api.rows(`/projects/${PROJECT}/repositories`)) {
    const inside = encodeURIComponent(encodeURIComponent(String(name).slice(PROJECT.length + 1)));
    await api.send("DELETE", `/projects/${PROJECT}/repositories/${inside}`);
  }
  const { status } = await api.send("DELETE", `/projects/${Number(project["project_id"])}`);
  if (status !== 200) throw new Error(`the project ${PROJECT} could not be removed: ${status}`);
}
