import type { Json, JsonObject } from "./json.ts";

/** Milliseconds since 1970; 0 is never. */
export type At = number;

export interface ProjectRow {
  readonly id: number;
  readonly name: string;
  readonly ownerName: string;
  readonly createdAt: At;
  updatedAt: At;
  public: boolean;
  /** Metadata besides `public`. */
  readonly metadata: Map<string, string>;
  /** The endpoint whose content a proxy cache project fetches. */
  readonly proxyOf: number | undefined;
  /** Bytes; -1 is unlimited. */
  quotaBytes: number;
  readonly repositories: Map<string, RepositoryRow>;
  /** All artifacts, ascending by id. */
  artifacts: ArtifactRow[];
  readonly immutableRules: ImmutableRuleRow[];
}

export interface RepositoryRow {
  /** Given when the first manifest comes. */
  id: number;
  /** With the project. */
  readonly name: string;
  readonly projectId: number;
  description: string;
  createdAt: At;
  updatedAt: At;
  pullCount: number;
  /** False while there are only blobs: the registry has them, Harbor knows no repository yet. */
  known: boolean;
  /** By digest, in the order of creation. */
  readonly artifacts: Map<string, ArtifactRow>;
  readonly tags: Map<string, TagRow>;
  /** By the digest of their subject, whether it is here or not. */
  readonly accessories: Map<string, ArtifactRow[]>;
  /** Digests of the blobs that may be fetched through this repository. */
  readonly blobs: Set<string>;
}

interface ChildReference {
  readonly digest: string;
  readonly id: number;
  readonly architecture: string;
  readonly os: string;
}

export interface ArtifactRow {
  readonly id: number;
  readonly digest: string;
  readonly repositoryId: number;
  readonly repositoryName: string;
  readonly projectId: number;
  readonly manifestMediaType: string;
  /** Of the configuration, or of the index itself. */
  readonly mediaType: string;
  readonly artifactType: string;
  readonly type: string;
  /** Manifest and everything it names, in bytes. */
  readonly size: number;
  readonly pushedAt: At;
  pulledAt: At;
  readonly children: readonly ChildReference[];
  /** Ids of the indexes that name this one. */
  readonly parents: Set<number>;
  /** Ids of its tags. */
  readonly tags: Set<string>;
  readonly labels: string[];
  readonly blobs: readonly string[];
  readonly extra: { readonly [key: string]: Json } | undefined;
  /** Set on an accessory: what it belongs to and how. */
  accessory: AccessoryOf | undefined;
}

interface AccessoryOf {
  readonly id: number;
  /** Undefined while the subject is not here. */
  subjectId: number | undefined;
  readonly subjectDigest: string;
  readonly type: string;
}

export interface TagRow {
  readonly id: number;
  readonly name: string;
  artifactId: number;
  digest: string;
  pushedAt: At;
  pulledAt: At;
}

export interface ImmutableRuleRow {
  readonly id: number;
  disabled: boolean;
  tagPattern: string;
  tagDecoration: string;
  repositoryPattern: string;
  repositoryDecoration: string;
}

export interface EndpointRow {
  readonly id: number;
  name: string;
  description: string;
  type: string;
  url: string;
  credentialType: string;
  accessKey: string;
  accessSecret: string;
  /** The key that the secret was encrypted with; empty while it is not stored. */
  readonly sealedBy: string;
  insecure: boolean;
  caCertificate: string;
  status: string;
  readonly createdAt: At;
  updatedAt: At;
}

export interface FilterRow {
  readonly type: string;
  readonly value: Json;
  readonly decoration: string;
}

export interface PolicyRow {
  readonly id: number;
  name: string;
  description: string;
  creator: string;
  /** 0 is this Harbor. */
  sourceId: number;
  destinationId: number;
  destinationNamespace: string;
  replaceCount: number;
  filters: readonly FilterRow[];
  trigger: string;
  cron: string;
  deletion: boolean;
  override: boolean;
  enabled: boolean;
  speed: number;
  copyByChunk: boolean;
  singleActive: boolean;
  readonly createdAt: At;
  updatedAt: At;
}

/** The worst that a scan found. */
export type ScanResult = "clean" | "Low" | "Medium" | "High" | "Critical";

export type RunStatus = "Pending" | "Running" | "Success" | "Error" | "Stopped";
export type TriggerKind = "MANUAL" | "SCHEDULE" | "EVENT";

export interface ExecutionRow {
  readonly id: number;
  readonly policyId: number;
  status: RunStatus;
  readonly trigger: TriggerKind;
  readonly startedAt: At;
  endedAt: At;
  updatedAt: At;
  statusText: string;
  readonly tasks: TaskRow[];
}

/** One artifact of a resource: its tags, or its digest when it has none. */
export interface Item {
  readonly digest: string;
  readonly tags: readonly string[];
}

export interface TaskRow {
  readonly id: number;
  readonly executionId: number;
  readonly jobId: string;
  readonly operation: "copy" | "deletion" | "tag deletion";
  readonly source: string;
  readonly destination: string;
  readonly items: readonly Item[];
  readonly override: boolean;
  /** The destination as it was when the task was made: a retry uses old credentials. */
  readonly endpoint: EndpointRow;
  /** What the job shows to the core that it copies from: the secret of the node that made the task. */
  readonly jobSecret: string;
  status: RunStatus;
  startedAt: At;
  endedAt: At;
  failedRuns: number;
  /** By the name of the node whose job service wrote it: logs lie on its disk. */
  readonly logs: Map<string, string[]>;
}

export interface AuditRow {
  readonly id: number;
  readonly projectId: number;
  readonly at: At;
  readonly operation: string;
  readonly resource: string;
  readonly resourceType: string;
  readonly username: string;
  readonly description: string;
}

/** A run of the job that purges the audit log. */
export interface AuditPurgeRow {
  readonly id: number;
  readonly at: At;
  readonly retentionHours: number;
}

interface Access {
  readonly resource: string;
  readonly action: string;
}

export interface Permission {
  readonly kind: string;
  readonly namespace: string;
  readonly access: readonly Access[];
}

export interface LabelRow {
  readonly id: number;
  name: string;
  description: string;
  color: string;
  /** `g` is everywhere, `p` one project. */
  readonly scope: string;
  readonly projectId: number;
  readonly createdAt: At;
  updatedAt: At;
}

export interface RobotRow {
  readonly id: number;
  /** With its prefix: `robot$name`. */
  readonly name: string;
  description: string;
  secret: string;
  readonly level: string;
  disabled: boolean;
  permissions: readonly Permission[];
  readonly createdAt: At;
}

export interface UserRow {
  readonly id: number;
  readonly name: string;
  password: string;
  readonly admin: boolean;
  readonly createdAt: At;
}

/** Everything a Harbor keeps; replaced as a whole when a backup is restored. */
export interface State {
  readonly ids: Map<string, number>;
  readonly users: Map<string, UserRow>;
  readonly robots: Map<number, RobotRow>;
  readonly labels: Map<number, LabelRow>;
  readonly projects: Map<number, ProjectRow>;
  readonly projectIds: Map<string, number>;
  readonly endpoints: Map<number, EndpointRow>;
  /** Tag retention policies as they were written, by id. */
  readonly retentions: Map<number, JsonObject>;
  readonly policies: Map<number, PolicyRow>;
  readonly executions: Map<number, ExecutionRow>;
  audit: AuditRow[];
  readonly auditPurges: AuditPurgeRow[];
  readonly configuration: Map<string, Json>;
  /** A scanner of vulnerabilities is installed, for all projects. */
  scanner: boolean;
  /** By digest: a report serves every project that has it. */
  readonly scans: Map<string, ScanResult>;
  /** Repository → tag → the digest that Notary signed under it. */
  readonly notary: Map<string, Map<string, string>>;
  /** Moves with every write to content; what is derived from content is kept until then. */
  revision: number;
}

export function emptyState(): State {
  return {
    ids: new Map(),
    users: new Map(),
    robots: new Map(),
    labels: new Map(),
    projects: new Map(),
    projectIds: new Map(),
    endpoints: new Map(),
    retentions: new Map(),
    policies: new Map(),
    executions: new Map(),
    audit: [],
    auditPurges: [],
    configuration: new Map(),
    scanner: false,
    scans: new Map(),
    notary: new Map(),
    revision: 0,
  };
}

/** The next id of a table: never used twice, as in a database sequence. */
export function nextId(state: State, table: string): number {
  const id = (state.ids.get(table) ?? 0) + 1;
  state.ids.set(table, id);
  return id;
}

export function projectNamed(state: State, name: string): ProjectRow | undefined {
  const id = state.projectIds.get(name);
  return id === undefined ? undefined : state.projects.get(id);
}

/** The project of a repository name, and the repository if it exists. */
export function repositoryNamed(state: State, name: string): RepositoryRow | undefined {
  return projectNamed(state, projectPart(name))?.repositories.get(name);
}

export function projectPart(repository: string): string {
  return repository.split("/", 1)[0] ?? "";
}
