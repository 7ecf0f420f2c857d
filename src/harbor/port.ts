import type { Registry } from "../topology/model.ts";
import type {
  Artifact,
  AuditEntry,
  Capabilities,
  Endpoint,
  EndpointHealth,
  Execution,
  Identity,
  ImmutableRule,
  NewReplicationPolicy,
  Project,
  Quota,
  ReplicationPolicy,
  Repository,
  Task,
} from "../observed/model.ts";

export interface NewEndpoint {
  readonly name: string;
  readonly url: string;
  readonly description: string;
  readonly username: string;
  readonly password: string;
  readonly insecure: boolean;
  readonly caCertificate: string;
}

export interface ExecutionQuery {
  readonly policyId: number;
  /** Newest first; at most this many. */
  readonly limit: number;
}

/**
 * One Harbor, in our words. Every method rejects with an `AppError` and takes an `AbortSignal`.
 * Reading never moves a pull time or a pull count.
 */
export interface HarborPort {
  readonly registry: Registry;

  /**
   * Proves that our credentials are accepted and finds the version; asked once a connection, again with `again`.
   * Harbor answers listings 200 as anonymous when credentials are wrong, so nothing may be believed before this.
   */
  identify(options?: { readonly again?: boolean; readonly signal?: AbortSignal }): Promise<Identity>;
  capabilities(signal?: AbortSignal): Promise<Capabilities>;
  /** Alive at all: `GET /ping`, once, with a short timeout and no retry. Rejects when it is not. */
  ping(timeoutMs: number, signal?: AbortSignal): Promise<void>;

  endpoints(signal?: AbortSignal): Promise<Endpoint[]>;
  createEndpoint(endpoint: NewEndpoint, signal?: AbortSignal): Promise<number>;
  /** Harbor validates it against the live peer, so it fails while the peer is down. */
  updateEndpoint(id: number, endpoint: NewEndpoint, signal?: AbortSignal): Promise<void>;
  deleteEndpoint(id: number, signal?: AbortSignal): Promise<void>;
  pingEndpoint(id: number, signal?: AbortSignal): Promise<EndpointHealth>;

  replicationPolicies(signal?: AbortSignal): Promise<ReplicationPolicy[]>;
  /** Undefined when there is none of that id. */
  replicationPolicy(id: number, signal?: AbortSignal): Promise<ReplicationPolicy | undefined>;
  createReplicationPolicy(policy: NewReplicationPolicy, signal?: AbortSignal): Promise<number>;
  /** Writes the whole policy: what a PUT leaves out Harbor resets. */
  updateReplicationPolicy(policy: ReplicationPolicy, signal?: AbortSignal): Promise<void>;
  /** `HARBOR_PRECONDITION` while an execution is not final. */
  deleteReplicationPolicy(id: number, signal?: AbortSignal): Promise<void>;

  /** Newest first. */
  executions(query: ExecutionQuery, signal?: AbortSignal): Promise<Execution[]>;
  execution(id: number, signal?: AbortSignal): Promise<Execution | undefined>;
  tasks(executionId: number, signal?: AbortSignal): Promise<Task[]>;
  taskLog(executionId: number, taskId: number, signal?: AbortSignal): Promise<string>;
  /** Starts a run of the whole policy. Not repeated blindly: a lost answer is looked up first. */
  startExecution(policyId: number, signal?: AbortSignal): Promise<number>;
  stopExecution(id: number, signal?: AbortSignal): Promise<void>;

  projects(signal?: AbortSignal): AsyncIterable<Project>;
  /** By name. Undefined only if Harbor said 404 to a proven administrator; a robot's 403 rejects. */
  project(name: string, signal?: AbortSignal): Promise<Project | undefined>;
  createProject(name: string, isPublic: boolean, signal?: AbortSignal): Promise<void>;
  repositories(project: string, signal?: AbortSignal): AsyncIterable<Repository>;
  /** `repository` is the path inside the project. Read by ascending id, so that writes meanwhile shift nothing. */
  artifacts(project: string, repository: string, signal?: AbortSignal): AsyncIterable<Artifact>;
  /** All of a project in one listing; only with `capabilities.projectArtifacts`. */
  projectArtifacts(project: string, signal?: AbortSignal): AsyncIterable<Artifact>;
  /** The digest a tag stands for right now; undefined when the registry says 404. `repository` with the project. */
  tagDigest(repository: string, tag: string, signal?: AbortSignal): Promise<string | undefined>;
  /** One tag with its push time, read singly; undefined when absent. */
  tag(
    repository: string,
    tag: string,
    signal?: AbortSignal,
  ): Promise<{ digest: string; pushedAt: number } | undefined>;

  audit(
    query: { readonly afterId: number; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<AuditEntry[]>;
  immutableRules(project: string, signal?: AbortSignal): Promise<ImmutableRule[]>;
  quota(projectId: number, signal?: AbortSignal): Promise<Quota | undefined>;

  /** How many requests were sent so far. */
  requestCount(): number;
  /** Closes idle connections. */
  close(): void;
}
