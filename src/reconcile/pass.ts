import { toAppError } from "../errors.ts";
import type { InStepListener } from "../catalog/compare-project.ts";
import { clearLeftovers } from "../heal/leftovers.ts";
import type { ObservedState } from "../observed/state.ts";
import { flowsOf } from "../topology/flows.ts";
import type { RegistryName, RemedyChoice, ReplicatedTopology } from "../topology/model.ts";
import { compareAndHeal, type ContentResult } from "./compare-and-heal.ts";
import { configure, observeTopology, type ConfigurationReport } from "./configure.ts";
import { GUARDS, type GuardName } from "../plan/guards.ts";
import type { PassDeps } from "./pass-deps.ts";
import { refuseOneDatabase } from "./refuse-one-database.ts";
import { identifyAll, type RegistryState } from "./registries.ts";
import { zombieNotes } from "./zombie-notes.ts";
import { isInStep, type PassReport, type Verdict } from "./report.ts";

export interface PassOptions {
  /** Bring endpoints and replication policies to what is declared. */
  readonly configure: boolean;
  /** Compare content. */
  readonly compare: boolean;
  /** Bring over what is missing. Off in mode `observe` whatever is said here. */
  readonly heal: boolean;
  /** Plan and compare, and write nothing to any Harbor. */
  readonly dryRun: boolean;
  /** Told of every tag that is in step. */
  readonly onInStep?: InStepListener;
  /** Read so much of all images byte by byte (more than 0, at most 1); otherwise tags and digests are compared. */
  readonly bytesShare?: number;
  /** Delete our objects that are declared no longer. */
  readonly prune: boolean;
  /** Withholds more of the plan, for this run. */
  readonly guard?: GuardName;
  /** Named by a person for this run; otherwise as declared. */
  readonly remedy?: RemedyChoice;
}

/** One pass over one topology: observe, plan, guard, apply, compare, heal, prove. */
export async function runPass(
  topology: ReplicatedTopology,
  deps: PassDeps,
  options: PassOptions,
  signal: AbortSignal,
): Promise<PassReport> {
  const startedAt = deps.clock.now();
  const mayWrite = !options.dryRun && topology.mode === "act";
  const registries = await identifyAll(topology.registries, deps.portOf, signal, deps.givenUp);
  const step = { topology, deps, options, registries, mayWrite };
  const configured = await configureStep(step, signal);
  const content = options.compare
    ? await compareAndHeal({ ...step, observed: configured.observed }, signal)
    : undefined;
  return reportOf(step, startedAt, configured, content);
}

interface PassStep {
  readonly topology: ReplicatedTopology;
  readonly deps: PassDeps;
  readonly options: PassOptions;
  readonly registries: ReadonlyMap<RegistryName, RegistryState>;
  readonly mayWrite: boolean;
}

interface ConfiguredStep {
  readonly observed: ObservedState;
  readonly warnings: readonly string[];
  readonly configuration?: ConfigurationReport;
}

/** Clears what a killed pass left, then configures; observes again after each writing. */
async function configureStep(step: PassStep, signal: AbortSignal): Promise<ConfiguredStep> {
  const { topology, deps, options, registries, mayWrite } = step;
  const warnings = readOnlyWarnings(registries);
  const configures = options.configure;
  let observed = await observeTopology(step, configures, signal);
  const looked = { topology, deps, observed, mayWrite, configures };
  warnings.push(...(await refuseOneDatabase(looked, signal)));
  if (mayWrite && (await clearAll(topology, deps, observed, warnings, signal))) {
    observed = await observeTopology(step, configures, signal);
  }
  if (!options.configure) return { observed, warnings };
  const { prune, guard } = options;
  const guards = guard === undefined ? [] : [GUARDS[guard]];
  const { report, wrote } = await configure({ topology, deps, observed, mayWrite, prune, guards }, signal);
  if (wrote) observed = await observeTopology(step, false, signal);
  // Comparing looks at executions anyway, and tells of them.
  const notes = options.compare ? [] : await zombieNotes(topology.name, observed, deps, signal);
  return { observed, warnings: [...warnings, ...notes], configuration: report };
}

function reportOf(
  { topology, deps, registries }: PassStep,
  startedAt: number,
  { configuration, warnings }: ConfiguredStep,
  content: ContentResult | undefined,
): PassReport {
  const looked = {
    unreachable: unreachableOf(registries),
    ...(configuration === undefined ? {} : { configuration }),
    ...(content === undefined ? {} : { content: content.content, before: content.before }),
  };
  const settled = content?.echoesEnded !== false;
  const verdict = settled ? verdictOf(looked, registries) : "not-in-step";
  return {
    topology: topology.name,
    kind: topology.kind,
    startedAt,
    ...looked,
    remedies: content?.remedies ?? [],
    warnings: [...warnings, ...(content?.warnings ?? [])],
    finishedAt: deps.clock.now(),
    verdict,
    proven: verdict === "in-step" && content !== undefined,
  };
}

/** Puts right what a killed pass left, in every registry that answers. True when something may have been written. */
async function clearAll(
  topology: ReplicatedTopology,
  deps: PassDeps,
  observed: ObservedState,
  warnings: string[],
  signal: AbortSignal,
): Promise<boolean> {
  let found = false;
  for (const [name, registry] of observed) {
    if (registry.kind !== "read") continue;
    const flows = flowsOf(topology).filter(({ from }) => from === name);
    const context = { ...deps, source: deps.portOf(name) };
    try {
      const cleared = await clearLeftovers(context, flows, registry.policies, signal);
      found ||= cleared.found > 0;
      warnings.push(...cleared.kept.map((sentence) => `${name}: ${sentence}`));
    } catch (thrown) {
      // Healing adopts what is left of it by name, and the next pass looks again.
      signal.throwIfAborted();
      found = true;
      warnings.push(
        `${name}: what an earlier pass left could not be put right: ${toAppError(thrown).message}`,
      );
    }
  }
  return found;
}

function readOnlyWarnings(registries: ReadonlyMap<RegistryName, RegistryState>): string[] {
  return [...registries].flatMap(([name, state]) =>
    state.kind === "read" && state.identity.readOnly
      ? [`${name} is read-only: nothing can be copied to it`]
      : [],
  );
}

function unreachableOf(registries: ReadonlyMap<RegistryName, RegistryState>): PassReport["unreachable"] {
  return [...registries].flatMap(([registry, state]) =>
    state.kind === "unread" ? [{ registry, error: state.error }] : [],
  );
}

/** `error` only when no registry could be read. One that is unreadable beside others that could be worked on makes the pass "not in step". */
function verdictOf(
  { configuration, content, unreachable }: Pick<PassReport, "configuration" | "content" | "unreachable">,
  registries: ReadonlyMap<RegistryName, RegistryState>,
): Verdict {
  if (unreachable.length === registries.size) return "error";
  const settled =
    unreachable.length === 0 &&
    (configuration === undefined || configuration.settled) &&
    (content === undefined || isInStep(content));
  return settled ? "in-step" : "not-in-step";
}
