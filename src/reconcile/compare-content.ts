import type { Clock } from "../clock.ts";
import { comparePair, keyOf, type PairComparison } from "../catalog/compare-pair.ts";
import type { InStepListener } from "../catalog/compare-project.ts";
import { toAppError } from "../errors.ts";
import { decide, spentDecisions } from "../failback/decide.ts";
import { zombieText } from "../failback/zombies.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import type { Finding, Side } from "../parity/model.ts";
import type { DecisionStore, Store } from "../store/store.ts";
import { contestedBy } from "../topology/contested.ts";
import { pairsOf, type Pair } from "../topology/flows.ts";
import type { Registry, RegistryName, ReplicatedTopology } from "../topology/model.ts";
import { gather, withBytes, type BytesDepth } from "./bytes-depth.ts";
import { readHistory, type History } from "./history.ts";
import type { LostCopies, PairAtHand } from "./lost-copies.ts";
import type { RegistryState } from "./registries.ts";
import type { ContentReport } from "./report.ts";
import { readSituation, type Situation, type SituationSource } from "./situation.ts";

export interface ContentContext {
  readonly topology: ReplicatedTopology;
  readonly registries: ReadonlyMap<RegistryName, RegistryState>;
  readonly store: Store;
  readonly clock: Clock;
  readonly onInStep?: InStepListener;
  /** Reads bytes too; otherwise tags and digests are compared. */
  readonly bytes?: BytesDepth;
  /** Everything declared that may write to the same registries. */
  readonly topologies: readonly ReplicatedTopology[];
  /** What is found goes into no report that is kept: what is told only once is left to a pass whose report is. */
  readonly dryRun?: boolean | undefined;
  /** These repositories alone: no proof, and no person's decision is spent by it. */
  readonly only?: ReadonlySet<string>;
  /** Looked at right before a pair is listed: with `only` what they name is looked at too. */
  readonly lost?: LostCopies;
  /** Told of repositories that `lost` names before everything is listed. */
  readonly healFirst?: (repositories: ReadonlySet<string>, signal: AbortSignal) => Promise<void>;
  /** Our replication policies that copy from one registry to another, temporary ones too. */
  policies(from: RegistryName, to: RegistryName): readonly ReplicationPolicy[];
}

/** Compares every pair of a topology of which both sides know us. */
export async function compareContent(context: ContentContext, signal: AbortSignal): Promise<ContentReport> {
  const pairs: PairComparison[] = [];
  const warnings: string[] = [];
  const zombies: string[] = [];
  const history = await readHistory(context, signal);
  for (const pair of pairsOf(context.topology)) {
    const left = context.registries.get(pair.left);
    const right = context.registries.get(pair.right);
    if (left?.kind !== "read" || right?.kind !== "read") {
      pairs.push(unreadPair(pair, [left, right], context.clock));
      continue;
    }
    const ports = { left: left.port, right: right.port };
    await context.store.base.open(keyOf(pair), fingerprint(pair, ports));
    const compared = await compareOne(context, pair, ports, history, signal);
    pairs.push(compared.comparison);
    warnings.push(...compared.warnings);
    zombies.push(...compared.zombies);
  }
  const told = await history.tell(pairs);
  return { pairs, warnings: [...told.warnings, ...warnings, ...zombies], zombies, rewound: told.rewound };
}

interface ComparedPair {
  readonly comparison: PairComparison;
  readonly warnings: readonly string[];
  readonly zombies: readonly string[];
}

async function compareOne(
  context: ContentContext,
  pair: Pair,
  ports: Readonly<Record<Side, HarborPort>>,
  history: History,
  signal: AbortSignal,
): Promise<ComparedPair> {
  const { store, clock } = context;
  const policies = {
    left: context.policies(pair.left, pair.right),
    right: context.policies(pair.right, pair.left),
  };
  const { outages, rescues } = store;
  const logs = { left: history.logOf(pair.left), right: history.logOf(pair.right) };
  const watch = { left: history.watchOf(pair.left), right: history.watchOf(pair.right) };
  try {
    const source = { pair, ports, policies, outages, rescues, logs, watch, clock };
    const allLogs = context.topology.registries.flatMap((name) => history.logOf(name) ?? []);
    const { situation, only } = await beforeListing(context, { ...source, allLogs }, signal);
    const gathered = gather(context.bytes, context.onInStep);
    const comparison = await comparePair(
      {
        pair,
        ports,
        base: store.base,
        spills: store.spills,
        clock,
        dryRun: context.dryRun,
        evidence: (...about) => situation.evidence(...about),
        prefetch: (repository) => situation.prefetch(repository),
        watch,
        contestedBy: contestedBy(pair, context.topologies),
        ...(only === undefined ? {} : { only }),
        ...gathered.listening,
      },
      signal,
    );
    const findings = await decideAll(store.decisions, pair, comparison, context.only !== undefined);
    const shallow = { ...comparison, findings };
    const decided = await withBytes(context.bytes, pair, ports, { comparison: shallow, ...gathered }, signal);
    const open = decided.findings.some(({ notice }) => !notice);
    return {
      comparison: decided,
      warnings: open ? describeDied(pair, situation) : [],
      zombies: describeZombies(pair, situation),
    };
  } catch (thrown) {
    signal.throwIfAborted();
    const unread = [{ registry: pair[sideOf(thrown, pair)], subject: "**", error: toAppError(thrown) }];
    return { comparison: { ...nothingRead(pair, clock), unread }, warnings: [], zombies: [] };
  }
}

/** Whose request failed; the left one where it was nobody's. */
function sideOf(thrown: unknown, { right }: Pair): Side {
  return thrown instanceof Error && "registry" in thrown && thrown.registry === right ? "right" : "left";
}

/** What failed is looked at first; what is healed then is not judged by what was read before. */
async function beforeListing(
  { lost, only, healFirst }: ContentContext,
  source: SituationSource & Pick<PairAtHand, "allLogs">,
  signal: AbortSignal,
): Promise<{ readonly situation: Situation; readonly only: ReadonlySet<string> | undefined }> {
  const situation = await readSituation(source, signal);
  const named = await lost?.of({ ...source, ...situation }, signal);
  if (named === undefined || named.size === 0) return { situation, only };
  if (only !== undefined) return { situation, only: new Set([...only, ...named]) };
  await healFirst?.(named, signal);
  return { situation: await readSituation(source, signal), only };
}

/** What is declared and what people decided turns findings into what is to be done about them. Decisions that are spent are forgotten. */
async function decideAll(
  store: DecisionStore,
  pair: Pair,
  compared: Parameters<typeof spentDecisions>[1],
  isPart: boolean,
): Promise<readonly Finding[]> {
  const { topology, left, right } = pair;
  const decisions = (await store.of(topology.name)).filter(
    (decision) => decision.left === left && decision.right === right,
  );
  const spent = isPart ? [] : spentDecisions(decisions, compared);
  for (const decision of spent) await store.forget(decision);
  const standing = decisions.filter((decision) => !spent.includes(decision));
  return decide({ topology, names: { left, right }, decisions: standing }, compared.findings);
}

function describeDied(pair: Pair, { died }: Situation): string[] {
  return (["left", "right"] as const).flatMap((side) => {
    const [last] = died[side];
    if (last === undefined) return [];
    const count = died[side].length;
    return [
      `${flowOf(pair, side)}: ${count} of the kept executions died without a task; the last says: ${last.text}`,
    ];
  });
}

function describeZombies(pair: Pair, { zombies }: Situation): string[] {
  return (["left", "right"] as const).flatMap((side) =>
    zombies[side].map((zombie) => `${flowOf(pair, side)}: ${zombieText(zombie)}`),
  );
}

function flowOf({ left, right }: Pair, from: Side): string {
  return from === "left" ? `${left} → ${right}` : `${right} → ${left}`;
}

function unreadPair(
  pair: Pair,
  states: readonly (RegistryState | undefined)[],
  clock: Clock,
): PairComparison {
  const unread = states.flatMap((state) =>
    state?.kind === "unread"
      ? [{ registry: state.port.registry.name, subject: "**", error: state.error }]
      : [],
  );
  return { ...nothingRead(pair, clock), unread };
}

function nothingRead({ left, right }: Pair, clock: Clock): PairComparison {
  const readAt = clock.now();
  return {
    left,
    right,
    findings: [],
    unread: [],
    tags: 0,
    inStep: 0,
    readAt,
    requests: { left: 0, right: 0 },
  };
}

/** What a base depends on: other addresses or another selection make it worthless. */
function fingerprint(pair: Pair, { left, right }: Readonly<Record<Side, HarborPort>>): string {
  const identity = ({ url }: Registry): string => url;
  return JSON.stringify([identity(left.registry), identity(right.registry), pair.topology.content]);
}
