import { toAppError, type AppError } from "../errors.ts";
import type { Clock, Instant } from "../clock.ts";
import { groupBy } from "../group-by.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Project } from "../observed/model.ts";
import type { RepositoryCase } from "../parity/compare-repository.ts";
import type { BytesRead, Finding, Side, SideEvidence, SideReading } from "../parity/model.ts";
import type { BaseStore, PairKey, SpillStore } from "../store/store.ts";
import type { Pair } from "../topology/flows.ts";
import type { RegistryName, TopologyName } from "../topology/model.ts";
import { selects, type Selects } from "../topology/selection.ts";
import { compareProject, type InStepListener, type ProjectComparison } from "./compare-project.ts";
import type { TagPast } from "./compare-repository.ts";
import { inTurns } from "../in-turns.ts";
import { RowBudget } from "./project-rows.ts";
import { PairSum } from "./pair-sum.ts";
import { readProject, type ProjectPart, type ProjectReading } from "./read-project.ts";
import type { Unread } from "./unread.ts";
import type { RewindWatch } from "./watch-rewinds.ts";

export interface PairContext {
  readonly pair: Pair;
  readonly ports: Readonly<Record<Side, HarborPort>>;
  readonly base: BaseStore;
  readonly spills: SpillStore;
  readonly clock: Clock;
  readonly onInStep?: InStepListener;
  /** The other topology that writes to the same repository of the same registry, where there is one. */
  contestedBy(repository: string): TopologyName | undefined;
  /** What outages and executions say about one tag of one side. */
  evidence(side: Side, repository: string, reading: SideReading, of?: TagPast): SideEvidence;
  prefetch(repository: string): Promise<void>;
  readonly watch: Readonly<Record<Side, RewindWatch>>;
  /** What is found goes into no report that is kept: what is told only once is left to a pass whose report is. */
  readonly dryRun?: boolean | undefined;
  /** Looks at these repositories alone, and concludes nothing about any other: quick, and no proof of the whole. */
  readonly only?: ReadonlySet<string>;
}

/** What was found between two registries, and what it rests on. */
export interface PairComparison {
  readonly left: RegistryName;
  readonly right: RegistryName;
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
  /** Tags on either side, and those in step. */
  readonly tags: number;
  readonly inStep: number;
  /** When the reading began, by our clock. */
  readonly readAt: Instant;
  readonly requests: Readonly<Record<Side, number>>;
  /** Undefined where tags and digests were compared, and nothing behind them was read. */
  readonly bytes?: BytesRead;
}

/** Projects of one pair at a time: one that is slow, or does not answer, holds up none of the others. */
const PROJECTS_TOGETHER = 4;
/** Rows in memory, of both sides together; more wait on the disk. A row takes about 80 bytes. */
const ROWS_IN_MEMORY = 200_000;

/**
 * Compares what two registries hold, project by project. What is done about one project stays done when the pass is stopped at another: the base
 * is written repository by repository, and a project that was compared whole is warm. Our identity is proven on both sides before and after, and with the
 * listing of projects (harbor/client.ts), since Harbor answers a listing as anonymous where credentials do not hold for a moment.
 */
export async function comparePair(context: PairContext, signal: AbortSignal): Promise<PairComparison> {
  const { pair, ports, clock } = context;
  const readAt = clock.now();
  const before = { left: ports.left.requestCount(), right: ports.right.requestCount() };
  const sum = new PairSum();
  const unreadable = await proveIdentity(context, signal);
  if (unreadable.length > 0) sum.addUnread(unreadable);
  else if (context.only === undefined) await compareProjects(context, sum, signal);
  else await compareNamed(context, context.only, sum, signal);
  return {
    left: pair.left,
    right: pair.right,
    ...sum.total(),
    readAt,
    requests: {
      left: ports.left.requestCount() - before.left,
      right: ports.right.requestCount() - before.right,
    },
  };
}

async function compareProjects(context: PairContext, sum: PairSum, signal: AbortSignal): Promise<void> {
  const { pair, ports, base } = context;
  const chosen = selects(pair.topology.content);
  const [left, right] = await Promise.all([
    listProjects(ports.left, chosen, signal),
    listProjects(ports.right, chosen, signal),
  ]);
  if (!(left instanceof Map)) sum.addUnread([{ registry: pair.left, subject: "**", error: left }]);
  if (!(right instanceof Map)) sum.addUnread([{ registry: pair.right, subject: "**", error: right }]);
  if (!(left instanceof Map) || !(right instanceof Map)) return;
  // One that both sides lack now is read too: it was deleted on both, or both hide it from us, which is not the same.
  const known = (await base.projects(keyOf(pair))).filter((name) => chosen.project(name));
  const listed = { left, right };
  const unsure = await eachSide(
    context,
    "**",
    (side) => context.watch[side].lookForEmptied(known, listed[side], signal),
    signal,
  );
  sum.addUnread(unsure);
  if (unsure.length > 0) return;
  const names = new Set([...left.keys(), ...right.keys(), ...known]);
  const sides = (name: string): Record<Side, Project | undefined> => ({
    left: left.get(name),
    right: right.get(name),
  });
  const place = { budget: new RowBudget(ROWS_IN_MEMORY), spills: context.spills };
  const compared = await inTurns(
    [...names].filter((name) => !Object.values(sides(name)).some(isProxyCache)).toSorted(),
    // Who listens is told in order.
    context.onInStep === undefined ? PROJECTS_TOGETHER : 1,
    (name) => compareOne(context, name, sides(name), { chosen, place }, signal),
  );
  compared.forEach((project) => sum.addProject(project));
  sum.addUnread(await proveIdentity(context, signal));
  if (!sum.hasUnread()) await base.markWarm(keyOf(pair), [""]);
}

async function compareNamed(
  context: PairContext,
  only: ReadonlySet<string>,
  sum: PairSum,
  signal: AbortSignal,
): Promise<void> {
  const chosen = selects(context.pair.topology.content);
  const place = { budget: new RowBudget(ROWS_IN_MEMORY), spills: context.spills };
  const projects = groupBy(
    [...only].filter((name) => chosen.repository(name)).toSorted(),
    (name) => name.split("/", 1)[0] ?? "",
  );
  const compared = await inTurns([...projects], PROJECTS_TOGETHER, ([project, named]) =>
    compareOne(context, project, { left: undefined, right: undefined }, { chosen, place, named }, signal),
  );
  compared.forEach((project) => sum.addProject(project));
  sum.addUnread(await proveIdentity(context, signal));
}

const NOTHING: ProjectComparison = { findings: [], unread: [], tags: 0, inStep: 0 };

async function compareOne(
  context: PairContext,
  project: string,
  listed: Readonly<Record<Side, Project | undefined>>,
  reading: ProjectPart,
  signal: AbortSignal,
): Promise<ProjectComparison> {
  signal.throwIfAborted();
  const { left, right } = await readBoth(context, project, listed, reading, signal);
  try {
    if (isOfProxyCache(left) || isOfProxyCache(right)) return NOTHING;
    const { watch } = context;
    // By a part of a project nobody knows whether it is older than it was.
    if (reading.named === undefined) {
      const sides = { left, right };
      const look = (side: Side): Promise<void> => watch[side].look(project, sides[side]);
      const unread = await eachSide(context, `${project}/**`, look, signal);
      if (unread.length > 0) return { ...NOTHING, unread };
    } else if ((await watch.left.isOther(project, left)) || (await watch.right.isOther(project, right))) {
      return NOTHING;
    }
    const about = projectContext(context, project, reading, signal);
    return await compareProject(about, { left, right }, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    // What breaks here breaks for this project alone.
    const unread = { registry: context.pair.left, subject: `${project}/**`, error: toAppError(thrown) };
    return { ...NOTHING, unread: [unread] };
  } finally {
    await Promise.all([left, right].map(close));
  }
}

/** When one of them is stopped, what the other has read already is let go. */
async function readBoth(
  { ports }: PairContext,
  project: string,
  listed: Readonly<Record<Side, Project | undefined>>,
  reading: ProjectPart,
  signal: AbortSignal,
): Promise<Record<Side, ProjectReading>> {
  const [left, right] = await Promise.allSettled(
    (["left", "right"] as const).map((side) =>
      readProject(ports[side], project, listed[side], reading, signal),
    ),
  );
  if (left?.status === "fulfilled" && right?.status === "fulfilled") {
    return { left: left.value, right: right.value };
  }
  for (const one of [left, right]) if (one?.status === "fulfilled") await close(one.value);
  throw [left, right].find((one) => one?.status === "rejected")?.reason;
}

function projectContext(
  context: PairContext,
  project: string,
  { chosen, named }: ProjectPart,
  signal: AbortSignal,
): Parameters<typeof compareProject>[0] {
  const { pair, ports, base } = context;
  return {
    project,
    chosen,
    pair: keyOf(pair),
    ports,
    base,
    names: pair,
    dryRun: context.dryRun,
    rules: rulesOf(pair),
    evidence: (...about) => context.evidence(...about),
    prefetch: (repository) => context.prefetch(repository),
    contestedBy: (repository) => context.contestedBy(repository),
    proveIdentity: () => proveIdentity(context, signal),
    ...(named === undefined ? {} : { named }),
    ...(context.onInStep === undefined ? {} : { onInStep: context.onInStep }),
  };
}

async function close(reading: ProjectReading): Promise<void> {
  if (reading.kind === "read") await reading.rows.close();
}

export function keyOf(pair: Pair): PairKey {
  return { topology: pair.topology.name, left: pair.left, right: pair.right };
}

function rulesOf({ topology }: Pair): RepositoryCase["rules"] {
  const { firstContact, slaveDeletions } = topology.heal;
  return { topology: topology.kind, firstContact, slaveDeletions };
}

/** The sides whose credentials are not accepted, or that can't be reached, right now. */
async function proveIdentity(context: PairContext, signal: AbortSignal): Promise<Unread[]> {
  return eachSide(context, "**", (side) => context.ports[side].identify({ again: true, signal }), signal);
}

/** Asks both sides at once. Gives those where that failed, of which the subject is unread. */
async function eachSide(
  { pair }: PairContext,
  subject: string,
  ask: (side: Side) => Promise<unknown>,
  signal: AbortSignal,
): Promise<Unread[]> {
  const at = async (side: Side): Promise<Unread[]> => {
    try {
      await ask(side);
      return [];
    } catch (thrown) {
      signal.throwIfAborted();
      return [{ registry: pair[side], subject, error: toAppError(thrown) }];
    }
  };
  return (await Promise.all([at("left"), at("right")])).flat();
}

async function listProjects(
  port: HarborPort,
  chosen: Selects,
  signal: AbortSignal,
): Promise<Map<string, Project> | AppError> {
  try {
    return await listOnce(port, chosen, signal).catch(async (thrown: unknown) => {
      if (toAppError(thrown).code !== "HARBOR_UNAUTHORIZED") throw thrown;
      // Somebody's wrong password locks our name for a moment, which proving ourselves waits out.
      await port.identify({ again: true, signal });
      return await listOnce(port, chosen, signal);
    });
  } catch (thrown) {
    signal.throwIfAborted();
    return toAppError(thrown);
  }
}

async function listOnce(
  port: HarborPort,
  chosen: Selects,
  signal: AbortSignal,
): Promise<Map<string, Project>> {
  const projects = new Map<string, Project>();
  for await (const project of port.projects(signal)) {
    if (chosen.project(project.name)) projects.set(project.name, project);
  }
  return projects;
}

/** Harbor answers for a proxy cache from upstream, so its content proves nothing (goharbor/harbor#15155). */
function isProxyCache(project: Project | undefined): boolean {
  return project !== undefined && project.proxyEndpointId !== 0;
}

function isOfProxyCache(reading: ProjectReading): boolean {
  return reading.kind === "read" && isProxyCache(reading.project);
}
