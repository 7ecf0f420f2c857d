import type { Instant } from "../clock.ts";
import type { RepositorySnapshot } from "../failback/displaced.ts";
import type { TagWork } from "../failback/remedies.ts";
import type { HarborPort } from "../harbor/port.ts";
import { harborNow } from "../observed/harbor-now.ts";
import type { FlowContext } from "./context.ts";
import { snapshotOf } from "./rescue.ts";

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
  { flow, clock, overwrites }: FlowContext,
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
