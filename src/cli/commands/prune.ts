import type { App } from "../../compose.ts";
import { explainAction, explainFinding } from "../../plan/explain.ts";
import type { PassOptions } from "../../reconcile/pass.ts";
import { planUndeclared, removeUndeclared } from "../../reconcile/undeclared.ts";
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
  const results = await removeUndeclared(app, plan, io.signal);
  return results.map(({ action, outcome }) => `${outcome.kind}: ${explainAction(action)[0] ?? action.name}`);
}

/** The same as a plan: what would be deleted with `--prune`, or that there is something. */
export async function undeclaredPlan(app: App, prune: boolean, signal: AbortSignal): Promise<string[]> {
  const plan = await planUndeclared(app, prune, signal);
  return [
    ...plan.actions.flatMap(explainAction),
    ...plan.findings.map((finding) => `${finding.kind}: ${explainFinding(finding)}`),
  ];
}
