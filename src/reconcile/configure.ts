import { applyPlan } from "../apply/apply-plan.ts";
import type { ActionResult } from "../apply/result.ts";
import { endpointName } from "../desired/names.ts";
import { desiredState } from "../desired/desired-state.ts";
import { AppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Capabilities } from "../observed/model.ts";
import { observe } from "../observed/observe.ts";
import type { ObservedState } from "../observed/state.ts";
import { guarded, moreThanHalf } from "../plan/guards.ts";
import type { Guard, Plan, Withheld } from "../plan/model.ts";
import { planOf } from "../plan/plan.ts";
import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import type { PassDeps } from "./pass-deps.ts";
import { refuseSharedRedis } from "./refuse-shared-redis.ts";
import type { RegistryState } from "./registries.ts";

export interface ConfigurationReport {
  readonly plan: Plan;
  readonly withheld: readonly Withheld[];
  /** Empty when nothing was to be written. */
  readonly results: readonly ActionResult[];
  /** What is declared stands in the Harbors: nothing is left to do, withheld, waiting, contradicting or drifted. */
  readonly settled: boolean;
}

export interface Configured {
  readonly report: ConfigurationReport;
  readonly wrote: boolean;
}

interface ConfigureContext {
  readonly topology: ReplicatedTopology;
  readonly deps: PassDeps;
  readonly observed: ObservedState;
  readonly mayWrite: boolean;
  readonly prune: boolean;
  /** Beside the one that always stands. */
  readonly guards: readonly Guard[];
}

/** A topology and what is known of its registries. */
interface TopologyAtHand {
  readonly topology: ReplicatedTopology;
  readonly deps: PassDeps;
  readonly registries: ReadonlyMap<RegistryName, RegistryState>;
}

/**
 * Reads endpoints and replication policies of the registries that know us; the others are unread for the reason they gave. `pings` is for who is going to
 * configure: a refused ping asks for a rotation of credentials.
 */
export async function observeTopology(
  { topology, deps: { clock, installation }, registries }: TopologyAtHand,
  pings: boolean,
  signal: AbortSignal,
): Promise<ObservedState> {
  const ports = [...registries.values()].flatMap((state) => (state.kind === "read" ? [state.port] : []));
  const names = topology.registries.map((to) => endpointName(topology.name, to));
  const read = await observe(ports, { clock, installation, pinged: new Set(pings ? names : []), signal });
  return new Map(
    [...registries].map(([name, state]) => [
      name,
      state.kind === "unread" ? { kind: "unread", error: state.error } : (read.get(name) ?? NOT_READ),
    ]),
  );
}

/** Plans what is declared against what was found, and performs it where that may be. */
export async function configure(context: ConfigureContext, signal: AbortSignal): Promise<Configured> {
  const { topology, deps, observed, prune } = context;
  const desired = desiredState(deps.declared, topology, deps.installation, capabilitiesOf(observed));
  const { plan, withheld } = guarded(planOf(desired, observed, { prune }), [...context.guards, moreThanHalf]);
  const results = context.mayWrite ? await perform(topology, plan, deps, observed, signal) : [];
  const unfinished =
    results.length < plan.actions.length || results.some(({ outcome }) => outcome.kind !== "done");
  const settled =
    !unfinished &&
    withheld.length === 0 &&
    plan.findings.every(({ kind }) => kind === "notice" || kind === "leftover");
  return {
    report: { plan, withheld, results, settled },
    wrote: results.some(({ outcome }) => outcome.kind === "done"),
  };
}

async function perform(
  topology: ReplicatedTopology,
  plan: Plan,
  deps: PassDeps,
  observed: ObservedState,
  signal: AbortSignal,
): Promise<readonly ActionResult[]> {
  const { portOf, tell, beforeWrite, clock } = deps;
  if (plan.actions.length === 0) return [];
  await refuseSharedRedis(topology, plan, observed, deps, signal);
  await beforeWrite();
  tell(`configuring ${plan.topology ?? "what is left"}: ${plan.actions.length} to do`);
  const ports = new Map<RegistryName, HarborPort>([...observed.keys()].map((name) => [name, portOf(name)]));
  const { results } = await applyPlan(plan, { ports, clock, signal });
  return results;
}

const NOT_READ = { kind: "unread", error: new AppError("BUG", "a registry was not read") } as const;

function capabilitiesOf(observed: ObservedState): Map<RegistryName, Capabilities> {
  return new Map(
    [...observed].flatMap(([name, registry]) =>
      registry.kind === "read" ? [[name, registry.capabilities]] : [],
    ),
  );
}
