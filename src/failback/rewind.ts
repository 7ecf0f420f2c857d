import type { Instant } from "../clock.ts";
import type { AuditFact } from "./audit-fact.ts";

/** How many of the highest ids of a project are remembered. */
const IDS_REMEMBERED = 8;
/** One may have been deleted; that it was the newest one, twice, is no everyday thing. */
const LOST_AT_LEAST = 2;
/** An entry about a project is written right after it. */
const APART_MS = 5_000;

/** What is remembered of a project, and what it is now. The same as the store's memory. */
export interface ProjectTrace {
  readonly id: number;
  readonly createdAt: Instant;
  /** The highest ids of its artifacts, highest first. */
  readonly newest: readonly number[];
  /** What was looked at; undefined where not all of it could be read. */
  readonly selection?: string;
}

/**
 * Why a project is taken to have come back from a backup, as half a sentence; undefined when it is not. `log` is what the audit log says of the
 * project itself, undefined where it can't be read or has gaps: with a log, what it explains is no riddle.
 */
export function rewoundProject(
  before: ProjectTrace,
  now: ProjectTrace,
  log: readonly AuditFact[] | undefined,
): string | undefined {
  if (before.id !== now.id || before.createdAt !== now.createdAt) {
    return log !== undefined && wasMadeAnew(now, log)
      ? undefined
      : "it is another project of the same name: made anew, or from a backup";
  }
  // A log without gaps would be older too.
  if (log !== undefined || before.selection === undefined || before.selection !== now.selection)
    return undefined;
  const lost = lostFromTop(before.newest, now.newest);
  return lost < LOST_AT_LEAST
    ? undefined
    : `its ${lost} newest artifacts are gone: deleted, or not yet in the backup that it came back from`;
}

function wasMadeAnew({ createdAt }: ProjectTrace, log: readonly AuditFact[]): boolean {
  return log.some(({ act, at }) => act === "create-project" && Math.abs(at - createdAt) <= APART_MS);
}

/** How many of the remembered ids lie above everything that is there now. */
function lostFromTop(before: readonly number[], now: readonly number[]): number {
  const top = Math.max(0, ...now);
  return before.filter((id) => id > top).length;
}

/** The highest ids, highest first. */
export function highest(ids: readonly number[]): number[] {
  return ids.toSorted((one, other) => other - one).slice(0, IDS_REMEMBERED);
}

/** One project that a registry was seen to hold content of, and lacks now. */
export interface GoneProject {
  /** What the audit log says of it; undefined where it can't be read or has gaps. */
  readonly log: readonly AuditFact[] | undefined;
}

/**
 * Whether a registry was emptied or installed anew: every project that it was seen to hold is gone, and no log shows that they were deleted.
 */
export function isEmptied(known: number, gone: readonly GoneProject[]): boolean {
  if (known === 0 || gone.length < known) return false;
  return !gone.every(({ log }) => log?.some(({ act }) => act === "delete-project") === true);
}
