import type { Capabilities, Project } from "../observed/model.ts";
import type { Registry } from "../topology/model.ts";
import { createApi, type Api } from "./api.ts";
import { latestAudit, listAudit } from "./audit.ts";
import { auditPurgedBefore } from "./audit-purges.ts";
import { capabilitiesOf, dialectOf, type Dialect } from "./capabilities.ts";
import { createConnection, type Connection, type ConnectionDeps } from "./connection.ts";
import {
  listArtifactPages,
  listArtifacts,
  listProjectArtifacts,
  listRepositories,
  readTag,
} from "./content.ts";
import {
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  relabelEndpoint,
  updateEndpoint,
} from "./endpoints.ts";
import {
  listExecutions,
  listTasks,
  readExecution,
  readTaskLog,
  startExecution,
  stopExecution,
} from "./executions.ts";
import { HarborError } from "./harbor-error.ts";
import { pingEndpoint, pingPeer } from "./ping-endpoint.ts";
import type { HarborPort } from "./port.ts";
import { createProject, listImmutableRules, listProjects, readProject, readQuota } from "./projects.ts";
import { createProof, type Proof } from "./proven.ts";
import { readRetention } from "./retention.ts";
import { readArtifact } from "./single-artifact.ts";
import {
  createPolicy,
  deletePolicy,
  listPolicies,
  readPolicy,
  updatePolicy,
} from "./replication-policies.ts";
import { logIn, logOut, takesSession } from "./session.ts";
import { readSettings } from "./settings.ts";
import { createTag, deleteTag } from "./tags.ts";
import { readTagDigest } from "./tag-digest.ts";
import { tryProjectRight, trySystemRight } from "./try-right.ts";

type Signal = AbortSignal | undefined;

export type HarborClientDeps = ConnectionDeps;

/** What a call knows once we are proven to be who we say. */
interface Known {
  readonly able: Capabilities;
  readonly dialect: Dialect;
  readonly administrator: boolean;
}

/** A Harbor over HTTP. Nothing is asked of it before the credentials are proven, once a connection. */
export function createHarborClient(registry: Registry, deps: HarborClientDeps): HarborPort {
  const connection = createConnection(registry, deps);
  const api = createApi(connection);
  const proof = createProof(api);
  const known = async (signal: Signal): Promise<Known> => {
    const { version, administrator } = await proof.get({ signal });
    return { able: capabilitiesOf(version), dialect: dialectOf(version), administrator };
  };
  return {
    registry,
    ...selfPart(connection, proof, known),
    ...endpointPart(api, known),
    ...policyPart(api, known),
    ...executionPart(api, known),
    ...projectPart(api, known),
    ...contentPart(api, known),
    ...auditPart(api, known),
    ...rightsPart(api, known),
    ...sessionPart(connection, proof),
    requestCount: () => connection.requestCount(),
    close: () => connection.close(),
  };
}

type Knowing = (signal: Signal) => Promise<Known>;

function selfPart(
  connection: Connection,
  proof: Proof,
  known: Knowing,
): Pick<HarborPort, "identify" | "capabilities" | "ping"> {
  return {
    identify: (options) => proof.get(options),
    capabilities: async (signal) => (await known(signal)).able,
    ping: async (timeoutMs, signal) => {
      const answer = await connection.request({
        doing: "pinging",
        method: "GET",
        url: "/api/v2.0/ping",
        repeatable: "read",
        headers: { Accept: "text/plain, application/json" },
        authorization: "none",
        patience: { ms: timeoutMs },
        single: true,
        signal,
      });
      if (!/^"?Pong"?\s*$/.test(answer.text())) throw answer.nonsense("the answer to a ping is not Pong");
    },
  };
}

function endpointPart(
  api: Api,
  known: Knowing,
): Pick<
  HarborPort,
  "endpoints" | "createEndpoint" | "updateEndpoint" | "relabelEndpoint" | "deleteEndpoint" | "pingEndpoint"
> {
  return {
    endpoints: async (signal) => listEndpoints(api, (await known(signal)).dialect, signal),
    createEndpoint: async (endpoint, signal) =>
      createEndpoint(api, (await known(signal)).dialect, endpoint, signal),
    updateEndpoint: async (id, endpoint, signal) =>
      updateEndpoint(api, id, endpoint, (await known(signal)).able.endpointCa, signal),
    relabelEndpoint: async (id, label, signal) => {
      await known(signal);
      await relabelEndpoint(api, id, label, signal);
    },
    deleteEndpoint: async (id, signal) => {
      await known(signal);
      await deleteEndpoint(api, id, signal);
    },
    pingEndpoint: async (id, signal) => pingEndpoint(api, (await known(signal)).dialect, id, signal),
  };
}

function policyPart(
  api: Api,
  known: Knowing,
): Pick<
  HarborPort,
  | "replicationPolicies"
  | "replicationPolicy"
  | "createReplicationPolicy"
  | "updateReplicationPolicy"
  | "deleteReplicationPolicy"
> {
  return {
    replicationPolicies: async (signal) => listPolicies(api, (await known(signal)).dialect, signal),
    replicationPolicy: async (id, signal) => {
      await known(signal);
      return await readPolicy(api, id, signal);
    },
    createReplicationPolicy: async (policy, signal) => {
      const { able, dialect } = await known(signal);
      return await createPolicy(api, able, dialect, policy, signal);
    },
    updateReplicationPolicy: async (policy, signal) =>
      updatePolicy(api, (await known(signal)).able, policy, signal),
    deleteReplicationPolicy: async (id, signal) => {
      await known(signal);
      await deletePolicy(api, id, signal);
    },
  };
}

function executionPart(
  api: Api,
  known: Knowing,
): Pick<HarborPort, "executions" | "execution" | "tasks" | "taskLog" | "startExecution" | "stopExecution"> {
  return {
    executions: async (query, signal) => listExecutions(api, (await known(signal)).dialect, query, signal),
    execution: async (id, signal) => {
      await known(signal);
      return await readExecution(api, id, signal);
    },
    tasks: async (executionId, signal) => listTasks(api, (await known(signal)).dialect, executionId, signal),
    taskLog: async (executionId, taskId, signal) => {
      await known(signal);
      return await readTaskLog(api, executionId, taskId, signal);
    },
    startExecution: async (policyId, signal) =>
      startExecution(api, (await known(signal)).dialect, policyId, signal),
    stopExecution: async (id, signal) => {
      await known(signal);
      await stopExecution(api, id, signal);
    },
  };
}

function projectPart(
  api: Api,
  known: Knowing,
): Pick<HarborPort, "projects" | "project" | "createProject" | "immutableRules" | "quota" | "retention"> {
  return {
    projects: (signal) =>
      asOurselves(
        api,
        afterwards(known, signal, ({ dialect }) => listProjects(api, dialect, signal)),
        signal,
      ),
    project: async (name, signal) => {
      const { dialect, administrator } = await known(signal);
      return await absentToAdministrator(administrator, () => readProject(api, dialect, name, signal));
    },
    createProject: async (name, isPublic, signal) =>
      createProject(api, (await known(signal)).dialect, name, isPublic, signal),
    immutableRules: async (project, signal) =>
      listImmutableRules(api, (await known(signal)).dialect, project, signal),
    quota: async (projectId, signal) => {
      await known(signal);
      return await readQuota(api, projectId, signal);
    },
    retention: async (id, signal) => {
      await known(signal);
      return await readRetention(api, id, signal);
    },
  };
}

function contentPart(
  api: Api,
  known: Knowing,
): Pick<
  HarborPort,
  | "repositories"
  | "artifacts"
  | "projectArtifacts"
  | "artifactPages"
  | "tagDigest"
  | "tag"
  | "artifact"
  | "createTag"
  | "deleteTag"
> {
  return {
    repositories: (project, signal) =>
      afterwards(known, signal, ({ dialect }) => listRepositories(api, dialect, project, signal)),
    artifacts: (project, repository, signal) =>
      afterwards(known, signal, ({ able, dialect }) =>
        listArtifacts(api, dialect, { project, repository, withAccessories: able.accessories }, signal),
      ),
    projectArtifacts: (project, signal) =>
      afterwards(known, signal, () => listProjectArtifacts(api, project, signal)),
    artifactPages: (project, repository, signal) =>
      afterwards(known, signal, ({ able, dialect }) =>
        listArtifactPages(api, dialect, { project, repository, withAccessories: able.accessories }, signal),
      ),
    tagDigest: async (repository, tag, signal) => {
      await known(signal);
      return await readTagDigest(api, repository, tag, signal);
    },
    tag: async (repository, tag, signal) => {
      await known(signal);
      return await readTag(api, repository, tag, signal);
    },
    artifact: async (repository, reference, signal) => {
      const { able } = await known(signal);
      return await readArtifact(api, { repository, reference, withAccessories: able.accessories }, signal);
    },
    createTag: async (repository, digest, tag, signal) => {
      await known(signal);
      return await createTag(api, repository, digest, tag, signal);
    },
    deleteTag: async (repository, digest, tag, signal) => {
      await known(signal);
      return await deleteTag(api, repository, digest, tag, signal);
    },
  };
}

function auditPart(
  api: Api,
  known: Knowing,
): Pick<HarborPort, "audit" | "latestAudit" | "auditPurgedBefore"> {
  return {
    audit: async (query, signal) => {
      const { able, dialect } = await known(signal);
      return await listAudit(api, able, dialect, query, signal);
    },
    latestAudit: async (limit, signal) => {
      const { able, dialect } = await known(signal);
      return await latestAudit(api, able, dialect, limit, signal);
    },
    auditPurgedBefore: async (signal) => {
      await known(signal);
      return await auditPurgedBefore(api, signal);
    },
  };
}

function rightsPart(
  api: Api,
  known: Knowing,
): Pick<HarborPort, "hasSystemRight" | "hasProjectRight" | "settings" | "pingPeer"> {
  return {
    hasSystemRight: async (right, signal) => {
      await known(signal);
      return await trySystemRight(api, right, signal);
    },
    hasProjectRight: async (right, project, signal) =>
      tryProjectRight(api, (await known(signal)).dialect, right, project, signal),
    settings: async (signal) => {
      await known(signal);
      return await readSettings(api, signal);
    },
    pingPeer: async (peer, signal) => pingPeer(api, (await known(signal)).dialect, peer, signal),
  };
}

function sessionPart(
  connection: Connection,
  proof: Proof,
): Pick<HarborPort, "logIn" | "takesSession" | "logOut"> {
  return {
    logIn: async (signal) => {
      const { robot } = await proof.get({ signal });
      return robot ? undefined : await logIn(connection, signal);
    },
    takesSession: (cookie, signal) => takesSession(connection, cookie, signal),
    logOut: (cookie, signal) => logOut(connection, cookie, signal),
  };
}

async function* afterwards<T>(
  known: Knowing,
  signal: Signal,
  list: (known: Known) => AsyncIterable<T>,
): AsyncIterable<T> {
  yield* list(await known(signal));
}

/**
 * A stranger is shown the public projects alone, with 200, and Harbor makes a stranger of us for a single request: while somebody's wrong password
 * locks our name, or where it can't look us up. So the listing ends with a question that strangers are refused; asked once, since who waits until
 * the lock is over learns nothing of what was listed before.
 */
async function* asOurselves<T>(api: Api, rows: AsyncIterable<T>, signal: Signal): AsyncIterable<T> {
  yield* rows;
  await api.call("get", "/users/current", {
    doing: "proving that the projects were listed to us",
    patience: "hurried",
    // What a robot is told.
    alsoGood: [412],
    signal,
  });
}

/** To anybody else a project that is hidden looks like one that is not there. */
async function absentToAdministrator(
  administrator: boolean,
  read: () => Promise<Project>,
): Promise<Project | undefined> {
  try {
    return await read();
  } catch (error) {
    if (administrator && error instanceof HarborError && error.code === "HARBOR_NOT_FOUND") return undefined;
    throw error;
  }
}
