import { spawn } from "node:child_process";
import { systemClock, systemRandom } from "../../src/clock.ts";
import { createHarborClient } from "../../src/harbor/client.ts";
import type { HarborPort } from "../../src/harbor/port.ts";
import type { Execution, ReplicationPolicy } from "../../src/observed/model.ts";
import { createRegistryV2Client } from "../../src/registry-v2/client.ts";
import { makeSecret } from "../../src/topology/secret.ts";
import type { Registry } from "../../src/topology/model.ts";
import type { RegistryV2Port } from "../../src/registry-v2/port.ts";
import { pushImage } from "./image.ts";
import { encoded, liveApi, type LiveApi } from "./live-api.ts";
import type { LiveAccess } from "./live-environment.ts";
import { until } from "./until.ts";

/** One real Harbor, and what happens to it in a test. Repositories are named with their project. */
export interface LiveHarbor {
  readonly access: LiveAccess;
  readonly api: LiveApi;
  readonly port: HarborPort;
  readonly registry: RegistryV2Port;
  /** `repository:tag` → digest, of one project; nothing for a project that is not there. */
  tags(project: string): Promise<Map<string, string>>;
  createProject(name: string): Promise<void>;
  push(repository: string, tag: string, seed: string, bytes?: number): Promise<string>;
  deleteTag(repository: string, tag: string): Promise<void>;
  /** Replication policies whose names begin with `tidelock.<topology>.`. */
  policies(topology: string): Promise<ReplicationPolicy[]>;
  /** Executions of all of these policies, newest first. */
  executions(topology: string): Promise<Execution[]>;
  /** Executions of event policies that died without a task so far. */
  died(topology: string): Promise<number>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Holds the queue of its jobservice, and lets it go on. */
  holdJobs(): Promise<void>;
  releaseJobs(): Promise<void>;
  /** Its registry loses the file of a blob or manifest. */
  lose(digest: string): Promise<void>;
}

export function liveHarbor(access: LiveAccess): LiveHarbor {
  const deps = { clock: systemClock, random: systemRandom, environment: {} };
  const account = { username: access.user, password: makeSecret(access.password) };
  const registry: Registry = {
    name: access.name,
    url: access.url,
    account,
    insecureSkipVerify: false,
    endpointUrl: access.endpoint,
    replicationAccount: account,
  };
  const api = liveApi(access);
  const port = createHarborClient(registry, deps);
  const v2 = createRegistryV2Client(registry, deps);
  const policies: LiveHarbor["policies"] = async (topology) =>
    (await port.replicationPolicies()).filter(({ name }) => name.startsWith(`tidelock.${topology}.`));
  const executions: LiveHarbor["executions"] = async (topology) => {
    const lists = await Promise.all(
      (await policies(topology)).map(({ id }) => port.executions({ policyId: id, limit: 50 })),
    );
    return lists.flat();
  };
  return {
    access,
    api,
    port,
    registry: v2,
    tags: (project) => tagsOf(port, project),
    createProject: (name) => createProject(api, name),
    push: (repository, tag, seed, bytes) => pushImage(v2, repository, tag, seed, bytes),
    deleteTag: (repository, tag) => deleteTag(api, repository, tag),
    policies,
    executions,
    died: async (topology) =>
      (await executions(topology)).filter(({ state, total }) => state === "failed" && total === 0).length,
    stop: () => shell(access.stop),
    holdJobs: () => shell(access.holdJobs),
    releaseJobs: () => shell(access.releaseJobs),
    lose: (digest) => shell(`${access.lose} ${digest}`),
    start: async () => {
      await shell(access.start);
      await until(`${access.name} answers`, () => port.identify({ again: true }).catch(() => undefined));
    },
  };
}

async function tagsOf(port: HarborPort, project: string): Promise<Map<string, string>> {
  const tags = new Map<string, string>();
  if ((await port.project(project)) === undefined) return tags;
  for await (const { name } of port.repositories(project)) {
    for await (const artifact of port.artifacts(project, name.slice(project.length + 1))) {
      for (const tag of artifact.tags) tags.set(`${name}:${tag.name}`, artifact.digest);
    }
  }
  return tags;
}

async function createProject(api: LiveApi, name: string): Promise<void> {
  const { status, body } = await api.send("POST", "/projects", {
    project_name: name,
    metadata: { public: "false" },
  });
  if (status !== 201) throw new Error(`creating project ${name} answered ${status}: ${JSON.stringify(body)}`);
}

async function deleteTag(api: LiveApi, repository: string, tag: string): Promise<void> {
  const slash = repository.indexOf("/");
  const path = `/projects/${repository.slice(0, slash)}/repositories/${encoded(repository.slice(slash + 1))}`;
  const { status } = await api.send("DELETE", `${path}/artifacts/${tag}/tags/${tag}`);
  if (status !== 200) throw new Error(`deleting ${repository}:${tag} answered ${status}`);
}

/** The programs that such a command starts live on, so their output is not waited for. */
function shell(command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", command], { stdio: "ignore", detached: true });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`"${command}" ended with ${String(code)}`));
    });
  });
}
