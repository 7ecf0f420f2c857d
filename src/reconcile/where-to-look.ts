import { keyOf } from "../catalog/compare-pair.ts";
import type { Clock, Instant } from "../clock.ts";
import type { BaseStore, Store } from "../store/store.ts";
import { pairsOf } from "../topology/flows.ts";
import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import { selects } from "../topology/selection.ts";
import { readAuditLogs } from "./audit-logs.ts";
import { lastPassBegan } from "./last-pass.ts";
import type { RegistryState } from "./registries.ts";
import { isWorthLooking } from "./worth-looking.ts";

/** Clocks differ, and an outage is noticed late. */
const MARGIN_MS = 10 * 60_000;

export interface WhereToLookSource {
  readonly topology: ReplicatedTopology;
  readonly registries: ReadonlyMap<RegistryName, RegistryState>;
  readonly store: Pick<Store, "audit" | "base" | "memory" | "outages" | "passes">;
  readonly clock: Clock;
}

/**
 * The repositories that audit logs name since a registry went away that is back now, so that healing can begin before everything is listed. Undefined
 * where nothing came back since the last pass, or where a log has gaps: then nothing is known to be all of it, and nobody knows whether that registry
 * came back older than it was. Such a log is left as it is, so that the comparison of everything meets the gap too, and tells it.
 */
export async function whereToLook(
  { topology, registries, store, clock }: WhereToLookSource,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  const isEachRead = [...registries.values()].every(({ kind }) => kind === "read");
  const since = isEachRead ? await awaySince(topology, store) : undefined;
  if (since === undefined) return undefined;
  const logs = await readAuditLogs({ registries, store, clock, leavesGaps: true }, signal);
  const chosen = selects(topology.content);
  const changed = new Set<string>();
  for (const name of topology.registries) {
    const log = logs.get(name);
    const state = registries.get(name);
    if (log?.continues !== true || state?.kind !== "read") return undefined;
    if ((await log.state()).kind !== "read") return undefined;
    const theirs = since + (state.identity.clockOffsetMs ?? 0) - MARGIN_MS;
    for (const repository of await store.audit.changedSince(name, theirs)) {
      if (chosen.repository(repository)) changed.add(repository);
    }
  }
  const isWorthIt = isWorthLooking(changed.size, await knownTags(topology, store.base));
  return changed.size > 0 && isWorthIt ? changed : undefined;
}

/** Of the largest pair; none where nothing was compared yet. */
async function knownTags(topology: ReplicatedTopology, base: BaseStore): Promise<number> {
  const sizes = pairsOf(topology).map((pair) => base.size(keyOf(pair)).catch(() => 0));
  return Math.max(0, ...(await Promise.all(sizes)));
}

/** When the first of those went away that came back since the last pass began; undefined when none did. */
async function awaySince(
  { name, registries }: ReplicatedTopology,
  { outages, passes }: Pick<Store, "outages" | "passes">,
): Promise<Instant | undefined> {
  const last = (await lastPassBegan(passes, name)) ?? 0;
  const begun: Instant[] = [];
  for (const registry of registries) {
    for (const { from, to } of await outages.outages(registry)) {
      if (to === undefined || to > last) begun.push(from);
    }
  }
  return begun.length === 0 ? undefined : Math.min(...begun);
}
