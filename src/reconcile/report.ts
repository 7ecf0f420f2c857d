import type { Instant } from "../clock.ts";
import type { Unread } from "../catalog/unread.ts";
import type { PairComparison } from "../catalog/compare-pair.ts";
import type { AppError } from "../errors.ts";
import type { RemedyOutcome } from "../heal/outcome.ts";
import type { Finding, TagFindingKind } from "../parity/model.ts";
import type { Rewind } from "../store/store.ts";
import type { RegistryName, Topology } from "../topology/model.ts";
import type { ConfigurationReport } from "./configure.ts";

/** What was found in content: one comparison a pair. */
export interface ContentReport {
  readonly pairs: readonly PairComparison[];
  /** What came back older than it was seen, and was not accepted yet. */
  readonly rewound: readonly Rewind[];
  /** Executions that lost their copies, or could not be looked at, as sentences; the zombies too. */
  readonly warnings: readonly string[];
  /** Executions that nobody works on any more and Harbor never ends, as sentences. */
  readonly zombies: readonly string[];
}

/** One pass over one topology, from beginning to end. */
export interface PassReport {
  readonly topology: Topology["name"];
  readonly kind: Topology["kind"];
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly unreachable: readonly { readonly registry: RegistryName; readonly error: AppError }[];
  /** Undefined when the pass was not to configure. */
  readonly configuration?: ConfigurationReport;
  /** Undefined when the pass was not to look at content, or no pair could be read. */
  readonly content?: ContentReport;
  /** What the first comparison of this pass found, before anything was healed. */
  readonly before?: ContentReport;
  readonly remedies: readonly RemedyOutcome[];
  readonly warnings: readonly string[];
  /** The last comparison was made after the last write and its echoes. */
  readonly proven: boolean;
  readonly verdict: Verdict;
  /** What ended the pass before its end; the verdict is `error` then. */
  readonly failure?: AppError;
}

/** `error` stands for: nothing could be concluded, since too much could not be read. */
export type Verdict = "in-step" | "not-in-step" | "error";

/** How many findings of each kind there are; notices are counted under their kind too. */
export type Counts = Partial<Record<TagFindingKind, number>>;

export function countFindings(findings: readonly Finding[]): Counts {
  const counts: Counts = {};
  for (const { kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

export function findingsOf(content: ContentReport | undefined): Finding[] {
  return content?.pairs.flatMap(({ findings }) => findings) ?? [];
}

export function unreadOf(content: ContentReport | undefined): Unread[] {
  return content?.pairs.flatMap(({ unread }) => unread) ?? [];
}

/** How far one side is behind another: the real recovery point. */
export interface Lag {
  /** Tags that one side acknowledged and another one lacks. */
  readonly tags: number;
  /** When the oldest of them was pushed, by the clock of the side that has it. */
  readonly oldestAt?: Instant;
}

/** What is to be deleted, put back or repaired is no lag: nobody waits for it to arrive. */
export function lagOf(content: ContentReport | undefined): Lag {
  const behind = findingsOf(content).filter(({ from, remedy }) => from !== undefined && remedy === undefined);
  const oldestAt = behind.reduce((oldest, { pushedAt = Infinity }) => Math.min(oldest, pushedAt), Infinity);
  return { tags: behind.length, ...(Number.isFinite(oldestAt) ? { oldestAt } : {}) };
}

/** Whether the content says "in step": every finding is a notice, everything could be read, and nothing is older than it was. */
export function isInStep(content: ContentReport): boolean {
  const settled = content.rewound.length === 0 && unreadOf(content).length === 0;
  return settled && findingsOf(content).every(({ notice }) => notice);
}
