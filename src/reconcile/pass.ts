import { toAppError } from "../errors.ts";
import type { FlowContext } from "../heal/context.ts";
import type { InStepListener } from "../catalog/compare-project.ts";
import type { HarborPort } from "../harbor/port.ts";
import { readBackLeft, type ReadBack } from "../heal/read-back.ts";
import { createSlots } from "../heal/slots.ts";
import { clearLeftovers } from "../heal/leftovers.ts";
import type { ObservedState } from "../observed/state.ts";
import { flowsOf, isReplicated } from "../topology/flows.ts";
import type { RegistryName, RemedyChoice, ReplicatedTopology } from "../topology/model.ts";
import { compareContent } from "./compare-content.ts";
import { configure, observeTopology, type ConfigurationReport } from "./configure.ts";
import { endpointUrl, flowContexts } from "./flow-contexts.ts";
import { flowObjects } from "./flow-objects.ts";
import { healContent, type HealingContext } from "./heal-content.ts";
import { healEarly, withDisplacedEarly, withFoundEarly } from "./heal-early.ts";
import { GUARDS, type GuardName } from "../plan/guards.ts";
import type { PassDeps } from "./pass-deps.ts";
import { refuseOneDatabase } from "./refuse-one-database.ts";
import { identifyAll, type RegistryState } from "./registries.ts";
import { zombieNotes } from "./zombie-notes.ts";
import { whereToLook } from "./where-to-look.ts";
import { withDisplaced } from "./put-back.ts";
import { isInStep, type ContentReport, type PassReport, type Verdict } from "./report.ts";

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

/** As the settings have it where nothing is said. */
const EXECUTIONS = 6;

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
  let observed = await observeTopology(deps, registries, signal);
  const configures = options.configure;
  const looked = { topology, deps, observed, mayWrite, configures };
  warnings.push(...(await refuseOneDatabase(looked, signal)));
  if (mayWrite && (await clearAll(topology, deps, observed, warnings, signal))) {
    observed = await observeTopology(deps, registries, signal);
  }
  if (!options.configure) return { observed, warnings };
  const { prune, guard } = options;
  const guards = guard === undefined ? [] : [GUARDS[guard]];
  const { report, wrote } = await configure({ topology, deps, observed, mayWrite, prune, guards }, signal);
  if (wrote) observed = await observeTopology(deps, registries, signal);
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

interface ContentStep extends PassStep {
  readonly observed: ObservedState;
}

interface ContentResult {
  readonly before: ContentReport;
  readonly content: ContentReport;
  readonly remedies: PassReport["remedies"];
  readonly warnings: readonly string[];
  readonly echoesEnded: boolean;
}

async function compareAndHeal(step: ContentStep, signal: AbortSignal): Promise<ContentResult> {
  const { topology, deps, options, registries, observed } = step;
  const contextOf = flowContexts(step);
  const policies = (from: RegistryName, to: RegistryName): FlowContext["policies"] => {
    const objects = flowObjects({ topology, from, to }, endpointUrl(deps, to), observed, deps.installation);
    return [...objects.policies, ...objects.temporary];
  };
  const { store, clock } = deps;
  const inStep = options.onInStep === undefined ? {} : { onInStep: options.onInStep };
  const topologies = deps.declared.topologies.filter(isReplicated);
  const share = options.bytesShare;
  const bytes = share === undefined ? {} : { bytes: { share, clock, distributionOf: deps.distributionOf } };
  const about = { topology, topologies, registries, store, clock, policies };
  const compare = (when: AbortSignal): Promise<ContentReport> =>
    compareContent({ ...about, ...inStep, ...bytes }, when);
  if (!step.mayWrite || !options.heal) {
    const found = await compare(signal);
    return { before: found, content: found, remedies: [], warnings: [], echoesEnded: true };
  }
  const healing = { ...(await healingOf(step)), flow: contextOf };
  const only = await whereToLook({ topology, registries, store, clock }, signal);
  // What was overwritten by a run that was killed is read back before anything more is.
  const leftBefore = only === undefined ? undefined : await readBackStep(step, signal);
  const early =
    only === undefined
      ? undefined
      : await healEarly(
          { ...healing, compare: (when) => compareContent({ ...about, only }, when) },
          only,
          signal,
        );
  const found = await compare(signal);
  const left = leftBefore ?? (await readBackStep(step, signal));
  const healed = await healContent({ ...healing, compare }, found, signal);
  const content = withDisplaced(
    withDisplacedEarly(healed.content, early),
    left.displaced.map((one) => ({ displaced: one, isBack: false })),
  );
  return {
    ...healed,
    before: withFoundEarly(found, early),
    content,
    remedies: [...(early?.remedies ?? []), ...healed.remedies],
    warnings: [...left.warnings, ...healed.warnings],
  };
}

/** All of it but what a flow needs, and how to compare. */
async function healingOf({
  topology,
  deps,
  options,
}: PassStep): Promise<Omit<HealingContext, "flow" | "compare">> {
  return {
    topology,
    remedy: options.remedy ?? topology.heal.remedy,
    asked: options.remedy !== undefined,
    recovering: await recoveringOf(topology, deps),
    journal: deps.store.journal,
    clock: deps.clock,
    portOf: deps.portOf,
    distributionOf: deps.distributionOf,
    beforeWrite: deps.beforeWrite,
    isStopping: deps.isStopping,
    slots: deps.slots ?? createSlots(EXECUTIONS),
    tell: deps.tell,
  };
}

/** What an earlier run overwrote and did not read back. */
function readBackStep({ topology, deps, registries }: ContentStep, signal: AbortSignal): Promise<ReadBack> {
  const { store, clock, beforeWrite, tell } = deps;
  const { rescues, overwrites } = store;
  const context = { flow: { topology }, clock, rescues, overwrites, beforeWrite, tell };
  const portOf = (name: RegistryName): HarborPort | undefined => {
    const state = registries.get(name);
    return state?.kind === "read" ? state.port : undefined;
  };
  return readBackLeft(context, topology.name, portOf, signal);
}

/** What was deleted on a registry that was away until just now is believed a little later: its own old jobs may still be at work. */
async function recoveringOf(
  { registries, heal }: ReplicatedTopology,
  { store, clock }: PassDeps,
): Promise<Set<RegistryName>> {
  const recovering = new Set<RegistryName>();
  for (const name of registries) {
    const last = (await store.outages.outages(name)).at(-1);
    if (last !== undefined && (last.to === undefined || clock.now() - last.to < heal.settleMs)) {
      recovering.add(name);
    }
  }
  return recovering;
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
