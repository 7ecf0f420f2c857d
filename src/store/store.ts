/**
 * The store of evidence: what was seen, when, and what was done. Nothing that is declared needs it; without it Tidelock still
 * converges, only more carefully (every base is cold).
 */
import type { Instant, Millis } from "../clock.ts";
import type { Outage, Reach } from "../failback/outage.ts";
import type { BaseEntry } from "../parity/model.ts";
import type { RegistryName, TopologyName } from "../topology/model.ts";

/** Names one pair of registries in one topology. */
export interface PairKey {
  readonly topology: TopologyName;
  readonly left: RegistryName;
  readonly right: RegistryName;
}

export interface BaseChange {
  /** With the project. */
  readonly repository: string;
  readonly tag: string;
  /** Undefined: forget it. */
  readonly entry?: BaseEntry;
}

/** What a pair was last seen to agree on. Scopes: `""` is the whole pair, then a project, then a repository. */
export interface BaseStore {
  /**
   * Opens the base of a pair. A fingerprint other than the last one (addresses or selection changed) makes all of it cold;
   * the digests stay as history.
   */
  open(pair: PairKey, fingerprint: string): Promise<void>;
  /** Whether this repository, its project or the whole pair was ever read whole on both sides. */
  isWarm(pair: PairKey, repository: string): Promise<boolean>;
  markWarm(pair: PairKey, scopes: readonly string[]): Promise<void>;
  /** Tag → entry. */
  entries(pair: PairKey, repository: string): Promise<Map<string, BaseEntry>>;
  /** Projects that have entries. */
  projects(pair: PairKey): Promise<string[]>;
  /** Repositories of a project that have entries. */
  repositories(pair: PairKey, project: string): Promise<string[]>;
  /** All or nothing. */
  write(pair: PairKey, changes: readonly BaseChange[]): Promise<void>;
}

export interface OutageStore {
  reach(registry: RegistryName): Promise<Reach | undefined>;
  /** A registry that is up has no outage that lasts: whatever was left open ends at its last answer. */
  saveReach(registry: RegistryName, reach: Reach, outage?: Outage): Promise<void>;
  /** Newest last, at most the last hundred. */
  outages(registry: RegistryName): Promise<Outage[]>;
}

/** One remedy that was begun. */
export interface RemedyRecord {
  readonly topology: TopologyName;
  readonly from: RegistryName;
  readonly to: RegistryName;
  readonly at: Instant;
  readonly kind: string;
  readonly subject: string;
}

export interface Journal {
  record(remedy: RemedyRecord): Promise<void>;
  /** When remedies of a flow were begun, in the last hour before `now`. */
  begun(topology: TopologyName, from: RegistryName, to: RegistryName, now: Instant): Promise<Instant[]>;
}

/** The outcome of one pass over one topology, as JSON for `status`. */
export interface PassRecord {
  readonly topology: TopologyName;
  readonly at: Instant;
  readonly report: unknown;
}

export interface PassStore {
  save(pass: PassRecord): Promise<void>;
  latest(topology: TopologyName): Promise<PassRecord | undefined>;
}

export interface LeaseStore {
  /** Takes or renews the right to act on a topology; false when somebody else who is alive has it. */
  take(topology: TopologyName, owner: string, now: Instant, forMs: Millis): Promise<boolean>;
  release(topology: TopologyName, owner: string): Promise<void>;
  holder(topology: TopologyName): Promise<{ owner: string; until: Instant } | undefined>;
}

export interface Store {
  /** Where it is, for people. */
  readonly place: string;
  /** Set when evidence can't be kept, with the reason: everything works on, with a cold base. */
  readonly impaired: string | undefined;
  readonly base: BaseStore;
  readonly outages: OutageStore;
  readonly journal: Journal;
  readonly passes: PassStore;
  readonly leases: LeaseStore;
  close(): Promise<void>;
}
