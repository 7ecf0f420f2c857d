import { toAppError, type AppError } from "../errors.ts";
import type { Clock, Instant } from "../clock.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Project } from "../observed/model.ts";
import type { RepositoryCase } from "../parity/compare-repository.ts";
import type { BytesRead, Finding, Side, SideEvidence, SideReading } from "../parity/model.ts";
import type { BaseStore, PairKey } from "../store/store.ts";
import type { Pair } from "../topology/flows.ts";
import type { RegistryName, TopologyName } from "../topology/model.ts";
import { selects, type Selects } from "../topology/selection.ts";
import {
  compareProject,
  type InStepListener,
  type ProjectComparison,
  type TagPast,
} from "./compare-project.ts";
import { readProject } from "./read-project.ts";
import type { Unread } from "./unread.ts";
import type { RewindWatch } from "./watch-rewinds.ts";

export interface PairContext {
  readonly pair: Pair;
  readonly ports: Readonly<Record<Side, HarborPort>>;
  readonly base: BaseStore;
  readonly clock: Clock;
  readonly onInStep?: InStepListener;
  /** The other topology that writes to the same repository of the same registry, where there is one. */
  contestedBy(repository: string): TopologyName | undefined;
  /** What outages and executions say about one tag of one side. */
  evidence(side: Side, repository: string, reading: SideReading, of?: TagPast): SideEvidence;
  prefetch(repository: string): Promise<void>;
  readonly watch: Readonly<Record<Side, RewindWatch>>;
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

/**
 * Compares what two registries hold, project by project, so that never more than one project of each is in memory. Our identity
 * is proven on both sides before and after, since Harbor answers a listing as anonymous where credentials no longer hold.
 */
export async function comparePair(context: PairContext, signal: AbortSignal): Promise<PairComparison> {
  const { pair, ports, clock } = context;
  const readAt = clock.now();
  const before = { left: ports.left.requestCount(), right: ports.right.requestCount() };
  const sum = new Sum();
  const unreadable = await proveIdentity(context, signal);
  if (unreadable.length > 0) sum.addUnread(unreadable);
  else await compareProjects(context, sum, signal);
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

async function compareProjects(context: PairContext, sum: Sum, signal: AbortSignal): Promise<void> {
  const { pair, ports, base } = context;
  const chosen = selects(pair.topology.content);
  const listed = {
    left: await listProjects(ports.left, chosen, signal),
    right: await listProjects(ports.right, chosen, signal),
  };
  for (const side of ["left", "right"] as const) {
    const projects = listed[side];
    if (projects instanceof Map) continue;
    sum.addUnread([{ registry: pair[side], subject: "**", error: projects }]);
  }
  if (!(listed.left instanceof Map) || !(listed.right instanceof Map)) return;
  // One that both sides lack now is read too: it was deleted on both, or both hide it from us, which is not the same.
  const known = (await base.projects(keyOf(pair))).filter((name) => chosen.project(name));
  await context.watch.left.lookForEmptied(known, listed.left, signal);
  await context.watch.right.lookForEmptied(known, listed.right, signal);
  const names = new Set([...listed.left.keys(), ...listed.right.keys(), ...known]);
  for (const name of [...names].toSorted()) {
    signal.throwIfAborted();
    const sides = { left: listed.left.get(name), right: listed.right.get(name) };
    if (isProxyCache(sides.left) || isProxyCache(sides.right)) continue;
    sum.addProject(await compareOne(context, name, sides, chosen, signal));
  }
  sum.addUnread(await proveIdentity(context, signal));
  if (!sum.hasUnread()) await base.markWarm(keyOf(pair), [""]);
}

async function compareOne(
  context: PairContext,
  project: string,
  listed: Readonly<Record<Side, Project | undefined>>,
  chosen: Selects,
  signal: AbortSignal,
): Promise<ProjectComparison> {
  const { pair, ports, base } = context;
  const [left, right] = await Promise.all([
    readProject(ports.left, project, listed.left, chosen, signal),
    readProject(ports.right, project, listed.right, chosen, signal),
  ]);
  await Promise.all([context.watch.left.look(project, left), context.watch.right.look(project, right)]);
  return compareProject(
    {
      project,
      chosen,
      pair: keyOf(pair),
      ports,
      base,
      names: pair,
      rules: rulesOf(pair),
      evidence: (...about) => context.evidence(...about),
      prefetch: (repository) => context.prefetch(repository),
      contestedBy: (repository) => context.contestedBy(repository),
      proveIdentity: () => proveIdentity(context, signal),
      ...(context.onInStep === undefined ? {} : { onInStep: context.onInStep }),
    },
    { left, right },
    signal,
  );
}

export function keyOf(pair: Pair): PairKey {
  return { topology: pair.topology.name, left: pair.left, right: pair.right };
}

function rulesOf({ topology }: Pair): RepositoryCase["rules"] {
  const { firstContact, slaveDeletions } = topology.heal;
  return { topology: topology.kind, firstContact, slaveDeletions };
}

/** The sides whose credentials are not accepted, or that can't be reached, right now. */
async function proveIdentity({ pair, ports }: PairContext, signal: AbortSignal): Promise<Unread[]> {
  const prove = async (side: Side): Promise<Unread[]> => {
    try {
      await ports[side].identify({ again: true, signal });
      return [];
    } catch (thrown) {
      signal.throwIfAborted();
      return [{ registry: pair[side], subject: "**", error: toAppError(thrown) }];
    }
  };
  return (await Promise.all([prove("left"), prove("right")])).flat();
}

async function listProjects(
  port: HarborPort,
  chosen: Selects,
  signal: AbortSignal,
): Promise<Map<string, Project> | AppError> {
  try {
    const projects = new Map<string, Project>();
    for await (const project of port.projects(signal)) {
      if (chosen.project(project.name)) projects.set(project.name, project);
    }
    return projects;
  } catch (thrown) {
    signal.throwIfAborted();
    return toAppError(thrown);
  }
}

/** Harbor answers for a proxy cache from upstream, so its content proves nothing (goharbor/harbor#15155). */
function isProxyCache(project: Project | undefined): boolean {
  return project !== undefined && project.proxyEndpointId !== 0;
}

/** Adds up projects. */
class Sum {
  // Not added by spreading: a new registry lacks more tags than a call takes arguments.
  readonly #findings: Finding[] = [];
  readonly #unread: Unread[] = [];
  #tags = 0;
  #inStep = 0;

  addProject({ findings, unread, tags, inStep }: ProjectComparison): void {
    for (const finding of findings) this.#findings.push(finding);
    this.addUnread(unread);
    this.#tags += tags;
    this.#inStep += inStep;
  }

  addUnread(unread: readonly Unread[]): void {
    for (const part of unread) this.#unread.push(part);
  }

  hasUnread(): boolean {
    return this.#unread.length > 0;
  }

  /** Nothing is concluded about anything when a side turned out not to know us. */
  total(): Pick<PairComparison, "findings" | "unread" | "tags" | "inStep"> {
    const blind = this.#unread.some(({ subject }) => subject === "**");
    const findings = blind ? [] : this.#findings;
    return { findings, unread: this.#unread, tags: this.#tags, inStep: blind ? 0 : this.#inStep };
  }
}
