import type { Instant } from "../clock.ts";
import type { AuditFact } from "../failback/audit-fact.ts";
import { isEmptied, rewoundProject, type GoneProject } from "../failback/rewind.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Project } from "../observed/model.ts";
import type { MemoryStore, ProjectMemory, Rewind } from "../store/store.ts";
import type { ProjectReading } from "./read-project.ts";

/** Knows which projects of a registry are older than they were, and finds out more of them as they are read. */
export interface RewindWatch {
  isRewound(project: string): boolean;
  /** Compares a project with what is remembered of it, and remembers what it is now. Rejects where it seems rewound and nobody says who we are. */
  look(project: string, reading: ProjectReading): Promise<void>;
  /** Whether a project is another one of the same name: only who reads all of it can tell what that means. */
  isOther(project: string, reading: ProjectReading): Promise<boolean>;
  /** Told before the projects are read which of them both sides were seen to hold, and which this one lists now. Rejects as `look` does. */
  lookForEmptied(
    known: readonly string[],
    listed: ReadonlyMap<string, Project>,
    signal: AbortSignal,
  ): Promise<void>;
  /** What stands until a person accepts it. */
  rewinds(): readonly Rewind[];
}

export interface WatchedRegistry {
  readonly port: HarborPort;
  readonly memory: MemoryStore;
  /** Names the repositories that are looked at: the highest ids of others can't be compared. */
  readonly selection: string;
  now(): Instant;
  /** What the audit log says of a project itself; undefined where it can't be read or has gaps. */
  log(project: string): Promise<readonly AuditFact[] | undefined>;
}

/** A rewind stands until it is accepted, so that what is remembered of that project stays as it is too. */
export async function watchRewinds(registry: WatchedRegistry): Promise<RewindWatch> {
  const { port, memory } = registry;
  const name = port.registry.name;
  const found = [...(await memory.rewinds(name))];
  const isRewound = (project: string): boolean =>
    found.some((rewind) => rewind.project === "" || rewind.project === project);
  const add = async (project: string, reason: string): Promise<void> => {
    // To a stranger Harbor lists less, with 200, and what is concluded here stands for long.
    await port.identify({ again: true });
    const rewind = { registry: name, project, since: registry.now(), reason };
    found.push(rewind);
    await memory.rewound(rewind);
  };
  return {
    isRewound,
    rewinds: () => found,
    look: async (project, reading) => {
      if (reading.kind !== "read" || isRewound(project)) return;
      const before = await memory.project(name, project);
      const now = traceOf(registry, reading);
      const reason =
        before === undefined
          ? undefined
          : rewoundProject(before, now, await logOf(registry, project, before, now));
      if (reason !== undefined) await add(project, reason);
      else if (now.selection !== undefined && !isEqual(before, now)) {
        await memory.keepProject(name, project, { ...now, selection: now.selection });
      }
    },
    isOther: async (project, reading) => {
      const before = await memory.project(name, project);
      if (before === undefined || reading.kind !== "read") return false;
      return !isSameProject(before, reading.project);
    },
    lookForEmptied: async (known, listed, signal) => {
      if (isRewound("")) return;
      const held: string[] = [];
      const gone: GoneProject[] = [];
      for (const project of known) {
        const before = await memory.project(name, project);
        if (before === undefined || before.newest.length === 0) continue;
        held.push(project);
        // One that is left, or that can't be asked for, and nothing follows.
        if (!(await isGone(port, before, project, listed.get(project), signal))) return;
        gone.push({ log: await registry.log(project) });
      }
      if (isEmptied(held.length, gone)) {
        await add("", "nothing is left of what it held: it was emptied, or installed anew");
      }
    },
  };
}

interface Trace extends Omit<ProjectMemory, "selection"> {
  /** Undefined where a repository could not be read. */
  readonly selection?: string;
}

function traceOf(
  { selection }: WatchedRegistry,
  { project, newest, unread }: Extract<ProjectReading, { kind: "read" }>,
): Trace {
  const { id, createdAt } = project;
  return { id, createdAt, newest, ...(unread.size > 0 ? {} : { selection }) };
}

/** Asked only where something differs. */
async function logOf(
  registry: WatchedRegistry,
  project: string,
  before: ProjectMemory,
  now: Trace,
): Promise<readonly AuditFact[] | undefined> {
  return isSameProject(before, now) && before.newest[0] === now.newest[0]
    ? undefined
    : await registry.log(project);
}

type Named = Pick<ProjectMemory, "id" | "createdAt">;

function isSameProject(one: Named, other: Named): boolean {
  return one.id === other.id && one.createdAt === other.createdAt;
}

function isEqual(before: ProjectMemory | undefined, now: Trace): boolean {
  return (
    before !== undefined &&
    isSameProject(before, now) &&
    before.selection === now.selection &&
    before.newest.join() === now.newest.join()
  );
}

/** Gone, or another one of the same name. Not proven is not gone. */
async function isGone(
  port: HarborPort,
  before: ProjectMemory,
  name: string,
  listed: Project | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (listed !== undefined) return !isSameProject(before, listed);
  try {
    return (await port.project(name, signal)) === undefined;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
