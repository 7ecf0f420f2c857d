import type { Instant } from "../clock.ts";
import type { HarborPort } from "../harbor/port.ts";
import {
  compareTag,
  suspects,
  type RepositoryCase,
  type TagJudgement,
} from "../parity/compare-repository.ts";
import type {
  BaseEntry,
  Digest,
  Finding,
  Side,
  SideEvidence,
  SideReading,
  TagReading,
} from "../parity/model.ts";
import { isSettled } from "../parity/settled.ts";
import type { BaseChange, BaseStore, PairKey, Settled } from "../store/store.ts";
import type { RegistryName } from "../topology/model.ts";
import type { Selects } from "../topology/selection.ts";
import type { InStepTag } from "./compare-attached.ts";
import { confirmTag } from "./confirm.ts";
import { DOUBTFUL, type RepositoryRows } from "./repository-rows.ts";
import type { Unread } from "./unread.ts";

/** A tag, what a side was last seen to have under it, and since when that differs from what both agreed on. */
export interface TagPast {
  readonly tag: string;
  readonly held?: Digest;
  /** By that side's clock. */
  readonly apartAt?: Instant;
}

export interface RepositoryContext {
  readonly chosen: Selects;
  readonly pair: PairKey;
  readonly ports: Readonly<Record<Side, HarborPort>>;
  readonly base: BaseStore;
  readonly names: Readonly<Record<Side, RegistryName>>;
  readonly rules: RepositoryCase["rules"];
  /** What is found goes into no report that is kept: what is told only once is left to a pass whose report is. */
  readonly dryRun?: boolean | undefined;
  /** `of` where it is about a tag. */
  evidence(side: Side, repository: string, reading: SideReading, of?: TagPast): SideEvidence;
  /** Has to be done before the evidence about tags of a repository is asked for. */
  prefetch(repository: string): Promise<void>;
  /** The sides that do not know us, asked before anything is concluded from a difference. */
  proveIdentity(): Promise<Unread[]>;
}

/** Both sides of one repository, and where there is no such project at all. */
export interface RepositorySides {
  readonly repository: string;
  readonly rows: Rows;
  readonly isAbsent: Readonly<Record<Side, boolean>>;
}

export interface RepositoryComparison {
  /** Tags on either side. */
  readonly tags: number;
  readonly inStep: Iterable<InStepTag>;
  readonly inStepCount: number;
  readonly findings: readonly Finding[];
}

type Rows = Readonly<Record<Side, RepositoryRows>>;

/** Confirmed singly at once; the client bounds how many of them a registry sees together. */
const CONFIRMED_TOGETHER = 64;

/** Compares one repository of two registries, and remembers what both agree on. */
export async function compareRepository(
  context: RepositoryContext,
  sides: RepositorySides,
  signal: AbortSignal,
): Promise<RepositoryComparison | { readonly unread: readonly Unread[] }> {
  const { repository, rows } = sides;
  const settled = await context.base.settled(context.pair, repository);
  if (settled.print !== "" && settled.print === printOf(rows)) {
    const { size } = rows.left;
    return { tags: size, inStep: rows.left.tags, inStepCount: size, findings: [] };
  }
  const judged = await judgeAll(context, sides, signal);
  if ("unread" in judged) return judged;
  await rememberAll(context, sides, judged, settled);
  const standing = judged.filter(({ verdict }) => verdict.kind !== "gone");
  const inStep = standing.flatMap(({ tag, verdict }): InStepTag[] =>
    verdict.kind === "in-step" ? [[tag, verdict.digest]] : [],
  );
  const findings = standing.flatMap(({ finding }) => finding ?? []);
  return { tags: standing.length, inStep, inStepCount: inStep.length, findings };
}

async function judgeAll(
  context: RepositoryContext,
  { repository, rows: listed, isAbsent }: RepositorySides,
  signal: AbortSignal,
): Promise<TagJudgement[] | { readonly unread: readonly Unread[] }> {
  const { base, pair, names, rules } = context;
  const rows = { left: listed.left.readings, right: listed.right.readings };
  const entries = await base.entries(pair, repository);
  const forgotten = [...entries.keys()].filter(
    (tag) => context.chosen.tag(tag) && !rows.left.has(tag) && !rows.right.has(tag),
  );
  const differing = [...suspects(rows.left, rows.right), ...doubtful(rows.left, rows.right), ...forgotten];
  if (differing.length > 0) {
    const unknown = await context.proveIdentity();
    if (unknown.length > 0) return { unread: unknown };
  }
  const confirmed = await confirmAll(context, isAbsent, repository, [...new Set(differing)], signal);
  const warm = await base.isWarm(pair, repository);
  const about: RepositoryCase = {
    repository,
    names,
    warm,
    entries,
    rules,
    evidence: (side, tag, reading) => {
      const entry = entries.get(tag);
      const held = entry?.seen[side].at(-1);
      const apartAt = entry?.apartAt?.[side];
      return context.evidence(side, repository, reading, {
        tag,
        ...(held === undefined ? {} : { held }),
        ...(apartAt === undefined ? {} : { apartAt }),
      });
    },
  };
  if (differing.length > 0 || hasNews(entries, rows)) await context.prefetch(repository);
  const judged: TagJudgement[] = [];
  for (const tag of new Set([...rows.left.keys(), ...rows.right.keys(), ...forgotten])) {
    const readings = confirmed.get(tag) ?? {
      left: toReading(rows.left.get(tag)),
      right: toReading(rows.right.get(tag)),
    };
    judged.push(compareTag(about, tag, readings.left, readings.right));
  }
  return judged;
}

/** Whether a tag is not as it was left, or was never met: then it matters who did that. */
function hasNews(
  entries: ReadonlyMap<string, BaseEntry>,
  rows: Readonly<Record<Side, ReadonlyMap<string, TagReading>>>,
): boolean {
  return (["left", "right"] as const).some((side) =>
    [...rows[side]].some(([tag, { digest, pushedAt }]) => {
      const entry = entries.get(tag);
      return entry?.digest !== digest || entry.pushedAt[side] !== pushedAt;
    }),
  );
}

async function rememberAll(
  { base, pair, dryRun }: RepositoryContext,
  { repository, rows }: RepositorySides,
  judged: readonly TagJudgement[],
  { turn }: Settled,
): Promise<void> {
  const kept = dryRun === true ? judged.filter((one) => !isToldOnce(one)) : judged;
  const changes = kept
    .filter(({ changed }) => changed)
    .map(({ tag, entry }): BaseChange => ({ repository, tag, ...(entry === undefined ? {} : { entry }) }));
  const isAllSettled =
    kept.length === judged.length &&
    judged.every(({ tag, entry }) =>
      isSettled(entry, rows.left.readings.get(tag), rows.right.readings.get(tag)),
    );
  // One that was listed twice is counted as often.
  const isEachOnce = [rows.left, rows.right].every(({ size, readings }) => size === readings.size);
  if (isAllSettled && isEachOnce && judged.length > 0) {
    await base.write(pair, changes, { repository, print: printOf(rows), turn });
  } else if (changes.length > 0) {
    await base.write(pair, changes);
  }
}

/** Nothing of it is found any more once the base knows what stands there now. */
function isToldOnce({ verdict }: TagJudgement): boolean {
  return verdict.kind === "in-step" && verdict.overtaken !== undefined;
}

function printOf({ left, right }: Rows): string {
  return `${left.print()} ${right.print()}`;
}

/** Reads suspects singly on both sides; on a side that has no such project they are absent without asking. */
async function confirmAll(
  { ports }: RepositoryContext,
  isAbsent: RepositorySides["isAbsent"],
  repository: string,
  tags: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Record<Side, SideReading>>> {
  const confirm = (side: Side, tag: string): Promise<SideReading> =>
    isAbsent[side] ? Promise.resolve({ kind: "absent" }) : confirmTag(ports[side], repository, tag, signal);
  const confirmed = new Map<string, Record<Side, SideReading>>();
  for (let i = 0; i < tags.length; i += CONFIRMED_TOGETHER) {
    await Promise.all(
      tags.slice(i, i + CONFIRMED_TOGETHER).map(async (tag) => {
        const [left, right] = await Promise.all([confirm("left", tag), confirm("right", tag)]);
        confirmed.set(tag, { left, right });
      }),
    );
  }
  return confirmed;
}

function doubtful(...sides: ReadonlyMap<string, TagReading>[]): string[] {
  return sides.flatMap((rows) =>
    [...rows].filter(([, { digest }]) => digest === DOUBTFUL).map(([tag]) => tag),
  );
}

function toReading(row: TagReading | undefined): SideReading {
  return row === undefined ? { kind: "absent" } : { kind: "present", ...row };
}
