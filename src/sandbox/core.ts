import type { Random } from "../clock.ts";
import type { BlobStore } from "./blob-store.ts";
import type { ContentEvent } from "./content-event.ts";
import type { Request, Response } from "./exchange.ts";
import type { FaultTable } from "./fault-table.ts";
import type { Profile } from "./profile.ts";
import type { Slots } from "./slots.ts";
import type { At, State } from "./state.ts";
import type { Tempo } from "./tempo.ts";

/** Who performs a piece of later work, and so what stops or loses it: core's memory, the job service, or a timer of core. */
export type Lane = "core" | "jobs" | "timer";

/** What comes back from another Harbor. */
export type Reply =
  | { readonly kind: "answer"; readonly response: Response }
  /** A transport error in the words of Go's client, without the method and the URL. */
  | { readonly kind: "failed"; readonly text: string }
  /** Accepted and never answered; `whenOver` calls back once the connection breaks after all. */
  | { readonly kind: "hang"; readonly whenOver: (resume: () => void) => void };

interface Upload {
  readonly repository: string;
  readonly content: Buffer;
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
  readonly uploads: Map<string, Upload>;
  /** Executions whose status will be looked at by the next refresh. */
  readonly refreshes: Set<number>;
  /** Which of the schedules of a replication policy counts; older ones are dead. */
  readonly schedules: Map<number, number>;
  /** Derived from content, valid for one revision of the state. */
  readonly derived: Map<string, { readonly revision: number; readonly value: unknown }>;
  /** Told of everything that happens to content at once, also of what is lost for everybody else. */
  readonly contentListeners: Set<(event: ContentEvent) => void>;
  /** The name of the replication policy whose job is writing to another Harbor right now. */
  copyingFor: string | undefined;
  /** Scheme, host and port, without a trailing slash. */
  url: string;
  state: State;
  blobs: BlobStore;
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
