import type { Instant } from "../clock.ts";
import type { DisplacedOutcome, RepositorySnapshot } from "../failback/displaced.ts";
import type { TagWork } from "../failback/remedies.ts";
import type { HarborPort } from "../harbor/port.ts";
import { harborNow } from "../observed/harbor-now.ts";
import type { Manifest, RegistryV2Port } from "../registry-v2/port.ts";
import type { FlowContext } from "./context.ts";
import { refusalIn } from "./refusal.ts";
import { rescueDisplaced, snapshotOf, type Rescuing } from "./rescue.ts";

/** A repository as it was right before something is put over tags of it. */
export interface Look {
  readonly before: RepositorySnapshot;
  /** When that was read, by that Harbor's clock. */
  readonly since: Instant;
  /** Under which the store keeps it, so that a run that is killed before it read back leaves that to the next one. */
  readonly record: number;
}

/** Looks, and remembers it until `rescueDisplaced` has read back. End it with `forgetLook` where nothing was overwritten after all. */
export async function lookBefore(
  { flow, clock, overwrites }: Pick<Rescuing, "flow" | "clock" | "overwrites">,
  port: HarborPort,
  { repository, tags }: { readonly repository: string; readonly tags: readonly TagWork[] },
  signal: AbortSignal,
): Promise<Look> {
  const since = await harborNow(port, clock, signal);
  const before = await snapshotOf(port, repository, signal);
  const topology = flow.topology.name;
  const registry = port.registry.name;
  const record = await overwrites.begin({ topology, registry, repository, tags, before, since });
  return { before, since, record };
}

export async function forgetLook({ overwrites }: Pick<FlowContext, "overwrites">, look: Look): Promise<void> {
  await overwrites.end(look.record);
}

/** As `lookBefore`, for a copy that an earlier run began: what that run saw is kept until the copy is over, and says more. */
export async function lookAgain(
  context: Pick<Rescuing, "flow" | "clock" | "overwrites">,
  port: HarborPort,
  work: { readonly repository: string; readonly tags: readonly TagWork[] },
  signal: AbortSignal,
): Promise<Look> {
  const { name } = port.registry;
  const left = (await context.overwrites.of(context.flow.topology.name)).find(
    ({ registry, repository, tags }) =>
      registry === name && repository === work.repository && isSameWork(tags, work.tags),
  );
  if (left === undefined) return lookBefore(context, port, work, signal);
  return { before: left.before, since: left.since, record: left.id };
}

type Put = Pick<TagWork, "tag" | "digest">;

function isSameWork(one: readonly Put[], other: readonly Put[]): boolean {
  const [left, right] = [one, other].map((works) =>
    works.map(({ tag, digest }) => `${tag}@${digest}`).join(),
  );
  return left === right;
}

/** Both sides of one registry. */
export interface Place {
  readonly port: HarborPort;
  readonly distribution: RegistryV2Port;
}

/** One manifest that we put over one tag ourselves. */
interface Putting extends Place {
  readonly repository: string;
  /** With what the tag stands for now: over anything else nothing is put. */
  readonly work: TagWork;
  readonly manifest: Manifest;
}

type PutOver =
  /** `displaced` is what was pushed between our last look and our write. */
  | { readonly kind: "put"; readonly displaced: readonly DisplacedOutcome[] }
  /** The tag stands for something else by now, and nothing was written. */
  | { readonly kind: "changed" }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Puts a manifest over a tag, and reads back what that displaced: Harbor knows no "only if the tag still stands for this". An answer that is lost says
 * nothing of the write, so it is read back then too; where even that fails, the look stays in the store for the next pass.
 */
export async function putOver(context: Rescuing, putting: Putting, signal: AbortSignal): Promise<PutOver> {
  const { port, distribution, repository, work, manifest } = putting;
  const about = { repository, tags: [work] };
  const look = await lookBefore(context, port, about, signal);
  const changed = await isChanged(context, putting, signal).catch(async (thrown: unknown) => {
    await forgetLook(context, look);
    throw thrown;
  });
  if (changed) {
    await forgetLook(context, look);
    return { kind: "changed" };
  }
  let unanswered: { readonly thrown: unknown } | undefined;
  try {
    await distribution.putManifest(repository, work.tag, manifest, signal);
  } catch (thrown) {
    if (wasRefused(thrown, signal)) {
      await forgetLook(context, look);
      return { kind: "refused", reason: refusalIn(thrown, signal) };
    }
    unanswered = { thrown };
  }
  const displaced = await rescueDisplaced(context, port, { ...about, ...look }, signal);
  const isThere = displaced.length > 0 || unanswered === undefined || (await isPut(putting, signal));
  if (!isThere) throw unanswered?.thrown;
  return { kind: "put", displaced };
}

async function isChanged(
  context: Pick<Rescuing, "beforeWrite">,
  { port, repository, work }: Putting,
  signal: AbortSignal,
): Promise<boolean> {
  await context.beforeWrite();
  return (await port.tagDigest(repository, work.tag, signal)) !== work.replaces;
}

async function isPut({ port, repository, work }: Putting, signal: AbortSignal): Promise<boolean> {
  return (await port.tagDigest(repository, work.tag, signal)) === work.digest;
}

/** Whether a write that failed was refused. If not, it may have been made and its answer lost. Throws when work is to end. */
export function wasRefused(thrown: unknown, signal: AbortSignal): boolean {
  signal.throwIfAborted();
  try {
    refusalIn(thrown, signal);
    return true;
  } catch {
    return false;
  }
}
