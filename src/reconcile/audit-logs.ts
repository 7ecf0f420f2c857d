import type { Clock, Instant } from "../clock.ts";
import type { AuditFact } from "../failback/audit-fact.ts";
import { READ, stateBySettings, type AuditState } from "../failback/audit-state.ts";
import { tailAudit, type AuditTail } from "../observed/tail-audit.ts";
import type { AuditStore, Store } from "../store/store.ts";
import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import type { RegistryState } from "./registries.ts";

type ReadRegistry = Extract<RegistryState, { kind: "read" }>;

/** The audit log of one registry, as far as one comparison needs it. */
export interface AuditLog {
  /** Whether it is evidence; what an administrator set about it is asked once, and only when somebody wants to know. */
  state(): Promise<AuditState>;
  /** Oldest first. */
  facts(repository: string): Promise<AuditFact[]>;
  /** The same about a project itself; undefined unless the log goes on without a gap from where it was last read. */
  ofProject(project: string): Promise<AuditFact[] | undefined>;
  /** It goes on without a gap from where it was last read. */
  readonly continues: boolean;
  readonly forgot?: string;
}

export type AuditLogs = ReadonlyMap<RegistryName, AuditLog>;

export interface AuditLogsSource {
  readonly registries: ReadonlyMap<RegistryName, RegistryState>;
  readonly store: Pick<Store, "audit" | "memory">;
  readonly clock: Clock;
  /** Logs that do not go on stay as they are: only who compares everything concludes from that, and tells. */
  readonly leavesGaps: boolean;
}

/** Reads on in the audit logs of all registries that answer: a request each where nothing is new. Records what they say of a registry that came back older. */
export async function readAuditLogs(
  { registries, store: { audit, memory }, clock, leavesGaps }: AuditLogsSource,
  signal: AbortSignal,
): Promise<AuditLogs> {
  const logs = await Promise.all(
    [...registries].map(async ([name, registry]): Promise<[RegistryName, AuditLog] | undefined> => {
      if (registry.kind !== "read") return undefined;
      // What is not accepted yet is not read on: its numbers began anew, and its mark is what shows it.
      const isRewound = (await memory.rewinds(name)).some(({ project }) => project === "");
      const source = { ...sourceOf(registry, audit, clock.now()), leavesGaps };
      const tail = isRewound ? STOPPED : await tailAudit(source, signal);
      if (tail.rewound !== undefined) {
        await memory.rewound({ registry: name, project: "", since: clock.now(), reason: tail.rewound });
      }
      return [name, logOf(registry, audit, tail, signal)];
    }),
  );
  return new Map(logs.filter((log) => log !== undefined));
}

const STOPPED: AuditTail = {
  state: { kind: "unavailable", reason: "is not read until it is accepted that it is older than it was" },
  continues: false,
};

function sourceOf(
  { port, identity }: ReadRegistry,
  audit: AuditStore,
  now: Instant,
): Parameters<typeof tailAudit>[0] {
  const { administrator, clockOffsetMs } = identity;
  return { port, audit, now: now + (clockOffsetMs ?? 0), administrator };
}

function logOf({ port }: ReadRegistry, audit: AuditStore, tail: AuditTail, signal: AbortSignal): AuditLog {
  const { name } = port.registry;
  let asked: Promise<AuditState> | undefined;
  const state = (): Promise<AuditState> => (asked ??= askSettings());
  const askSettings = async (): Promise<AuditState> => {
    if (tail.state.kind !== "read") return tail.state;
    try {
      return stateBySettings(await port.settings(signal));
    } catch {
      signal.throwIfAborted();
      return READ;
    }
  };
  return {
    state,
    facts: (repository) => audit.facts(name, repository),
    continues: tail.continues,
    ofProject: async (project) =>
      tail.continues && (await state()).kind === "read" ? await audit.facts(name, project) : undefined,
    ...(tail.forgot === undefined ? {} : { forgot: tail.forgot }),
  };
}

/**
 * Why what people do can't be told from the logs, one sentence a registry: where something is open there, or where what is declared rests on them.
 */
export async function auditWarnings(
  logs: AuditLogs,
  { heal }: Pick<ReplicatedTopology, "heal">,
  open: ReadonlySet<RegistryName>,
): Promise<string[]> {
  const rests = heal.deletions === "replay" || heal.conflicts === "newest" || heal.regressions === "repair";
  const sentences: string[] = [];
  for (const [name, log] of logs) {
    if (log.forgot !== undefined) sentences.push(`${name}: its audit log ${log.forgot}`);
    if (!rests && !open.has(name)) continue;
    const state = await log.state();
    if (state.kind === "read") continue;
    sentences.push(
      `${name}: its audit log ${state.reason}, so who pushed or deleted what is not known there`,
    );
  }
  return sentences;
}
