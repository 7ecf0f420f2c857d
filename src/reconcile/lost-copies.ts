import { keyOf } from "../catalog/compare-pair.ts";
import type { RewindWatch } from "../catalog/watch-rewinds.ts";
import type { Clock, Instant, Millis } from "../clock.ts";
import { diedWithoutTasks, isFinal } from "../failback/executions.ts";
import type { HarborPort } from "../harbor/port.ts";
import { repositoryOf, tasksOf } from "../heal/settle.ts";
import type { Execution } from "../observed/model.ts";
import type { Side } from "../parity/model.ts";
import type { Store } from "../store/store.ts";
import type { Pair } from "../topology/flows.ts";
import { selects } from "../topology/selection.ts";
import type { AuditLog } from "./audit-logs.ts";
import { isWorthLooking } from "./worth-looking.ts";

const SIDES = ["left", "right"] as const;
/** We know the time of a Harbor, and Harbor that of its parts, no better than this; the event of a push starts well within it. */
const MARGIN_MS: Millis = 60_000;

/** One pair, and what was read of it before it is listed. */
export interface PairAtHand {
  readonly pair: Pair;
  readonly ports: Readonly<Record<Side, HarborPort>>;
  /** Of all registries of the topology that answer, since what is brought to this pair goes on from there. */
  readonly allLogs: readonly AuditLog[];
  readonly watch: Readonly<Record<Side, RewindWatch>>;
  /** Of our replication policies that copy from this side. */
  readonly executions: Readonly<Record<Side, readonly Execution[]>>;
  /** Each side's clock minus ours. */
  readonly offsets: Readonly<Record<Side, Millis>>;
}

export interface LostCopies {
  /** The repositories that executions were to copy and did not, where they are few. */
  of(at: PairAtHand, signal: AbortSignal): Promise<ReadonlySet<string>>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Finds out what executions failed to copy since a moment of ours: a failed task names its repository, though no tag; where an execution died before it had tasks
 * the audit log of its side names what was changed there since. It says where to look first, and nothing more. Nothing where a log has gaps, or a project is
 * older than it was: then a part of it tells nothing. Costs no request where nothing failed, else one for each execution with tasks.
 */
export function lostCopiesSince(
  since: Instant,
  { store, clock }: { readonly store: Pick<Store, "audit" | "base">; readonly clock: Clock },
): LostCopies {
  const asked = new Map<string, Promise<readonly string[]>>();
  const failedTasks = (
    port: HarborPort,
    { id }: Execution,
    signal: AbortSignal,
  ): Promise<readonly string[]> => {
    const key = `${port.registry.name} ${id}`;
    const known = asked.get(key) ?? repositoriesNotCopied(port, id, signal);
    asked.set(key, known);
    return known;
  };
  return {
    of: async (at, signal) => {
      const lost = { left: newlyLost(at, "left", since, clock), right: newlyLost(at, "right", since, clock) };
      const withTasks = [...lost.left, ...lost.right].filter(({ total }) => total > 0).length;
      if (lost.left.length + lost.right.length === 0) return NONE;
      const tags = await store.base.size(keyOf(at.pair));
      if (!isWorthLooking(1, tags, withTasks) || !(await isWholeKnown(at))) return NONE;
      const names = new Set<string>();
      for (const side of SIDES) {
        const named = await Promise.all(
          lost[side].map((execution) =>
            execution.total > 0
              ? failedTasks(at.ports[side], execution, signal)
              : store.audit.changedSince(at.pair[side], execution.startedAt - MARGIN_MS),
          ),
        );
        for (const name of named.flat()) if (isAllowed(at, name)) names.add(name);
      }
      return isWorthLooking(names.size, tags, withTasks) ? names : NONE;
    },
  };
}

function newlyLost(
  { executions, offsets }: PairAtHand,
  side: Side,
  since: Instant,
  clock: Clock,
): Execution[] {
  const now = clock.now() + offsets[side];
  const from = since + offsets[side] - MARGIN_MS;
  return executions[side].filter(
    (execution) => isFinal(execution, now) && hasLost(execution) && isNews(execution, from),
  );
}

function hasLost(execution: Execution): boolean {
  const { failed, stopped, state } = execution;
  return failed + stopped > 0 || state === "stopped" || diedWithoutTasks(execution);
}

/** Before a failed task has had its last run nothing is lost yet. */
function isNews(execution: Execution, from: Instant): boolean {
  return !isFinal(execution, from) || (execution.endedAt ?? execution.startedAt) >= from;
}

/** By logs that go on without a gap no side is older than it was. */
async function isWholeKnown({ allLogs }: PairAtHand): Promise<boolean> {
  for (const log of allLogs) {
    if (!log.continues || (await log.state()).kind !== "read") return false;
  }
  return true;
}

function isAllowed({ pair, watch }: PairAtHand, repository: string): boolean {
  const [project = ""] = repository.split("/", 1);
  const isRewound = SIDES.some((side) => watch[side].isRewound(project));
  return !isRewound && selects(pair.topology.content).repository(repository);
}

/** None where they can't be read: then everything is listed as ever. */
async function repositoriesNotCopied(
  port: HarborPort,
  executionId: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const tasks = await tasksOf(port, executionId, signal);
    return tasks
      .filter(({ state }) => state === "failed" || state === "stopped")
      .map(({ source }) => repositoryOf(source));
  } catch {
    signal.throwIfAborted();
    return [];
  }
}
