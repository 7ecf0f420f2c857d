/**
 * The store of evidence: what was seen, when, and what was done. Nothing that is declared needs it; without it Tidelock still
 * converges, only more carefully (every base is cold).
 */
import type { Instant, Millis } from "../clock.ts";
import type { AuditFact } from "../failback/audit-fact.ts";
import type { Decision } from "../failback/decision.ts";
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
  /** How many tags have entries. */
  size(pair: PairKey): Promise<number>;
  /** Projects that have entries. */
  projects(pair: PairKey): Promise<string[]>;
  /** Repositories of a project that have entries. */
  repositories(pair: PairKey, project: string): Promise<string[]>;
  /** All or nothing. Whatever changes of a repository voids what it was settled as, unless `settled` says anew what that is. */
  write(pair: PairKey, changes: readonly BaseChange[], settled?: SettledRepository): Promise<void>;
  /**
   * What both listings of a repository were when every tag of it was in step and nothing was left to remember: the same listings need no entry read
   * again. Begins with an empty print at turn 0.
   */
  settled(pair: PairKey, repository: string): Promise<Settled>;
}

export interface Settled {
  /** Of both listings; empty where it is not known. */
  readonly print: string;
  /** Counts the changes, so that who read before a change by somebody else settles nothing after it. */
  readonly turn: number;
}

export interface SettledRepository {
  readonly repository: string;
  readonly print: string;
  /** As it was read before the entries were. */
  readonly turn: number;
}

/** Room for what does not fit into memory while two registries are compared. It is no evidence, and goes with the process. */
export interface SpillStore {
  open(): Promise<Spill>;
}

export interface Spill {
  /** All or nothing. A name may come again. */
  put(parts: Iterable<{ readonly name: string; readonly bytes: Uint8Array }>): Promise<void>;
  /** What was put under a name, in its order. */
  get(name: string): Promise<Uint8Array[]>;
  drop(): Promise<void>;
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
  /** Names the work, so that its failures can be counted: the same tags to the same digests have the same. */
  readonly work: string;
}

export interface RemedyEnd {
  /** As in a remedy's outcome. */
  readonly result: string;
  readonly reason?: string;
}

/** How often in a row a work failed, and when it was last tried. */
export interface Failures {
  readonly inARow: number;
  readonly lastAt: Instant;
  readonly reason: string;
}

export interface Journal {
  /** Gives a number to end it with. */
  record(remedy: RemedyRecord): Promise<number>;
  ended(id: number, end: RemedyEnd): Promise<void>;
  /** When remedies of a flow were begun, in the last hour before `now`. */
  begun(topology: TopologyName, from: RegistryName, to: RegistryName, now: Instant): Promise<Instant[]>;
  /** Undefined where the last try did not fail, or there was none. */
  failures(topology: TopologyName, work: string): Promise<Failures | undefined>;
}

/** How far the audit log of a registry was read. */
export interface AuditMark {
  readonly lastId: number;
  /** When that entry was made, by that registry's clock. */
  readonly lastAt: Instant;
  /** When the log was last read to its end, by that registry's clock; at most some minutes older than true. */
  readonly readAt?: Instant;
}

/** What audit logs said of content, kept because Harbor purges them. */
export interface AuditStore {
  mark(registry: RegistryName): Promise<AuditMark | undefined>;
  /** Adds facts and moves the mark, all or nothing. */
  append(registry: RegistryName, mark: AuditMark, facts: readonly AuditFact[]): Promise<void>;
  /** Oldest first. */
  facts(registry: RegistryName, repository: string): Promise<AuditFact[]>;
  /** Repositories, with their projects, that something is known to have been done to since then, by that registry's clock. */
  changedSince(registry: RegistryName, at: Instant): Promise<string[]>;
  /** Forgets everything: the registry came back from a backup, and its numbers begin anew. */
  restart(registry: RegistryName): Promise<void>;
}

/** What tells a project of a registry from the same project in a backup. */
export interface ProjectMemory {
  readonly id: number;
  readonly createdAt: Instant;
  /** The highest ids of its artifacts, highest first, at most eight. */
  readonly newest: readonly number[];
  /** What was looked at when they were read; others can't be compared. */
  readonly selection: string;
}

/** That a registry, or one project of it, is older than it was. Stands until a person accepts it. */
export interface Rewind {
  readonly registry: RegistryName;
  /** A project; empty: all of it. */
  readonly project: string;
  readonly since: Instant;
  readonly reason: string;
}

export interface MemoryStore {
  project(registry: RegistryName, project: string): Promise<ProjectMemory | undefined>;
  keepProject(registry: RegistryName, project: string, memory: ProjectMemory): Promise<void>;
  rewinds(registry: RegistryName): Promise<Rewind[]>;
  /** The first one of a project stands. */
  rewound(rewind: Rewind): Promise<void>;
  /** Forgets the rewinds, the projects and the audit mark of a registry, and makes every base cold that it is part of. */
  accept(registry: RegistryName): Promise<void>;
}

/** What people decided. */
export interface DecisionStore {
  of(topology: TopologyName): Promise<Decision[]>;
  /** Takes the place of an earlier one about the same tag of the same pair. */
  put(decision: Decision): Promise<void>;
  forget(decision: Decision): Promise<void>;
}

/** Planned maintenance of a topology. */
export interface Pause {
  readonly name: TopologyName;
  readonly from: Instant;
  /** Missing: until it is resumed. */
  readonly until?: Instant;
}

export interface PauseStore {
  /** The pause that is in force at that moment. */
  of(name: TopologyName, now: Instant): Promise<Pause | undefined>;
  begin(pause: Pause): Promise<void>;
  end(name: TopologyName): Promise<void>;
}

/** An outage or gap, or a fault of a cluster, with its life. */
export interface Incident {
  readonly id: number;
  readonly topology: TopologyName;
  readonly kind: "outage" | "gap" | "fault";
  /** A registry, or `left/right`, or the name of a fault. */
  readonly subject: string;
  readonly openedAt: Instant;
  readonly closedAt?: Instant;
}

export interface IncidentEntry {
  readonly at: Instant;
  readonly kind: "opened" | "evidence" | "remedy" | "proof" | "closed";
  readonly text: string;
}

export interface IncidentStore {
  /** Gives its number; of one about the same subject that is open already, that one's. 0 where it could not be kept. */
  open(incident: Omit<Incident, "id" | "closedAt">): Promise<number>;
  add(id: number, entry: IncidentEntry): Promise<void>;
  close(id: number, at: Instant): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<Incident[]>;
  openOf(topology: TopologyName): Promise<Incident[]>;
  /** Undefined when there is none of that number. */
  get(id: number): Promise<{ incident: Incident; entries: IncidentEntry[] } | undefined>;
}

/** An image that was kept under a rescue tag before something was put over it. */
export interface Rescue {
  readonly topology: TopologyName;
  readonly registry: RegistryName;
  readonly repository: string;
  /** The tag that it stood under. */
  readonly tag: string;
  readonly digest: string;
  readonly rescueTag: string;
  readonly at: Instant;
  readonly reason: string;
  /** It lost its tag before it was kept, and against everybody's will. */
  readonly displaced?: true;
}

/** A repository as it was right before something was put over tags of it. Stands until what that displaced was read back, also after a kill. */
export interface Overwrite {
  readonly topology: TopologyName;
  readonly registry: RegistryName;
  readonly repository: string;
  /** What is put over which tag. */
  readonly tags: readonly { readonly tag: string; readonly digest: string; readonly replaces?: string }[];
  /** Digest → its tags. */
  readonly before: ReadonlyMap<string, ReadonlySet<string>>;
  /** When that was read, by that registry's clock. */
  readonly since: Instant;
}

export interface OverwriteStore {
  /** Gives a number to end it with. */
  begin(overwrite: Overwrite): Promise<number>;
  end(id: number): Promise<void>;
  /** Those of which nobody read back what they displaced. */
  of(topology: TopologyName): Promise<(Overwrite & { readonly id: number })[]>;
}

export interface RescueStore {
  /** One of the same registry, repository and rescue tag is kept once, as it was put aside last. */
  add(rescue: Rescue): Promise<void>;
  of(topology: TopologyName): Promise<Rescue[]>;
  remove(rescue: Rescue): Promise<void>;
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
  readonly spills: SpillStore;
  readonly outages: OutageStore;
  readonly journal: Journal;
  readonly audit: AuditStore;
  readonly memory: MemoryStore;
  readonly decisions: DecisionStore;
  readonly pauses: PauseStore;
  readonly incidents: IncidentStore;
  readonly rescues: RescueStore;
  readonly overwrites: OverwriteStore;
  readonly passes: PassStore;
  readonly leases: LeaseStore;
  close(): Promise<void>;
}
