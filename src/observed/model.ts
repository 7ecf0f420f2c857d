/**
 * What was read from a Harbor, in our words. Harbor's omissions are already filled in: a field that JSON lacked
 * is false, 0 or empty here (Harbor leaves such fields out, see ARCHITECTURE.md).
 */
import type { Instant } from "../clock.ts";

/** The object inside one Harbor that points at another one. Harbor calls it a registry. */
export interface Endpoint {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly type: string;
  readonly description: string;
  readonly username: string;
  readonly insecure: boolean;
  /** Only Harbor 2.15 and later keep one. */
  readonly caCertificate: string;
  /** What Harbor believes. Not evidence: it stays `healthy` while the peer is down. */
  readonly status: string;
}

/** What an endpoint's ping said, from inside the Harbor that owns the endpoint. The only reachability that can be trusted there. */
export type EndpointHealth =
  | { readonly kind: "healthy" }
  /** Reachable, but refuses the credentials (Harbor answers 400 "the registry is unhealthy"). */
  | { readonly kind: "refused"; readonly text: string }
  | { readonly kind: "unreachable"; readonly text: string };

export type FilterKind = "name" | "tag" | "label" | "resource";

export interface ReplicationFilter {
  readonly kind: FilterKind;
  readonly value: string | readonly string[];
  /** Since 2.4: leave out what matches instead of taking it. */
  readonly excludes: boolean;
}

export type TriggerKind = "manual" | "scheduled" | "event_based";

/** The object inside one Harbor that copies along a flow. */
export interface ReplicationPolicy {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  /** 0 is the Harbor itself. */
  readonly sourceEndpointId: number;
  readonly targetEndpointId: number;
  readonly targetNamespace: string;
  readonly targetNamespaceReplaceCount: number;
  readonly trigger: { readonly kind: TriggerKind; readonly cron: string };
  readonly filters: readonly ReplicationFilter[];
  readonly deletions: boolean;
  readonly override: boolean;
  readonly enabled: boolean;
  readonly speedKbps: number;
  readonly copyByChunk: boolean;
  readonly singleActive: boolean;
  /** By that Harbor's clock, where it was read from there. */
  readonly createdAt?: Instant;
}

/** A replication policy as it is written: whole, since Harbor resets whatever a PUT leaves out. */
export type NewReplicationPolicy = Omit<ReplicationPolicy, "id" | "createdAt">;

export type ExecutionState = "running" | "succeeded" | "failed" | "stopped" | "unknown";

/** One firing of a replication policy. */
export interface Execution {
  readonly id: number;
  readonly policyId: number;
  /** As Harbor says; lags behind the counters by up to 30 s, and may stay `running` for ever. */
  readonly state: ExecutionState;
  readonly trigger: TriggerKind | "unknown";
  readonly startedAt: Instant;
  /** Undefined while it runs. */
  readonly endedAt?: Instant;
  /** Why it failed, where it failed before any task existed. */
  readonly text: string;
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly running: number;
  readonly stopped: number;
}

export interface Task {
  readonly id: number;
  readonly executionId: number;
  readonly state: ExecutionState | "pending";
  readonly operation: string;
  /** `project/repository [n item(s) in total]`: names no tag. */
  readonly source: string;
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
}

/** Who we are in a Harbor, and what that Harbor is. Known only once credentials were proven. */
export interface Identity {
  readonly username: string;
  readonly administrator: boolean;
  readonly robot: boolean;
  /** e.g. `{ major: 2, minor: 9, patch: 0 }` */
  readonly version: Version;
  /** That Harbor's clock minus ours, in milliseconds; undefined where it does not say. */
  readonly clockOffsetMs?: number;
  readonly readOnly: boolean;
  /** Only administrators, and robots with the right, may create projects there. */
  readonly restrictsProjects?: boolean;
}

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly text: string;
}

export interface Project {
  readonly id: number;
  readonly name: string;
  readonly public: boolean;
  /** Non-zero: a proxy cache, whose content answers from upstream. */
  readonly proxyEndpointId: number;
  readonly repositoryCount: number;
  readonly createdAt: Instant;
  /** The tag retention policy of the project; undefined where it has none. */
  readonly retentionId?: number;
}

export interface Repository {
  readonly id: number;
  /** With the project: `project/path`. */
  readonly name: string;
  readonly artifactCount: number;
}

export interface ArtifactTag {
  readonly name: string;
  /** When this tag was created or moved, by that Harbor's clock. */
  readonly pushedAt: Instant;
  readonly immutable: boolean;
}

export interface Artifact {
  readonly id: number;
  readonly digest: string;
  /** With the project. */
  readonly repository: string;
  readonly mediaType: string;
  readonly size: number;
  readonly pushedAt: Instant;
  readonly tags: readonly ArtifactTag[];
  readonly accessories: readonly Accessory[];
}

/** What comparing needs of an artifact: of listings there are many rows. */
export type ListedArtifact = Pick<Artifact, "id" | "digest" | "repository" | "tags" | "accessories">;

/** Artifacts of a listing that came at once. */
export interface ArtifactPage {
  readonly rows: readonly ListedArtifact[];
  /** A long listing is read in several lanes beside each other: by ascending id within each, those of a higher one having higher ids. */
  readonly lane: number;
}

/** A signature, SBOM or the like that is attached to an artifact; it stands in no listing of its own. */
export interface Accessory {
  readonly digest: string;
  /** As Harbor says it: `signature.cosign`, `sbom.harbor`, `subject.accessory`, … */
  readonly type: string;
  /** When it was attached, by that Harbor's clock. */
  readonly attachedAt: Instant;
}

export interface AuditEntry {
  readonly id: number;
  readonly username: string;
  readonly operation: string;
  readonly resource: string;
  readonly resourceType: string;
  readonly at: Instant;
  /** Since 2.13; names the digest of a push. */
  readonly description: string;
}

export interface ImmutableRule {
  readonly id: number;
  readonly disabled: boolean;
  readonly repositoryPattern: string;
  readonly repositoryExcludes: boolean;
  readonly tagPattern: string;
  readonly tagExcludes: boolean;
}

/** What Harbor's tag retention keeps in a project. */
export interface RetentionPolicy {
  readonly id: number;
  /** It runs by itself; without a schedule only a person starts it. */
  readonly scheduled: boolean;
  readonly rules: readonly RetentionRule[];
}

export interface RetentionRule {
  readonly disabled: boolean;
  /** `latestPushedK`, `latestPulledN`, `nDaysSinceLastPush`, `nDaysSinceLastPull`, `always`. */
  readonly template: string;
  /** How many, or days; 0 where the template has none. */
  readonly amount: number;
  /** All of them must match; none covers everything. */
  readonly repositories: readonly PatternSelector[];
  readonly tags: readonly PatternSelector[];
}

export interface PatternSelector {
  readonly pattern: string;
  readonly excludes: boolean;
}

export interface Quota {
  readonly projectId: number;
  /** Bytes; -1 is unlimited. */
  readonly limitBytes: number;
  readonly usedBytes: number;
}

/** Which features of a Harbor depend on its version. */
export interface Capabilities {
  /** 2.4: filters can exclude. */
  readonly excludingFilters: boolean;
  /** 2.3: how many path components a target namespace replaces. */
  readonly namespaceReplaceCount: boolean;
  /** 2.4 */
  readonly speed: boolean;
  /** 2.12: all artifacts of a project in one listing. */
  readonly projectArtifacts: boolean;
  /** 2.5 */
  readonly accessories: boolean;
  /** 2.8: what names its subject becomes an accessory; before only what cosign names by its tag. */
  readonly subjects: boolean;
  /** 2.13: the audit log under its new address. */
  readonly extendedAudit: boolean;
  /** 2.9: a cron starts with `0` and its minute is not `*`. */
  readonly strictCron: boolean;
  /** 2.15 */
  readonly endpointCa: boolean;
  /** 2.7 */
  readonly copyByChunk: boolean;
  /** 2.14 */
  readonly singleActive: boolean;
}

/** Rights on a whole Harbor, in Harbor's own words, that can be tried without changing anything. */
export type SystemRight =
  | "registry:list"
  | "registry:read"
  | "registry:create"
  | "registry:update"
  | "registry:delete"
  | "replication-policy:list"
  | "replication-policy:read"
  | "replication-policy:create"
  | "replication-policy:update"
  | "replication-policy:delete"
  | "replication:list"
  | "replication:read"
  | "replication:create"
  | "project:create"
  | "quota:list";

/** Rights in one project that can be tried without changing anything. */
export type ProjectRight =
  | "project:read"
  | "repository:list"
  | "artifact:list"
  | "artifact:read"
  | "tag:create"
  | "tag:delete"
  | "immutable-tag:list";

/** What an administrator set that decides how much a Harbor tells of itself. */
export interface HarborSettings {
  /** Where audit entries are sent to as well; empty is nowhere. */
  readonly auditForwardedTo: string;
  /** Audit entries are only forwarded, so that none can be read. */
  readonly auditNotKept: boolean;
  /** Since 2.13: kinds of events that leave no audit entry, e.g. `create_artifact`. */
  readonly auditWithout: readonly string[];
  readonly onlyAdministratorsCreateProjects: boolean;
}
