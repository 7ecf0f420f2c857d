import type { AppError } from "../errors.ts";
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
import type { BaseChange, BaseStore, PairKey } from "../store/store.ts";
import type { RegistryName, TopologyName } from "../topology/model.ts";
import type { Selects } from "../topology/selection.ts";
import { compareAttached } from "./compare-attached.ts";
import { compareNested, NestedCandidates } from "./compare-nested.ts";
import { confirmTag } from "./confirm.ts";
import { DOUBTFUL, type ProjectReading } from "./read-project.ts";
import type { Unread } from "./unread.ts";

/** Told of a tag that is in step: repository with the project, tag, digest. */
export type InStepListener = (repository: string, tag: string, digest: string) => void;

/** A tag, and what a side was last seen to have under it. */
export interface TagPast {
  readonly tag: string;
  readonly held?: Digest;
}

export interface ProjectContext {
  readonly project: string;
  readonly chosen: Selects;
  readonly pair: PairKey;
  readonly ports: Readonly<Record<Side, HarborPort>>;
  readonly base: BaseStore;
  readonly names: Readonly<Record<Side, RegistryName>>;
  readonly rules: RepositoryCase["rules"];
  contestedBy(repository: string): TopologyName | undefined;
  /** `of` where it is about a tag. */
  evidence(side: Side, repository: string, reading: SideReading, of?: TagPast): SideEvidence;
  /** Has to be done before the evidence about tags of a repository is asked for. */
  prefetch(repository: string): Promise<void>;
  readonly onInStep?: InStepListener;
  /** The sides that do not know us, asked before anything is concluded from a difference. */
  proveIdentity(): Promise<Unread[]>;
}

export interface ProjectComparison {
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
  readonly tags: number;
  readonly inStep: number;
}

type Readings = Readonly<Record<Side, ProjectReading>>;

/** Confirmed singly at once; the client bounds how many of them a registry sees together. */
const CONFIRMED_TOGETHER = 64;

/** Compares one project of two registries, and remembers what both agree on. */
export async function compareProject(
  context: ProjectContext,
  readings: Readings,
  signal: AbortSignal,
): Promise<ProjectComparison> {
  const unread = unreadParts(context, readings);
  if (readings.left.kind === "unread" || readings.right.kind === "unread") {
    return { findings: [], unread, tags: 0, inStep: 0 };
  }
  const total = { findings: [] as Finding[], unread, tags: 0, inStep: 0 };
  // Asked once a project, after its listings, and only when something differs.
  let unknown: Promise<Unread[]> | undefined;
  const prove = (): Promise<Unread[]> => (unknown ??= context.proveIdentity());
  const nested = new NestedCandidates();
  for (const repository of await repositoriesOf(context, readings)) {
    signal.throwIfAborted();
    if (isUnread(readings, repository)) continue;
    const judged = await compareRepository(
      { ...context, proveIdentity: prove },
      readings,
      repository,
      signal,
    );
    if ("unread" in judged) return { ...total, unread: [...unread, ...judged.unread] };
    await addRepository(
      { ...context, proveIdentity: prove },
      readings,
      repository,
      { judged, nested, total },
      signal,
    );
  }
  total.findings.push(...(await compareNested({ ...context, proveIdentity: prove }, nested, signal)));
  if (unread.length === 0) await context.base.markWarm(context.pair, [context.project]);
  return total;
}

async function addRepository(
  context: ProjectContext,
  readings: Readings,
  repository: string,
  {
    judged,
    nested,
    total,
  }: {
    readonly judged: readonly TagJudgement[];
    readonly nested: NestedCandidates;
    readonly total: { findings: Finding[]; tags: number; inStep: number };
  },
  signal: AbortSignal,
): Promise<void> {
  const rival = context.contestedBy(repository);
  if (rival !== undefined) total.findings.push(overlapOf(repository, rival));
  const add = (finding: Finding): void => {
    total.findings.push(rival === undefined ? finding : leftAlone(finding));
  };
  total.tags += judged.length;
  for (const { tag, verdict, finding } of judged) {
    if (verdict.kind === "in-step") {
      total.inStep += 1;
      context.onInStep?.(repository, tag, verdict.digest);
    }
    if (finding !== undefined) add(finding);
  }
  const deeper = rival === undefined ? nested : new NestedCandidates();
  const attached = await compareAttached(context, readings, repository, { judged, nested: deeper }, signal);
  for (const finding of attached) add(finding);
}

/** Both topologies leave such a repository alone: what one of them heals the other may undo. */
function overlapOf(repository: string, rival: TopologyName): Finding {
  const reason = `the topology ${rival} writes to it too, so neither heals it; narrow the content of one of them`;
  return { kind: "overlap", repository, tag: "**", reason, notice: false };
}

function leftAlone(finding: Finding): Finding {
  const { from, to, replaces, replay, ...rest } = finding;
  return { ...rest, frozen: true };
}

async function compareRepository(
  context: ProjectContext,
  readings: Readings,
  repository: string,
  signal: AbortSignal,
): Promise<TagJudgement[] | { unread: Unread[] }> {
  const { base, pair, names, rules } = context;
  const rows = { left: rowsOf(readings.left, repository), right: rowsOf(readings.right, repository) };
  const entries = await base.entries(pair, repository);
  const forgotten = [...entries.keys()].filter(
    (tag) => context.chosen.tag(tag) && !rows.left.has(tag) && !rows.right.has(tag),
  );
  const differing = [...suspects(rows.left, rows.right), ...doubtful(rows.left, rows.right), ...forgotten];
  if (differing.length > 0) {
    const unknown = await context.proveIdentity();
    if (unknown.length > 0) return { unread: unknown };
  }
  const confirmed = await confirmAll(context, readings, repository, [...new Set(differing)], signal);
  const warm = await base.isWarm(pair, repository);
  const about: RepositoryCase = {
    repository,
    names,
    warm,
    entries,
    rules,
    evidence: (side, tag, reading) => {
      const held = entries.get(tag)?.seen[side].at(-1);
      return context.evidence(side, repository, reading, { tag, ...(held === undefined ? {} : { held }) });
    },
  };
  if (differing.length > 0 || hasNews(entries, rows)) await context.prefetch(repository);
  const judged: TagJudgement[] = [];
  for (const tag of new Set([...rows.left.keys(), ...rows.right.keys(), ...forgotten])) {
    const sides = confirmed.get(tag) ?? {
      left: toReading(rows.left.get(tag)),
      right: toReading(rows.right.get(tag)),
    };
    judged.push(compareTag(about, tag, sides.left, sides.right));
  }
  await rememberAll(context, repository, judged);
  return judged.filter(({ verdict }) => verdict.kind !== "gone");
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
  { base, pair }: ProjectContext,
  repository: string,
  judged: readonly TagJudgement[],
): Promise<void> {
  const changes = judged
    .filter(({ changed }) => changed)
    .map(({ tag, entry }): BaseChange => ({ repository, tag, ...(entry === undefined ? {} : { entry }) }));
  if (changes.length > 0) await base.write(pair, changes);
}

/** Reads suspects singly on both sides; on a side that has no such project they are absent without asking. */
async function confirmAll(
  { ports }: ProjectContext,
  readings: Readings,
  repository: string,
  tags: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Record<Side, SideReading>>> {
  const confirm = (side: Side, tag: string): Promise<SideReading> =>
    readings[side].kind === "absent"
      ? Promise.resolve({ kind: "absent" })
      : confirmTag(ports[side], repository, tag, signal);
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

async function repositoriesOf(context: ProjectContext, readings: Readings): Promise<string[]> {
  const { base, pair, project, chosen } = context;
  const known = (await base.repositories(pair, project)).filter((name) => chosen.repository(name));
  const names = new Set([...listedIn(readings.left), ...listedIn(readings.right), ...known]);
  return [...names].toSorted();
}

function listedIn(reading: ProjectReading): Iterable<string> {
  return reading.kind === "read" ? reading.rows.keys() : [];
}

const NO_ROWS: ReadonlyMap<string, TagReading> = new Map();

function rowsOf(reading: ProjectReading, repository: string): ReadonlyMap<string, TagReading> {
  return (reading.kind === "read" ? reading.rows.get(repository) : undefined) ?? NO_ROWS;
}

function doubtful(...sides: ReadonlyMap<string, TagReading>[]): string[] {
  return sides.flatMap((rows) =>
    [...rows].filter(([, { digest }]) => digest === DOUBTFUL).map(([tag]) => tag),
  );
}

function toReading(row: TagReading | undefined): SideReading {
  return row === undefined ? { kind: "absent" } : { kind: "present", ...row };
}

function isUnread({ left, right }: Readings, repository: string): boolean {
  return [left, right].some((reading) => reading.kind === "read" && reading.unread.has(repository));
}

function unreadParts({ project, names }: ProjectContext, readings: Readings): Unread[] {
  return (["left", "right"] as const).flatMap((side): Unread[] => {
    const reading = readings[side];
    const at = (subject: string, error: AppError): Unread => ({ registry: names[side], subject, error });
    if (reading.kind === "unread") return [at(`${project}/**`, reading.error)];
    if (reading.kind === "absent") return [];
    return [...reading.unread].map(([repository, error]) => at(repository, error));
  });
}
