import type { Instant } from "../clock.ts";
import { factsOf } from "../failback/audit-entries.ts";
import type { AuditFact } from "../failback/audit-fact.ts";
import {
  displacedBetween,
  pushedAs,
  pushedUnder,
  rescueTagOf,
  rolledBackBetween,
  untagged,
  type DisplacedOutcome,
  type RepositorySnapshot,
} from "../failback/displaced.ts";
import type { TagWork } from "../failback/remedies.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { TopologyName } from "../topology/model.ts";
import type { FlowContext } from "./context.ts";
import { refusalIn } from "./refusal.ts";

/** What rescuing needs of the flow that it is done for. */
export type Rescuing = Pick<FlowContext, "clock" | "rescues" | "overwrites" | "beforeWrite" | "tell"> & {
  readonly flow: { readonly topology: { readonly name: TopologyName } };
};

/** One image that is kept under a rescue tag. */
interface Keeping {
  readonly port: HarborPort;
  readonly repository: string;
  /** Where it stands, or stood. */
  readonly tag: string;
  readonly digest: string;
  readonly reason: string;
  /** It lost its tag already. */
  readonly displaced?: true;
}

/**
 * Puts a rescue tag on an image and reads it back. Gives the tag; undefined where it does not stand on that image afterwards: then nothing may be
 * put over it. One that stands already is as good.
 */
export async function rescue(
  context: Omit<Rescuing, "overwrites" | "tell">,
  { port, repository, tag, digest, reason, displaced }: Keeping,
  signal: AbortSignal,
): Promise<string | undefined> {
  const rescueTag = rescueTagOf(digest, tag);
  if ((await port.tagDigest(repository, rescueTag, signal)) !== digest) {
    await context.beforeWrite();
    await port.createTag(repository, digest, rescueTag, signal);
    if ((await port.tagDigest(repository, rescueTag, signal)) !== digest) return undefined;
  }
  const registry = port.registry.name;
  const topology = context.flow.topology.name;
  const at = context.clock.now();
  const how = displaced === undefined ? {} : { displaced };
  await context.rescues.add({ topology, registry, repository, tag, digest, rescueTag, at, reason, ...how });
  return rescueTag;
}

/** What follows "it could not be kept"; undefined when it is kept. A registry that fails is no reason but a failure. */
export async function whyNotKept(
  context: Parameters<typeof rescue>[0],
  keeping: Keeping,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return (await rescue(context, keeping, signal)) === undefined ? "" : undefined;
  } catch (thrown) {
    return `: ${refusalIn(thrown, signal)}`;
  }
}

/** The digests of a repository with their tags. */
export async function snapshotOf(
  port: HarborPort,
  repository: string,
  signal: AbortSignal,
): Promise<RepositorySnapshot> {
  const slash = repository.indexOf("/");
  const snapshot = new Map<string, Set<string>>();
  for await (const artifact of port.artifacts(
    repository.slice(0, slash),
    repository.slice(slash + 1),
    signal,
  )) {
    snapshot.set(artifact.digest, new Set(artifact.tags.map(({ name }) => name)));
  }
  return snapshot;
}

/** So many of the newest entries are looked at: a push that raced with our copy is among the last ones. */
const ENTRIES_LOOKED_AT = 100;

/** Nothing where our account may not read it: Harbor answers an empty list then. */
async function logOf(port: HarborPort, signal: AbortSignal): Promise<AuditFact[]> {
  try {
    return factsOf(await port.latestAudit(ENTRIES_LOOKED_AT, signal));
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

/**
 * Reads back what an overwrite displaced, and keeps it: Harbor has no fencing, so a push between our last look and the end of a copy
 * loses its tag. Harbor keeps such an image until its next garbage collection.
 */
export async function rescueDisplaced(
  context: Rescuing,
  port: HarborPort,
  work: {
    readonly repository: string;
    readonly tags: readonly TagWork[];
    readonly before: RepositorySnapshot;
    /** When that was read, by that Harbor's clock. */
    readonly since: Instant;
    /** Of the overwrite in the store, which ends with this; undefined where it stays, since its copy goes on and has to be read back once more. */
    readonly record: number | undefined;
  },
  signal: AbortSignal,
): Promise<DisplacedOutcome[]> {
  const { repository, tags, before, since } = work;
  const planned = new Set(tags.flatMap(({ replaces }) => (replaces === undefined ? [] : [replaces])));
  const after = await snapshotOf(port, repository, signal);
  const names = tags.map(({ tag }) => tag);
  const rolledBack = untagged(before, after).length === 0 ? [] : await logOf(port, signal);
  const displaced = [
    ...displacedBetween(before, after, { tags: names, planned }),
    ...rolledBackBetween(before, after, rolledBack, { repository, tags: names, since }),
  ];
  const outcomes: DisplacedOutcome[] = [];
  for (const one of displaced) {
    const { digest } = one;
    const facts = one.wasTagged ? [] : await logOf(port, signal);
    // Where several tags were overwritten at once only the log may tell which one it was.
    const tag = one.tag ?? pushedUnder(facts, { repository, digest, tags: names }, since);
    const became = one.wasTagged ? "push" : pushedAs(facts, { repository, digest, tag }, since);
    if (became === "part") continue;
    const reason = "it was pushed while something else was being copied over its tag";
    const keeping = { port, repository, digest, tag: tag ?? "unknown", reason, displaced: true as const };
    const rescueTag = await rescue(context, keeping, signal).catch(() => undefined);
    const registry = port.registry.name;
    context.tell(
      `${registry} ${repository}@${digest} was displaced, ${rescueTag === undefined ? "and could not be kept" : `kept as ${rescueTag}`}`,
    );
    outcomes.push({
      registry,
      repository,
      digest,
      wasTagged: became === "push",
      at: context.clock.now(),
      ...(tag === undefined ? {} : { tag }),
      ...(rescueTag === undefined ? {} : { rescueTag }),
    });
  }
  // What could not be kept is looked for again by the next pass.
  const isKept = outcomes.every(({ rescueTag }) => rescueTag !== undefined);
  if (isKept && work.record !== undefined) await context.overwrites.end(work.record);
  return outcomes;
}
