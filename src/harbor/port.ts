import type { Instant } from "../clock.ts";
import type { Registry } from "../topology/model.ts";
import type {
  Artifact,
  ArtifactPage,
  AuditEntry,
  Capabilities,
  Endpoint,
  EndpointHealth,
  Execution,
  HarborSettings,
  Identity,
  ImmutableRule,
  NewReplicationPolicy,
  Project,
  ProjectRight,
  Quota,
  ReplicationPolicy,
  Repository,
  RetentionPolicy,
  SystemRight,
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

export interface AuditQuery {
  readonly afterId: number;
  readonly limit: number;
  /** Only what was created or deleted: of pulls there may be a thousand times more. */
  readonly changesOnly?: boolean;
  /** The log of before 2.13 in a Harbor that was upgraded since. */
  readonly frozen?: boolean;
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
  /** Another name and description; all else stays, the credentials too. Validated against the live peer, as every change. */
  relabelEndpoint(
    id: number,
    label: Pick<NewEndpoint, "name" | "description">,
    signal?: AbortSignal,
  ): Promise<void>;
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
  /** The same, or with a `repository` (the path inside the project) what `artifacts` gives, page by page and without what comparing has no use for. */
  artifactPages(
    project: string,
    repository: string | undefined,
    signal?: AbortSignal,
  ): AsyncIterable<ArtifactPage>;
  /** The digest a tag stands for right now; undefined when the registry says 404. `repository` with the project. */
  tagDigest(repository: string, tag: string, signal?: AbortSignal): Promise<string | undefined>;
  /** One tag with its push time, read singly; undefined when absent. */
  tag(
    repository: string,
    tag: string,
    signal?: AbortSignal,
  ): Promise<{ digest: string; pushedAt: number } | undefined>;

  /** One artifact with its tags and accessories, by tag or digest; `repository` with the project. Undefined when absent. */
  artifact(repository: string, reference: string, signal?: AbortSignal): Promise<Artifact | undefined>;

  /** Tags what is there already; `repository` with the project. False when the repository has a tag of that name: none is ever moved. */
  createTag(repository: string, digest: string, tag: string, signal?: AbortSignal): Promise<boolean>;
  /** Removes a tag, never an artifact. False when it does not stand on that digest, or is gone. `HARBOR_PRECONDITION` when it is immutable. */
  deleteTag(repository: string, digest: string, tag: string, signal?: AbortSignal): Promise<boolean>;

  /** The oldest entries beyond an id, ascending. */
  audit(query: AuditQuery, signal?: AbortSignal): Promise<AuditEntry[]>;
  /** The newest entries about what was created or deleted, newest first. */
  latestAudit(limit: number, signal?: AbortSignal): Promise<AuditEntry[]>;
  /**
   * The moment, by that Harbor's clock, up to which entries of its audit log may have been purged; 0 when none ever were. Undefined where our
   * account may not know.
   */
  auditPurgedBefore(signal?: AbortSignal): Promise<Instant | undefined>;
  immutableRules(project: string, signal?: AbortSignal): Promise<ImmutableRule[]>;
  quota(projectId: number, signal?: AbortSignal): Promise<Quota | undefined>;
  /** Undefined when there is none of that id. */
  retention(id: number, signal?: AbortSignal): Promise<RetentionPolicy | undefined>;

  /**
   * Whether our account has a right, found out by a request that can't change anything: what lacks the right is refused before
   * Harbor looks at the request. Not for a Harbor that is read-only, which refuses every write. Rejects when Harbor says neither.
   */
  hasSystemRight(right: SystemRight, signal?: AbortSignal): Promise<boolean>;
  /** The same in a project that exists. */
  hasProjectRight(
    right: ProjectRight,
    project: Pick<Project, "id" | "name">,
    signal?: AbortSignal,
  ): Promise<boolean>;
  /** Undefined where our account may not read them: administrators only, in practice. */
  settings(signal?: AbortSignal): Promise<HarborSettings | undefined>;
  /** Lets this Harbor dial a peer as an endpoint of these values would, without keeping any of it. */
  pingPeer(
    endpoint: Omit<NewEndpoint, "name" | "description">,
    signal?: AbortSignal,
  ): Promise<EndpointHealth>;

  /**
   * Begins a session of our account, as a browser does, and gives its cookie; undefined for who can't have one by password: robots, and people that a
   * provider logs in. To be ended by `logOut`. Since 2.13 the audit log shows it.
   */
  logIn(signal?: AbortSignal): Promise<string | undefined>;
  /** Whether this Harbor takes a session, be it its own or another's. */
  takesSession(cookie: string, signal?: AbortSignal): Promise<boolean>;
  logOut(cookie: string, signal?: AbortSignal): Promise<void>;

  /** How many requests were sent so far. */
  requestCount(): number;
  /** Closes idle connections. */
  close(): void;
}
