import type { InStepListener } from "../catalog/compare-project.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { FlowContext } from "../heal/context.ts";
import { readBackLeft, type ReadBack } from "../heal/read-back.ts";
import { busyRepositories, executionsOf } from "../heal/settle.ts";
import { createSlots } from "../heal/slots.ts";
import type { ObservedState } from "../observed/state.ts";
import { flowsOf, isReplicated } from "../topology/flows.ts";
import type { RegistryName, RemedyChoice, ReplicatedTopology } from "../topology/model.ts";
import { compareContent, type ContentContext } from "./compare-content.ts";
import { endpointUrl, flowContexts } from "./flow-contexts.ts";
import { flowObjects } from "./flow-objects.ts";
import { healContent, type HealingContext } from "./heal-content.ts";
import {
  healEarly,
  mayHealEarly,
  onlyDisplaced,
  withDisplacedOf,
  withFoundEarly,
  type EarlyHealing,
} from "./heal-early.ts";
import { lastPassBegan } from "./last-pass.ts";
import { lostCopiesSince } from "./lost-copies.ts";
import type { PassDeps } from "./pass-deps.ts";
import { withDisplaced } from "./put-back.ts";
import type { RegistryState } from "./registries.ts";
import type { ContentReport, PassReport } from "./report.ts";
import { whereToLook } from "./where-to-look.ts";

/** What a pass knows once it has configured. */
export interface ContentStep {
  readonly topology: ReplicatedTopology;
  readonly deps: PassDeps;
  readonly options: {
    readonly heal: boolean;
    readonly dryRun: boolean;
    readonly onInStep?: InStepListener;
    readonly bytesShare?: number;
    readonly remedy?: RemedyChoice;
  };
  readonly registries: ReadonlyMap<RegistryName, RegistryState>;
  readonly mayWrite: boolean;
  readonly observed: ObservedState;
}

export interface ContentResult {
  readonly before: ContentReport;
  readonly content: ContentReport;
  readonly remedies: PassReport["remedies"];
  readonly warnings: readonly string[];
  readonly echoesEnded: boolean;
}

/** As the settings have it where nothing is said. */
const EXECUTIONS = 6;

/** Compares content, and heals what is lacking: first what evidence names, then whatever the listing of everything finds. */
export async function compareAndHeal(step: ContentStep, signal: AbortSignal): Promise<ContentResult> {
  const { deps, options } = step;
  const inStep = options.onInStep === undefined ? {} : { onInStep: options.onInStep };
  const share = options.bytesShare;
  const bytes =
    share === undefined ? {} : { bytes: { share, clock: deps.clock, distributionOf: deps.distributionOf } };
  const about = contentContext(step);
  const whole = { ...about, ...inStep, ...bytes };
  const readings: ContentReport[] = [];
  const compare = async (when: AbortSignal): Promise<ContentReport> => {
    const reading = await compareContent(whole, when);
    readings.push(onlyDisplaced(reading));
    return reading;
  };
  if (!step.mayWrite || !options.heal) {
    const found = await compare(signal);
    return { before: found, content: found, remedies: [], warnings: [], echoesEnded: true };
  }
  const healing = { ...(await healingOf(step)), flow: flowContexts(step) };
  let readBack: Promise<ReadBack> | undefined;
  // What was overwritten by a run that was killed is read back before anything more is.
  const readBackOnce = (): Promise<ReadBack> => (readBack ??= readBackStep(step, signal));
  const early: EarlyHealing[] = [];
  const healFirst: HealFirst = async (part, when) => {
    await readBackOnce();
    const context = { ...healing, compare: (at: AbortSignal) => compareContent({ ...about, ...part }, at) };
    const healed = await healEarly(context, when, early.at(-1)?.done);
    if (healed !== undefined) early.push(healed);
  };
  const found = mayHealEarly(healing)
    ? await compareAfterEvidence(step, whole, healFirst, signal)
    : await compare(signal);
  const left = await readBackOnce();
  const healed = await healContent({ ...healing, compare }, found, signal, early.at(-1)?.done);
  const content = withDisplaced(
    withDisplacedOf(healed.content, [...early.flatMap((one) => [one.found, one.left]), found, ...readings]),
    left.displaced.map((one) => ({ displaced: one, isBack: false })),
  );
  return {
    ...healed,
    before: withFoundEarly(found, early),
    content,
    remedies: [...early.flatMap(({ remedies }) => remedies), ...healed.remedies],
    warnings: [
      ...new Set([...left.warnings, ...early.flatMap(({ warnings }) => warnings), ...healed.warnings]),
    ],
  };
}

type HealFirst = (part: Pick<ContentContext, "only" | "lost">, signal: AbortSignal) => Promise<void>;

/**
 * Compares everything, after what evidence names was healed: the audit logs after an outage, and executions that lost their copies since the last pass
 * began. Those are read anyway right before a pair is listed, so that nothing is asked for where nothing failed.
 */
async function compareAfterEvidence(
  { topology, deps: { store, clock }, registries }: ContentStep,
  whole: ContentContext,
  healFirst: HealFirst,
  signal: AbortSignal,
): Promise<ContentReport> {
  const since = await lastPassBegan(store.passes, topology.name);
  const lost = since === undefined ? {} : { lost: lostCopiesSince(since, { store, clock }) };
  const only = await whereToLook({ topology, registries, store, clock }, signal);
  if (only !== undefined) {
    await healFirst({ only, ...lost }, signal);
    return compareContent(whole, signal);
  }
  const first = (named: ReadonlySet<string>, when: AbortSignal): Promise<void> =>
    healFirst({ only: named }, when);
  return compareContent({ ...whole, ...lost, healFirst: first }, signal);
}

function contentContext({ topology, deps, options, registries, observed }: ContentStep): ContentContext {
  const { store, clock } = deps;
  return {
    topology,
    topologies: deps.declared.topologies.filter(isReplicated),
    registries,
    store,
    clock,
    dryRun: options.dryRun,
    policies: (from: RegistryName, to: RegistryName): FlowContext["policies"] => {
      const objects = flowObjects({ topology, from, to }, endpointUrl(deps, to), observed, deps.installation);
      return [...objects.policies, ...objects.temporary];
    },
  };
}

/** All of it but what a flow needs, and how to compare. */
async function healingOf({
  topology,
  deps,
  options,
}: ContentStep): Promise<Omit<HealingContext, "flow" | "compare">> {
  return {
    topology,
    remedy: options.remedy ?? topology.heal.remedy,
    asked: options.remedy !== undefined,
    recovering: await recoveringOf(topology, deps),
    journal: deps.store.journal,
    clock: deps.clock,
    isStopping: deps.isStopping,
    slots: deps.slots ?? createSlots(EXECUTIONS),
    tell: deps.tell,
  };
}

/** What an earlier run overwrote and did not read back. */
function readBackStep(step: ContentStep, signal: AbortSignal): Promise<ReadBack> {
  const { topology, deps, registries } = step;
  const { store, clock, beforeWrite, tell } = deps;
  const { rescues, overwrites } = store;
  const context = { flow: { topology }, clock, rescues, overwrites, beforeWrite, tell };
  const portOf = (name: RegistryName): HarborPort | undefined => {
    const state = registries.get(name);
    return state?.kind === "read" ? state.port : undefined;
  };
  const content = contentContext(step);
  const isBeingCopied = async (to: RegistryName, repository: string): Promise<boolean> => {
    for (const { from } of flowsOf(topology).filter((flow) => flow.to === to)) {
      const source = portOf(from);
      // One that is out of reach copies nothing now.
      if (source === undefined) continue;
      const executions = await executionsOf(source, content.policies(from, to), signal);
      if ((await busyRepositories(source, executions, clock, signal)).has(repository)) return true;
    }
    return false;
  };
  return readBackLeft(context, topology.name, { portOf, isBeingCopied }, signal);
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
