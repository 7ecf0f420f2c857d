import type { Instant, Millis } from "../clock.ts";
import type { TagPast } from "../catalog/compare-repository.ts";
import type { RewindWatch } from "../catalog/watch-rewinds.ts";
import { accountsOf } from "../failback/actors.ts";
import { auditEvidence, type RepositoryLog } from "../failback/audit-evidence.ts";
import type { Digest, Side, SideEvidence, SideReading } from "../parity/model.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Rescue, RescueStore } from "../store/store.ts";
import type { Pair } from "../topology/flows.ts";
import type { AuditLog } from "./audit-logs.ts";

const SIDES = ["left", "right"] as const;
/** More than are ever compared at the same time. */
const REPOSITORIES_KEPT = 32;

/** What audit logs, rescue tags and the watch over backups say about single tags. */
export interface TagEvidence {
  /** Reads the logs of one repository of both sides; only of the last ones is anything known. */
  prefetch(repository: string): Promise<void>;
  /** Only what is known, to be laid over the rest. */
  of(side: Side, repository: string, reading: SideReading, of?: TagPast): Partial<SideEvidence>;
}

export interface TagEvidenceSource {
  readonly pair: Pair;
  readonly ports: Readonly<Record<Side, HarborPort>>;
  readonly rescues: RescueStore;
  /** Undefined where a registry did not answer. */
  readonly logs: Readonly<Record<Side, AuditLog | undefined>>;
  readonly watch: Readonly<Record<Side, RewindWatch>>;
}

export async function readTagEvidence(
  source: TagEvidenceSource,
  offsets: Readonly<Record<Side, Millis>>,
): Promise<TagEvidence> {
  const { pair, ports, watch } = source;
  const rescues = await source.rescues.of(pair.topology.name);
  const loaded = new Map<string, Partial<Record<Side, RepositoryLog>>>();
  return {
    prefetch: async (repository) => {
      const logs: Partial<Record<Side, RepositoryLog>> = {};
      for (const side of SIDES) {
        const log = source.logs[side];
        if (log === undefined) continue;
        const found = await factsOf(log, repository);
        const accounts = accountsOf(ports[side].registry);
        logs[side] = { ...found, accounts, clockOffsetMs: offsets[side] };
      }
      loaded.delete(repository);
      loaded.set(repository, logs);
      const [oldest] = loaded.keys();
      if (loaded.size > REPOSITORIES_KEPT && oldest !== undefined) loaded.delete(oldest);
    },
    of: (side, repository, reading, of) => {
      const rewound = watch[side].isRewound(projectOf(repository));
      if (of === undefined) return { rewound };
      const log = loaded.get(repository)?.[side];
      return {
        rewound,
        givenUp: givenUpIn(
          rescues,
          { registry: pair[side], repository, tag: of.tag },
          reading.kind === "present" ? reading.pushedAt - offsets[side] : undefined,
        ),
        ...(log === undefined ? {} : auditEvidence(log, of.tag, reading, of.held)),
      };
    },
  };
}

/** Whether the log is whole is asked only where it says anything: that may cost a request. */
async function factsOf(log: AuditLog, repository: string): Promise<Pick<RepositoryLog, "facts" | "whole">> {
  const facts = await log.facts(repository);
  return { facts, whole: facts.length > 0 && (await log.state()).kind === "read" };
}

/** What is kept is replaced right after; the copy of a large image takes its time. */
const REPLACED_WITHIN_MS = 6 * 3_600_000;
/** We know the time of a Harbor no better than this. */
const CLOCK_DOUBT_MS = 2_000;

/**
 * What is kept of what was replaced by what stands there now; `since` when, by our clock. What was put aside before, and came back meanwhile, was not
 * given up: if that is lost again, it is missed.
 */
function givenUpIn(
  rescues: readonly Rescue[],
  at: Pick<Rescue, "registry" | "repository" | "tag">,
  since: Instant | undefined,
): readonly Digest[] {
  if (since === undefined) return [];
  return rescues
    .filter((one) => one.registry === at.registry && one.repository === at.repository && one.tag === at.tag)
    .filter((one) => isReplaced(one, since))
    .map(({ digest }) => digest);
}

/** What was displaced is kept after it was replaced, everything else before. */
function isReplaced({ at, displaced }: Rescue, since: Instant): boolean {
  if (displaced === true) return since <= at + CLOCK_DOUBT_MS;
  return since >= at - CLOCK_DOUBT_MS && since <= at + REPLACED_WITHIN_MS;
}

function projectOf(repository: string): string {
  return repository.split("/", 1)[0] ?? "";
}
