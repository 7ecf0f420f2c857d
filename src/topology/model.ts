/**
 * The declared model, normalised: what a user said, with every default filled in. Pure values, no behaviour.
 *
 * Terminology: a *registry* is one Harbor; a *topology* is a set of registries and how content flows between
 * them; a *flow* is one directed edge of it; a *selection* is what a flow covers. See docs/glossary in ARCHITECTURE.md.
 */

import type { DailyWindow } from "./daily-window.ts";

/** `[a-z0-9-]{1,16}` */
export type RegistryName = string;
/** `[a-z0-9-]{1,16}` */
export type TopologyName = string;
/** A pattern in Harbor's dialect of doublestar, see `topology/doublestar.ts`. */
export type Pattern = string;

/** A password. Wrapped so that it can't be printed by accident: only `reveal()` gives it away. */
export interface Secret {
  reveal(): string;
  toJSON(): string;
  toString(): string;
}

export interface Account {
  readonly username: string;
  readonly password: Secret;
}

export interface Registry {
  readonly name: RegistryName;
  /** Scheme, host, port and path, without a trailing slash. */
  readonly url: string;
  readonly account: Account;
  /** PEM of a private certificate authority, already read. */
  readonly ca?: string;
  readonly insecureSkipVerify: boolean;
  /** How the other registries reach this one. */
  readonly endpointUrl: string;
  /** What the other registries log in with here. */
  readonly replicationAccount: Account;
}

/** What is covered: a repository is covered if its project and its path inside match, a tag if it matches and is not excluded. */
export interface Selection {
  readonly projects: readonly Pattern[];
  /** Repository path inside the project. */
  readonly repositories: readonly Pattern[];
  readonly tags: Pattern;
  readonly excludeTags: readonly Pattern[];
  /** Names of projects that are never in it, whatever the patterns say: clusters are probed in them. */
  readonly exceptProjects?: readonly string[];
}

/** When Harbor itself copies along a flow. */
export type Trigger =
  | { readonly kind: "event" }
  | { readonly kind: "manual" }
  /** Six fields, the first of them `0`; Harbor evaluates it in UTC. */
  | { readonly kind: "cron"; readonly cron: string };

/** What Harbor itself is told to do. */
export interface ReplicationSettings {
  readonly override: boolean;
  readonly deletions: boolean;
  /** Kilobits a second and task; 0 is unlimited. */
  readonly speedKbps: number;
}

export type RemedyChoice = "auto" | "scoped" | "touch" | "retrigger" | "toggle";
export type ConflictChoice = "report" | "newest" | { readonly prefer: RegistryName };

/** What Tidelock does about a gap. */
export interface HealSettings {
  readonly remedy: RemedyChoice;
  readonly conflicts: ConflictChoice;
  readonly deletions: "report" | "replay";
  /** What to do where a late copy brought an older image back to both sides. */
  readonly regressions: "report" | "repair";
  /** Master-slave only: what to do about a tag that somebody deleted on a slave. */
  readonly slaveDeletions: "restore" | "respect";
  /** What to do about a tag that only one side has when nothing is known of the past. */
  readonly firstContact: "copy" | "report";
  readonly settleMs: number;
  /** At most this many remedies an hour and flow. */
  readonly remediesPerHour: number;
  /** When healing may begin; always where there is none. */
  readonly window?: DailyWindow;
}

interface TopologyBase {
  readonly name: TopologyName;
  /** `observe` plans and reports, and writes nothing. */
  readonly mode: "act" | "observe";
}

export interface ReplicatedTopology extends TopologyBase {
  readonly kind: "master-slave" | "dual-master";
  /** For `master-slave` the first is the master; for `dual-master` all are equal. */
  readonly registries: readonly RegistryName[];
  readonly content: Selection;
  readonly trigger: Trigger;
  readonly replication: ReplicationSettings;
  readonly heal: HealSettings;
  /** Enable a replication policy again that somebody disabled. */
  readonly enforceEnabled: boolean;
  /** Names of replication policies that are not ours and may stand beside ours over the same flow. */
  readonly ignoreForeign: readonly string[];
}

export interface ClusterNode {
  readonly name: string;
  readonly url: string;
  /** The Host header and server name to ask for, where they differ from the URL's. */
  readonly host?: string;
}

export interface SharedStorageTopology extends TopologyBase {
  readonly kind: "shared-storage";
  readonly account: Account;
  readonly nodes: readonly ClusterNode[];
  readonly front?: { readonly url: string };
  /** PEM of a private certificate authority, already read; for the nodes and the front. */
  readonly ca?: string;
  readonly insecureSkipVerify: boolean;
  readonly probe: ProbeSettings;
}

/** How a cluster is probed. */
export interface ProbeSettings {
  /** A private project for nothing else. */
  readonly project: string;
  /** Six-field crons of the two forms. */
  readonly small: string;
  readonly full: string;
  /** Rounds for each ordered pair of nodes, by form. */
  readonly rounds: { readonly small: number; readonly full: number };
  /** What a node shows later than this after the acknowledgement is stale. */
  readonly visibleWithinMs: number;
  /** What a node has not shown by then it never will. */
  readonly giveUpMs: number;
}

export type Topology = ReplicatedTopology | SharedStorageTopology;

/** A directed edge: content of `from` is replicated to `to`. */
export interface Flow {
  readonly topology: ReplicatedTopology;
  readonly from: RegistryName;
  readonly to: RegistryName;
}

export interface Settings {
  /** Part of the mark on everything we make in a Harbor; two installations that share a Harbor need different ones. */
  readonly installation: string;
  /** Path of the embedded store; undefined stands for the default place. */
  readonly store?: string;
  readonly schedule: string;
  readonly probe: { readonly everySeconds: number; readonly failAfter: number; readonly riseAfter: number };
  readonly health: { readonly warnSeconds: number; readonly criticalSeconds: number };
  /** The most that Harbors are asked to bear; left out stands for the defaults. */
  readonly load?: {
    /** Requests at once to one registry; fewer while it answers slowly. */
    readonly requests: number;
    /** Remedies at once, over all flows of all topologies. */
    readonly executions: number;
  };
}

/** Everything declared. */
export interface Declared {
  readonly registries: ReadonlyMap<RegistryName, Registry>;
  readonly topologies: readonly Topology[];
  readonly settings: Settings;
}
