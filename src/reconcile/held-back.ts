import type { Pause } from "../store/store.ts";
import type { ReplicatedTopology } from "../topology/model.ts";

/** A topology as a pass may treat it now, and why it is only looked at. */
export interface HeldBack {
  readonly topology: ReplicatedTopology;
  /** Empty where nothing holds it back that its declaration does not say itself. */
  readonly notes: readonly string[];
}

/** A paused topology, and every one while nothing may be written, is treated as if its mode were `observe`: watched and compared, never written to. */
export function heldBack(
  topology: ReplicatedTopology,
  { pause, readOnly }: { readonly pause: Pause | undefined; readonly readOnly: boolean },
): HeldBack {
  const notes = [
    ...(pause === undefined ? [] : [`${pauseText(pause)}: nothing was configured or healed`]),
    ...(readOnly ? ["TIDELOCK_READ_ONLY is set: nothing was written to any Harbor"] : []),
  ];
  return { topology: notes.length === 0 ? topology : { ...topology, mode: "observe" }, notes };
}

/** `paused until 2026-01-02T03:04:05.000Z`, or until it is resumed. */
export function pauseText({ name, until }: Pause): string {
  return until === undefined
    ? `paused until tidelock resume ${name}`
    : `paused until ${new Date(until).toISOString()}`;
}
