import type { Instant, Millis } from "../clock.ts";
import type { Execution } from "../observed/model.ts";
import { NO_EVIDENCE, type SideEvidence, type SideReading } from "../parity/model.ts";
import { eventDied, isYoung } from "./executions.ts";
import { isWithin, type Outage } from "./outage.ts";

/** What is known of one side of a pair beside its catalog. */
export interface SideSituation {
  /** Our time, when this was read. */
  readonly now: Instant;
  /** That side's clock minus ours. */
  readonly clockOffsetMs: Millis;
  /** When the *other* side was away. */
  readonly outagesOfOther: readonly Outage[];
  /** Executions of the replication policies that copy from this side to the other. */
  readonly executions: readonly Execution[];
  /** When Harbor was first told to copy from this side to the other, by its clock; Infinity: it never was. */
  readonly toldAt: Instant;
  /** Repositories that a replication policy of either side is copying right now. */
  readonly busyRepositories: ReadonlySet<string>;
}

interface PlacedReading {
  readonly repository: string;
  readonly reading: SideReading;
  /** Since when this side differs from what both agreed on, by its clock, where the other side has not moved since. */
  readonly apartAt?: Instant | undefined;
}

/**
 * What outages and executions say about one tag of one side. A young tag, or one in a repository that is being copied, is in flight;
 * not so where its copy is known to be lost, or was never asked for: nobody but us will bring it.
 */
export function evidenceFor(
  side: SideSituation,
  { repository, reading, apartAt = Infinity }: PlacedReading,
  settleMs: Millis,
): SideEvidence {
  if (reading.kind !== "present") return NO_EVIDENCE;
  const pushedAtOurs = reading.pushedAt - side.clockOffsetMs;
  const lost = isWithin(side.outagesOfOther, pushedAtOurs) || eventDied(side.executions, reading.pushedAt);
  return {
    ...NO_EVIDENCE,
    pushedAtOurs,
    pushedInOutage: lost,
    inFlight: lost || !isAskedFor() ? "no" : unsettled(),
  };

  function isAskedFor(): boolean {
    return reading.kind === "present" && reading.pushedAt >= side.toldAt;
  }

  function unsettled(): SideEvidence["inFlight"] {
    const apartAtOurs = apartAt - side.clockOffsetMs;
    if (isYoung(Math.min(pushedAtOurs, apartAtOurs), side.now, settleMs)) return "young";
    return side.busyRepositories.has(repository) ? "copying" : "no";
  }
}
