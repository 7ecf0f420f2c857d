import type { Clock, Millis } from "../clock.ts";
import type { TagPast } from "../catalog/compare-repository.ts";
import { evidenceFor, type SideSituation } from "../failback/evidence.ts";
import { diedWithoutTasks } from "../failback/executions.ts";
import type { Zombie } from "../failback/zombies.ts";
import { busyRepositories, executionsOf } from "../heal/settle.ts";
import { harborNow } from "../observed/harbor-now.ts";
import type { Execution, ReplicationPolicy } from "../observed/model.ts";
import { zombiesAmong } from "../observed/zombies.ts";
import type { Side, SideEvidence, SideReading } from "../parity/model.ts";
import type { OutageStore } from "../store/store.ts";
import { readTagEvidence, type TagEvidenceSource } from "./tag-evidence.ts";

export interface SituationSource extends TagEvidenceSource {
  /** Our replication policies in each side that copy to the other, temporary ones too. */
  readonly policies: Readonly<Record<Side, readonly ReplicationPolicy[]>>;
  readonly outages: OutageStore;
  readonly clock: Clock;
}

/** What is known of a pair beside its catalogs, and the executions that are worth a word. */
export interface Situation {
  evidence(side: Side, repository: string, reading: SideReading, of?: TagPast): SideEvidence;
  /** Loads what the audit logs say of a repository; only of the last ones is anything known. */
  prefetch(repository: string): Promise<void>;
  /** Of the policies that copy from this side, the newest of each. */
  readonly executions: Readonly<Record<Side, readonly Execution[]>>;
  /** Each side's clock minus ours. */
  readonly offsets: Readonly<Record<Side, Millis>>;
  readonly died: Readonly<Record<Side, readonly Execution[]>>;
  readonly zombies: Readonly<Record<Side, readonly Zombie[]>>;
}

/** Reads outages and executions of both sides: a request a policy, and one for each execution that is not final. */
export async function readSituation(source: SituationSource, signal: AbortSignal): Promise<Situation> {
  const [left, right] = await Promise.all([
    readSide(source, "left", signal),
    readSide(source, "right", signal),
  ]);
  const busy = new Set([...left.busyRepositories, ...right.busyRepositories]);
  const sides = { left: { ...left, busyRepositories: busy }, right: { ...right, busyRepositories: busy } };
  const offsets = { left: left.clockOffsetMs, right: right.clockOffsetMs };
  const tags = await readTagEvidence(source, offsets);
  const settleMs = source.pair.topology.heal.settleMs;
  const zombiesOf = (side: Side, { executions, now, clockOffsetMs }: SideSituation): Promise<Zombie[]> =>
    zombiesAmong(source.ports[side], executions, now + clockOffsetMs, signal);
  const zombies = { left: await zombiesOf("left", left), right: await zombiesOf("right", right) };
  return {
    evidence: (side, repository, reading, of) => ({
      ...evidenceFor(sides[side], { repository, reading, apartAt: of?.apartAt }, settleMs),
      ...tags.of(side, repository, reading, of),
    }),
    prefetch: (repository) => tags.prefetch(repository),
    executions: { left: left.executions, right: right.executions },
    offsets,
    died: {
      left: left.executions.filter(diedWithoutTasks),
      right: right.executions.filter(diedWithoutTasks),
    },
    zombies,
  };
}

async function readSide(
  { pair, ports, policies, outages, clock }: SituationSource,
  side: Side,
  signal: AbortSignal,
): Promise<SideSituation> {
  const port = ports[side];
  const executions = await executionsOf(port, policies[side], signal);
  const clockOffsetMs = (await harborNow(port, clock, signal)) - clock.now();
  return {
    now: clock.now(),
    clockOffsetMs,
    outagesOfOther: await outages.outages(side === "left" ? pair.right : pair.left),
    executions,
    toldAt: Math.min(...policies[side].map(({ createdAt }) => createdAt ?? 0)),
    busyRepositories: await busyRepositories(port, executions, clock, signal),
  };
}
