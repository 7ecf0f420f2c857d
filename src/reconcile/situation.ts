import type { Clock } from "../clock.ts";
import { evidenceFor, type SideSituation } from "../failback/evidence.ts";
import { diedWithoutTasks, hangsWithoutTasks } from "../failback/executions.ts";
import { busyRepositories, executionsOf } from "../heal/settle.ts";
import { harborNow } from "../observed/harbor-now.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Execution, ReplicationPolicy } from "../observed/model.ts";
import type { Side, SideEvidence, SideReading } from "../parity/model.ts";
import type { OutageStore } from "../store/store.ts";
import type { Pair } from "../topology/flows.ts";

export interface SituationSource {
  readonly pair: Pair;
  readonly ports: Readonly<Record<Side, HarborPort>>;
  /** Our replication policies in each side that copy to the other, temporary ones too. */
  readonly policies: Readonly<Record<Side, readonly ReplicationPolicy[]>>;
  readonly outages: OutageStore;
  readonly clock: Clock;
}

/** What is known of a pair beside its catalogs, and the executions that are worth a word. */
export interface Situation {
  evidence(side: Side, repository: string, reading: SideReading): SideEvidence;
  readonly died: Readonly<Record<Side, readonly Execution[]>>;
  readonly hanging: Readonly<Record<Side, readonly Execution[]>>;
}

/** Reads outages and executions of both sides: a request a policy, and one for each execution that is not final. */
export async function readSituation(source: SituationSource, signal: AbortSignal): Promise<Situation> {
  const [left, right] = await Promise.all([
    readSide(source, "left", signal),
    readSide(source, "right", signal),
  ]);
  const busy = new Set([...left.busyRepositories, ...right.busyRepositories]);
  const sides = { left: { ...left, busyRepositories: busy }, right: { ...right, busyRepositories: busy } };
  const settleMs = source.pair.topology.heal.settleMs;
  const clock = source.clock;
  const hangingIn = ({ executions, clockOffsetMs }: SideSituation): Execution[] =>
    executions.filter((execution) => hangsWithoutTasks(execution, clock.now() + clockOffsetMs));
  return {
    evidence: (side, repository, reading) => evidenceFor(sides[side], repository, reading, settleMs),
    died: {
      left: left.executions.filter(diedWithoutTasks),
      right: right.executions.filter(diedWithoutTasks),
    },
    hanging: { left: hangingIn(left), right: hangingIn(right) },
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
