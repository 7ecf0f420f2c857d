import type { Random } from "../clock.ts";
import type { BlobStore } from "./blob-store.ts";
import type { ContentEvent } from "./content-event.ts";
import type { Request, Response } from "./exchange.ts";
import type { FaultTable } from "./fault-table.ts";
import type { Files, Sight } from "./files.ts";
import type { NodeSettings } from "./node-settings.ts";
import type { Profile } from "./profile.ts";
import type { Slots } from "./slots.ts";
import type { At, State } from "./state.ts";
import type { Tempo } from "./tempo.ts";

/** Who performs a piece of later work, and so what stops or loses it: core's memory, the job service, or a timer of core. */
export type Lane = "core" | "jobs" | "timer";

/** What comes back from another Harbor. */
export type Reply =
  | { readonly kind: "answer"; readonly response: Response; readonly delayMs: number }
  /** A transport error in the words of Go's client, without the method and the URL. */
  | { readonly kind: "failed"; readonly text: string }
  /** Accepted and never answered; `whenOver` calls back once the connection breaks after all. */
  | { readonly kind: "hang"; readonly whenOver: (resume: () => void) => void };

/** What a Harbor keeps in PostgreSQL; its state is replaced as a whole when a backup is restored. */
export interface Database {
  state: State;
}

interface Session {
  readonly userId: number;
}

/** What a Harbor keeps in Redis; nodes that share one share all of it. */
export interface Redis {
  /** By the value of the cookie `sid`. */
  readonly sessions: Map<string, Session>;
  /** Sizes by digest: what a registry says of a blob without looking at the file. */
  readonly descriptors: Map<string, number>;
  /** Which of the schedules of a replication policy counts; older ones are dead. */
  readonly schedules: Map<number, number>;
  /** Whose job services take from the queue. */
  readonly workers: Core[];
  /** Whose job service is quicker than the others', by name; undefined leaves it to chance. */
  quickest: string | undefined;
}

/** One Harbor from inside: its state, and the only ways out of it (time, chance, the network). */
export interface Core {
  readonly name: string;
  readonly profile: Profile;
  readonly tempo: Tempo;
  readonly random: Random;
  readonly faults: FaultTable;
  /** The ten replications that core prepares at a time. */
  readonly flowSlots: Slots;
  /** The workers of the job service. */
  readonly workers: Slots;
  /** Until when a username is locked after a wrong password. */
  readonly locked: Map<string, At>;
  /** Executions whose status will be looked at by the next refresh. */
  readonly refreshes: Set<number>;
  /** Derived from content, valid for one revision of the state. */
  readonly derived: Map<string, { readonly revision: number; readonly value: unknown }>;
  /** Told of everything that happens to content at once, also of what is lost for everybody else, and when it was by this Harbor's own clock. */
  readonly contentListeners: Set<(event: ContentEvent, at: number) => void>;
  /** The name of the replication policy whose job is writing to another Harbor right now. */
  copyingFor: string | undefined;
  /** Scheme, host and port, without a trailing slash. */
  url: string;
  /** What stands in its files of configuration. */
  readonly settings: NodeSettings;
  /** What it may share with other nodes of a cluster: database, Redis, storage. */
  database: Database;
  redis: Redis;
  files: Files;
  /** What it sees of files that others write too; undefined where nobody else does. */
  readonly sight: Sight | undefined;
  /** The registry over these files and this Redis. */
  blobs: BlobStore;
  /** That of the database. */
  readonly state: State;
  /** How long the calls took that were made on behalf of the request that is being answered, in milliseconds. */
  waitedMs: number;
  /** This Harbor's own clock, skewed or not. */
  now(): At;
  schedule(lane: Lane, delayMs: number, work: () => void): void;
  /** Asked later: has the lane kept its memory since now? */
  survives(lane: Lane): () => boolean;
  call(url: string, request: Request): Reply;
}

/** A value that is worked out once for each revision of the content. */
export function derivedValue<T>(
  core: Core,
  key: string,
  make: () => T,
  is: (value: unknown) => value is T,
): T {
  const known = core.derived.get(key);
  if (known?.revision === core.state.revision && is(known.value)) return known.value;
  const value = make();
  if (core.derived.size > 200) core.derived.clear();
  core.derived.set(key, { revision: core.state.revision, value });
  return value;
}
