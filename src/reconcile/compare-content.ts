import type { Clock } from "../clock.ts";
import { comparePair, keyOf, type PairComparison } from "../catalog/compare-pair.ts";
import type { InStepListener } from "../catalog/compare-project.ts";
import { toAppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import type { Side } from "../parity/model.ts";
import type { Store } from "../store/store.ts";
import { pairsOf, type Pair } from "../topology/flows.ts";
import type { Registry, RegistryName, ReplicatedTopology } from "../topology/model.ts";
import type { RegistryState } from "./registries.ts";
import type { ContentReport } from "./report.ts";
import { readSituation, type Situation } from "./situation.ts";

export interface ContentContext {
  readonly topology: ReplicatedTopology;
  readonly registries: ReadonlyMap<RegistryName, RegistryState>;
  readonly store: Store;
  readonly clock: Clock;
  readonly onInStep?: InStepListener;
  /** Our replication policies that copy from one registry to another, temporary ones too. */
  policies(from: RegistryName, to: RegistryName): readonly ReplicationPolicy[];
}

/** Compares every pair of a topology of which both sides know us. */
export async function compareContent(context: ContentContext, signal: AbortSignal): Promise<ContentReport> {
  const pairs: PairComparison[] = [];
  const warnings: string[] = [];
  for (const pair of pairsOf(context.topology)) {
    const left = context.registries.get(pair.left);
    const right = context.registries.get(pair.right);
    if (left?.kind !== "read" || right?.kind !== "read") {
      pairs.push(unreadPair(pair, [left, right], context.clock));
      continue;
    }
    const ports = { left: left.port, right: right.port };
    await context.store.base.open(keyOf(pair), fingerprint(pair, ports));
    const compared = await compareOne(context, pair, ports, signal);
    pairs.push(compared.comparison);
    warnings.push(...compared.warnings);
  }
  return { pairs, warnings };
}

async function compareOne(
  context: ContentContext,
  pair: Pair,
  ports: Readonly<Record<Side, HarborPort>>,
  signal: AbortSignal,
): Promise<{ comparison: PairComparison; warnings: string[] }> {
  const { store, clock } = context;
  const policies = {
    left: context.policies(pair.left, pair.right),
    right: context.policies(pair.right, pair.left),
  };
  try {
    const situation = await readSituation({ pair, ports, policies, outages: store.outages, clock }, signal);
    const comparison = await comparePair(
      {
        pair,
        ports,
        base: store.base,
        clock,
        evidence: (...about) => situation.evidence(...about),
        ...(context.onInStep === undefined ? {} : { onInStep: context.onInStep }),
      },
      signal,
    );
    const open = comparison.findings.some(({ notice }) => !notice);
    return { comparison, warnings: open ? describeExecutions(pair, situation) : [] };
  } catch (thrown) {
    signal.throwIfAborted();
    const unread = [{ registry: pair.left, subject: "**", error: toAppError(thrown) }];
    return { comparison: { ...nothingRead(pair, clock), unread }, warnings: [] };
  }
}

function describeExecutions(pair: Pair, { died, hanging }: Situation): string[] {
  return (["left", "right"] as const).flatMap((side) => {
    const flow = side === "left" ? `${pair.left} → ${pair.right}` : `${pair.right} → ${pair.left}`;
    const sentences: string[] = [];
    const last = died[side][0];
    if (last !== undefined) {
      sentences.push(
        `${flow}: ${died[side].length} of the kept executions died without a task; the last says: ${last.text}`,
      );
    }
    for (const { id } of hanging[side]) {
      sentences.push(
        `${flow}: execution ${id} hangs without tasks, and Harbor will not end it by itself for days`,
      );
    }
    return sentences;
  });
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
