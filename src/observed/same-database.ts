import type { HarborPort } from "../harbor/port.ts";
import {
  compareAudits,
  compareObjects,
  compareProjects,
  type AuditReadings,
  type Likeness,
} from "../plan/same-database.ts";
import type { AuditEntry, Project } from "./model.ts";
import type { ReadRegistry } from "./state.ts";

/** How the databases of two registries are related, as far as reading can tell. */
export type Relation =
  | { readonly kind: "apart" }
  /** Proven: `because` is a whole sentence. */
  | { readonly kind: "one"; readonly because: string }
  /** One database, or a copy in which nothing happened since. `because` names what is the same. */
  | { readonly kind: "alike"; readonly because: string; readonly pulse: boolean }
  /** Nothing could be compared. */
  | { readonly kind: "unknown" };

export interface Side {
  readonly port: HarborPort;
  /** Undefined where they could not be read. */
  readonly found: Pick<ReadRegistry, "endpoints" | "policies"> | undefined;
}

const FIRST_PROJECT = "library";
/** Of more than this nobody changes between two readings. */
const NEWEST = 20;

/**
 * Tells nodes of one database from registries of their own, and never takes a copy for the original. Asks nothing where the endpoints and replication
 * policies that were read differ, as those of registries that replicate do; else a project of each, and only where that is the same, too, the newest
 * audit entries. What can't be read says nothing. Rejects only when the signal was aborted.
 */
export async function readRelation(left: Side, right: Side, signal: AbortSignal): Promise<Relation> {
  const objects = objectsOf(left, right);
  if (objects === "apart") return { kind: "apart" };
  const projects = compareProjects(
    await firstProject(left.port, signal),
    await firstProject(right.port, signal),
  );
  if (projects === "apart") return { kind: "apart" };
  const readings = await readAudits(left.port, right.port, signal);
  const audits = compareAudits(readings);
  if (audits === "apart") return { kind: "apart" };
  if (audits === "one") {
    const entry = readings.right[0]?.id ?? 0;
    const because = `the audit entry ${entry}, made while they were being read, is in both`;
    return { kind: "one", because };
  }
  const same = sameThings({ objects, projects, audits });
  if (same.length === 0) return { kind: "unknown" };
  return { kind: "alike", because: same.join(", "), pulse: audits === "alike" && projects === "alike" };
}

function objectsOf(left: Side, right: Side): Likeness {
  if (left.found === undefined || right.found === undefined) return "nothing";
  return compareObjects(left.found, right.found);
}

function sameThings(found: Readonly<Record<"objects" | "projects" | "audits", Likeness>>): string[] {
  return [
    ...(found.objects === "alike" ? ["all endpoints and replication policies"] : []),
    ...(found.projects === "alike"
      ? [`the project ${FIRST_PROJECT} with the millisecond it was made in`]
      : []),
    ...(found.audits === "alike" ? ["the newest audit entry"] : []),
  ];
}

async function firstProject(port: HarborPort, signal: AbortSignal): Promise<Project | undefined> {
  return await orUndefined(() => port.project(FIRST_PROJECT, signal), signal);
}

async function readAudits(left: HarborPort, right: HarborPort, signal: AbortSignal): Promise<AuditReadings> {
  const read = async (port: HarborPort): Promise<AuditEntry[]> =>
    (await orUndefined(() => port.latestAudit(NEWEST, signal), signal)) ?? [];
  const first = await read(left);
  const second = first.length === 0 ? [] : await read(right);
  const isSame = second.length === 0 || second[0]?.id === first[0]?.id;
  return { left: first, right: second, leftAgain: isSame ? first : await read(left) };
}

async function orUndefined<T>(
  read: () => Promise<T | undefined>,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
