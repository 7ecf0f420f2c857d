import { watchRewinds, type RewindWatch } from "../catalog/watch-rewinds.ts";
import type { PairComparison } from "../catalog/compare-pair.ts";
import type { Clock } from "../clock.ts";
import type { Rewind, Store } from "../store/store.ts";
import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import { selects } from "../topology/selection.ts";
import { auditWarnings, readAuditLogs, type AuditLog } from "./audit-logs.ts";
import type { RegistryState } from "./registries.ts";
import { rewindSentences } from "./rewinds.ts";

/** What is known of the past of each registry of a topology that answers. */
export interface History {
  logOf(name: RegistryName): AuditLog | undefined;
  watchOf(name: RegistryName): RewindWatch;
  /** What people have to know of it, once everything was compared. */
  tell(pairs: readonly PairComparison[]): Promise<{ warnings: string[]; rewound: Rewind[] }>;
}

export interface HistorySource {
  readonly topology: ReplicatedTopology;
  readonly registries: ReadonlyMap<RegistryName, RegistryState>;
  readonly store: Pick<Store, "audit" | "memory">;
  readonly clock: Clock;
  /** These repositories alone are looked at, so that nothing is concluded from a log that does not go on. */
  readonly only?: ReadonlySet<string>;
}

/** Reads on in the audit logs, which may show a registry to be older than it was, and then what else is known to be so. */
export async function readHistory(source: HistorySource, signal: AbortSignal): Promise<History> {
  const { topology, registries, store, clock } = source;
  const leavesGaps = source.only !== undefined;
  const logs = await readAuditLogs({ registries, store, clock, leavesGaps }, signal);
  const watches = new Map<RegistryName, RewindWatch>();
  for (const [name, { kind, port }] of registries) {
    if (kind !== "read") continue;
    const watched = {
      port,
      memory: store.memory,
      selection: JSON.stringify(topology.content.repositories),
      now: () => clock.now(),
      log: async (project: string) => await logs.get(name)?.ofProject(project),
    };
    watches.set(name, await watchRewinds(watched));
  }
  const chosen = selects(topology.content);
  return {
    logOf: (name) => logs.get(name),
    watchOf: (name) => watches.get(name) ?? NOTHING_KNOWN,
    tell: async (pairs) => {
      const rewound = [...watches.values()]
        .flatMap((watch) => watch.rewinds())
        .filter(({ project }) => project === "" || chosen.project(project));
      const warnings = await auditWarnings(logs, topology, openIn(pairs));
      return { warnings: [...rewindSentences(topology.name, rewound), ...warnings], rewound };
    },
  };
}

const NOTHING_KNOWN: RewindWatch = {
  isRewound: () => false,
  look: () => Promise.resolve(),
  isOther: () => Promise.resolve(false),
  lookForEmptied: () => Promise.resolve(),
  rewinds: () => [],
};

/** Registries of pairs that have a finding which is more than a notice. */
function openIn(pairs: readonly PairComparison[]): Set<RegistryName> {
  const open = pairs.filter(({ findings }) => findings.some(({ notice }) => !notice));
  return new Set(open.flatMap(({ left, right }) => [left, right]));
}
