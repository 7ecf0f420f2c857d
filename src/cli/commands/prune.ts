import type { App } from "../../compose.ts";
import { topologyOfName } from "../../desired/names.ts";
import { toAppError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import { explainAction, explainFinding } from "../../plan/explain.ts";
import { guarded, GUARDS } from "../../plan/guards.ts";
import type { Action, Guard, Plan, PlanFinding } from "../../plan/model.ts";
import { heldBack } from "../../reconcile/held-back.ts";
import type { PassOptions } from "../../reconcile/pass.ts";
import { planUndeclared, removeUndeclared } from "../../reconcile/undeclared.ts";
import { isReplicated } from "../../topology/flows.ts";
import type { RegistryName } from "../../topology/model.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo } from "../io.ts";
import { withLease } from "./with-lease.ts";

/** Our objects of topologies that are declared no longer: what became of them, as lines, and the exit code that this alone would give. */
export interface Undeclared {
  readonly lines: readonly string[];
  readonly exit: number;
}

/** Deletes them, where that was asked for. */
export async function pruneUndeclared(
  app: App,
  options: PassOptions,
  all: boolean,
  io: CliIo,
): Promise<Undeclared> {
  if (!options.prune || !all) return { lines: [], exit: EXIT.ok };
  const found = await planUndeclared(app, true, io.signal);
  const guards = options.guard === undefined ? [] : [GUARDS[options.guard]];
  if (!options.dryRun) guards.push(notWatched(await onlyWatched(app)));
  const { plan, withheld } = guarded(found, guards);
  const kept = [
    ...found.findings.map(findingLine),
    ...withheld.map(({ action, reason }) => actionLine("withheld", action, reason)),
  ];
  if (options.dryRun) return judged([...kept, ...plan.actions.flatMap(explainAction)]);
  const results = await removeAll(app, plan, io);
  const waits = kept.length > 0 || results.some(({ outcome }) => outcome.kind === "waiting");
  const lines = [...results.map(outcomeLine), ...kept];
  if (results.some(({ outcome }) => outcome.kind === "failed")) return { lines, exit: EXIT.error };
  return { lines, exit: waits ? EXIT.notInStep : EXIT.ok };
}

/** The same as a plan: what would be deleted with `--prune`, or that there is something. */
export async function undeclaredPlan(app: App, prune: boolean, signal: AbortSignal): Promise<Undeclared> {
  const { actions, findings } = await planUndeclared(app, prune, signal);
  const lines = [...actions.flatMap(explainAction), ...findings.map(findingLine)];
  // Without --prune it is only mentioned: what nobody declares any more is no change to come.
  if (!prune) return { lines, exit: EXIT.ok };
  return findings.some(({ kind }) => kind === "unread") ? { lines, exit: EXIT.error } : judged(lines);
}

/** Of several exit codes the one that counts: 1, 2, 0. */
export function worstOf(...codes: readonly number[]): number {
  return [EXIT.error, EXIT.notInStep].find((code) => codes.includes(code)) ?? EXIT.ok;
}

function judged(lines: readonly string[]): Undeclared {
  return { lines, exit: lines.length === 0 ? EXIT.ok : EXIT.notInStep };
}

type Result = Awaited<ReturnType<typeof removeUndeclared>>[number];

/** No topology can be called so. For what is ours by its mark, but has another name. */
const NAMELESS_LEASE = "*undeclared";

/** Topology by topology, each as the only Tidelock at it: another one, such as a daemon that was not restarted, may still know it as declared. */
async function removeAll(app: App, plan: Plan, io: CliIo): Promise<Result[]> {
  const results: Result[] = [];
  const leases = groupBy(plan.actions, ({ name }) => topologyOfName(name) ?? NAMELESS_LEASE);
  for (const [lease, actions] of leases) {
    const wait = (reason: string): void => {
      results.push(...actions.map((action) => ({ action, outcome: { kind: "waiting", reason } as const })));
    };
    if (io.isStopping()) {
      wait("Tidelock was asked to stop");
      continue;
    }
    try {
      const remove = () => removeUndeclared(app, { ...plan, actions }, io.signal);
      results.push(...(await withLease(app, lease, remove)));
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      if (code !== "ALREADY_RUNNING") throw thrown;
      wait(message);
    }
  }
  return results;
}

/** Withholds what is in registries whose topologies all observe, or are paused: nothing is to be written there. */
function notWatched(watched: ReadonlySet<RegistryName>): Guard {
  return (plan) => ({
    plan: { ...plan, actions: plan.actions.filter(({ registry }) => !watched.has(registry)) },
    withheld: plan.actions
      .filter(({ registry }) => watched.has(registry))
      .map((action) => ({ action, reason: `${action.registry} is only watched now` })),
  });
}

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

function findingLine(finding: PlanFinding): string {
  return `${finding.kind}: ${explainFinding(finding)}`;
}

function outcomeLine({ action, outcome }: Result): string {
  switch (outcome.kind) {
    case "done":
      return actionLine("done", action, outcome.note);
    case "waiting":
      return actionLine("waiting", action, outcome.reason);
    case "failed":
      return actionLine("failed", action, outcome.error.message);
  }
}

function actionLine(what: string, action: Action, why: string | undefined): string {
  return `${what}: ${explainAction(action)[0] ?? action.name}${why === undefined ? "" : ` (${why})`}`;
}
