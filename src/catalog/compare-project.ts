import type { AppError } from "../errors.ts";
import type { Finding, Side } from "../parity/model.ts";
import type { TopologyName } from "../topology/model.ts";
import { compareAttached } from "./compare-attached.ts";
import { compareNested, NestedCandidates } from "./compare-nested.ts";
import {
  compareRepository,
  type RepositoryComparison,
  type RepositoryContext,
  type RepositorySides,
} from "./compare-repository.ts";
import type { ProjectReading } from "./read-project.ts";
import { NO_ROWS, type RepositoryRows } from "./repository-rows.ts";
import type { Unread } from "./unread.ts";

/** Told of a tag that is in step: repository with the project, tag, digest. */
export type InStepListener = (repository: string, tag: string, digest: string) => void;

export interface ProjectContext extends RepositoryContext {
  readonly project: string;
  contestedBy(repository: string): TopologyName | undefined;
  readonly onInStep?: InStepListener;
  /** These repositories alone were read. */
  readonly named?: readonly string[];
}

export interface ProjectComparison {
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
  readonly tags: number;
  readonly inStep: number;
}

type Readings = Readonly<Record<Side, ProjectReading>>;

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
  const { asking, unknown } = askingOnce(context);
  const nested = new NestedCandidates();
  for (const repository of await repositoriesOf(context, readings)) {
    signal.throwIfAborted();
    if (isUnread(readings, repository)) continue;
    const sides = await sidesOf(readings, repository);
    const compared = await compareRepository(asking, sides, signal);
    if ("unread" in compared) return { ...total, unread: [...unread, ...compared.unread] };
    const found = await findingsOf(asking, sides, compared, nested, signal);
    for (const finding of found) total.findings.push(finding);
    total.tags += compared.tags;
    total.inStep += compared.inStepCount;
  }
  total.findings.push(...(await compareNested(asking, nested, signal)));
  const unproven = await unknown();
  if (unproven.length > 0) return { ...total, unread: [...unread, ...unproven] };
  if (unread.length === 0 && context.named === undefined)
    await context.base.markWarm(context.pair, [context.project]);
  return total;
}

/** Our identity is proven once a project, after its listings, and only when something differs. `unknown` is what came of it; none where nothing did. */
function askingOnce(context: ProjectContext): {
  readonly asking: ProjectContext;
  readonly unknown: () => Promise<readonly Unread[]>;
} {
  let asked: Promise<Unread[]> | undefined;
  const proveIdentity = (): Promise<Unread[]> => (asked ??= context.proveIdentity());
  return { asking: { ...context, proveIdentity }, unknown: async () => (await asked) ?? [] };
}

async function findingsOf(
  context: ProjectContext,
  { repository, rows }: RepositorySides,
  { findings, inStep }: RepositoryComparison,
  nested: NestedCandidates,
  signal: AbortSignal,
): Promise<Finding[]> {
  if (context.onInStep !== undefined) {
    for (const [tag, digest] of inStep) context.onInStep(repository, tag, digest);
  }
  const rival = context.contestedBy(repository);
  const deeper = rival === undefined ? nested : new NestedCandidates();
  const attached = await compareAttached(context, rows, repository, { inStep, nested: deeper }, signal);
  const all = [...findings, ...attached];
  return rival === undefined ? all : [overlapOf(repository, rival), ...all.map(leftAlone)];
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

async function repositoriesOf(context: ProjectContext, readings: Readings): Promise<string[]> {
  const { base, pair, project, chosen, named } = context;
  if (named !== undefined) return [...named];
  const known = (await base.repositories(pair, project)).filter((name) => chosen.repository(name));
  const names = new Set([...listedIn(readings.left), ...listedIn(readings.right), ...known]);
  return [...names].toSorted();
}

function listedIn(reading: ProjectReading): Iterable<string> {
  return reading.kind === "read" ? reading.rows.repositories() : [];
}

async function sidesOf({ left, right }: Readings, repository: string): Promise<RepositorySides> {
  return {
    repository,
    rows: { left: await rowsOf(left, repository), right: await rowsOf(right, repository) },
    isAbsent: { left: left.kind === "absent", right: right.kind === "absent" },
  };
}

async function rowsOf(reading: ProjectReading, repository: string): Promise<RepositoryRows> {
  return reading.kind === "read" ? await reading.rows.of(repository) : NO_ROWS;
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
