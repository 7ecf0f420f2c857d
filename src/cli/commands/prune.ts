import type { App } from "../../compose.ts";
import { explainAction, explainFinding } from "../../plan/explain.ts";
import { heldBack } from "../../reconcile/held-back.ts";
import type { PassOptions } from "../../reconcile/pass.ts";
import { planUndeclared, removeUndeclared } from "../../reconcile/undeclared.ts";
import { isReplicated } from "../../topology/flows.ts";
import type { RegistryName } from "../../topology/model.ts";
import type { CliIo } from "../io.ts";

/** Deletes our objects of topologies that are declared no longer, where that was asked for. Returns what was done, as lines. */
export async function pruneUndeclared(
  app: App,
  options: PassOptions,
  all: boolean,
  io: CliIo,
): Promise<string[]> {
  // Either guard withholds deletions, and there is nothing else to be done here.
  if (!options.prune || !all || options.guard !== undefined) return [];
  const plan = await planUndeclared(app, true, io.signal);
  if (options.dryRun) return plan.actions.flatMap(explainAction);
  const watched = await onlyWatched(app);
  const actions = plan.actions.filter(({ registry }) => !watched.has(registry));
  const results = await removeUndeclared(app, { ...plan, actions }, io.signal);
  return [
    ...results.map(({ action, outcome }) => `${outcome.kind}: ${explainAction(action)[0] ?? action.name}`),
    ...plan.actions
      .filter(({ registry }) => watched.has(registry))
      .map(
        (action) =>
          `withheld: ${explainAction(action)[0] ?? action.name} (${action.registry} is only watched now)`,
      ),
  ];
}

/** Registries whose topologies all observe, or are paused: nothing is to be written there. */
async function onlyWatched({ declared, store, clock, readOnly }: App): Promise<Set<RegistryName>> {
  const now = clock.now();
  const watched = new Set<RegistryName>();
  const acting = new Set<RegistryName>();
  for (const topology of declared.topologies.filter(isReplicated)) {
    const pause = await store.pauses.of(topology.name, now);
    const { mode } = heldBack(topology, { pause, readOnly }).topology;
    for (const name of topology.registries) (mode === "act" ? acting : watched).add(name);
  }
  return new Set([...watched].filter((name) => !acting.has(name)));
}

/** The same as a plan: what would be deleted with `--prune`, or that there is something. */
export async function undeclaredPlan(app: App, prune: boolean, signal: AbortSignal): Promise<string[]> {
  const plan = await planUndeclared(app, prune, signal);
  return [
    ...plan.actions.flatMap(explainAction),
    ...plan.findings.map((finding) => `${finding.kind}: ${explainFinding(finding)}`),
  ];
}
