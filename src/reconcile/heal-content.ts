import type { Clock } from "../clock.ts";
import { toAppError } from "../errors.ts";
import { groupBy } from "../group-by.ts";
import { chooseRemedies, workOf, type CopyFinding } from "../failback/remedies.ts";
import { isTouchable } from "../failback/touchable.ts";
import type { FlowContext } from "../heal/context.ts";
import type { RemedyOutcome } from "../heal/outcome.ts";
import { performRemedies } from "../heal/perform.ts";
import { preconditionsOf, TargetReadings } from "../heal/preconditions-of.ts";
import { removeAll } from "../heal/temporary-policy.ts";
import type { Slots } from "../heal/slots.ts";
import { awaitQuiet, type Quiet } from "../heal/settle.ts";
import { verifyHealed, type VerifiedFlow } from "../heal/verify-healed.ts";
import type { Journal } from "../store/store.ts";
import { isWithin } from "../topology/daily-window.ts";
import { flowsOf } from "../topology/flows.ts";
import type { RegistryName, RemedyChoice, ReplicatedTopology } from "../topology/model.ts";
import { stillLacking, withHealedBytes } from "./bytes-depth.ts";
import { notTooSoon } from "./due-remedies.ts";
import { putBack, withDisplaced, type PutBack } from "./put-back.ts";
import { findingsOf, type ContentReport } from "./report.ts";
import { whyNotWhole } from "./whole-runs.ts";
import { withhold } from "./withhold.ts";

export interface HealingContext {
  readonly topology: ReplicatedTopology;
  readonly remedy: RemedyChoice;
  /** A person named the remedy for this very run, so no number of overwrites is too many. */
  readonly asked: boolean;
  /** Registries that were away and came back less than `settle` ago. */
  readonly recovering: ReadonlySet<RegistryName>;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly flow: (from: RegistryName, to: RegistryName) => FlowContext | undefined;
  compare(signal: AbortSignal): Promise<ContentReport>;
  readonly slots: Slots;
  isStopping(): boolean;
  tell(sentence: string): void;
}

export interface Healing {
  readonly content: ContentReport;
  readonly remedies: readonly RemedyOutcome[];
  readonly warnings: readonly string[];
  /** The last reading came after the echoes of all that was copied; else it proves nothing yet. */
  readonly echoesEnded: boolean;
  readonly done: HealedBefore;
}

/** What an earlier healing of the same pass leaves to the next. */
export interface HealedBefore {
  /** Works that were tried: what did not help once is not repeated before the next pass. */
  readonly tried: ReadonlySet<string>;
  /** What healed images were found to lack. */
  readonly lacking: readonly VerifiedFlow[];
  readonly echoesEnded: boolean;
}

const NOTHING_BEFORE: HealedBefore = { tried: new Set(), lacking: [], echoesEnded: true };

/** New findings after a healing, as users go on pushing, are healed at once; more than so many rounds are left to the next pass. */
const ROUNDS = 3;
/** How long executions of others, and echoes of our own, are waited for. */
const QUIET_LIMIT_MS = 120_000;
/** An echo is an event of the target's core, fired just after our copy was answered. */
const ECHO_DELAY_MS = 500;

/** Heals what a comparison found, waits for the echoes, and reads both sides again: only that reading is proof. */
export async function healContent(
  context: HealingContext,
  first: ContentReport,
  signal: AbortSignal,
  before = NOTHING_BEFORE,
): Promise<Healing> {
  let { lacking, echoesEnded } = before;
  let content = withHealedBytes(first, lacking);
  let remedies: readonly RemedyOutcome[] = [];
  const displaced: PutBack[] = [];
  const tried = new Set(before.tried);
  const progress = { warnings: new Set<string>(), tried, readings: new TargetReadings() };
  const { warnings } = progress;
  for (let round = 0; round < ROUNDS && hasCopies(content) && !context.isStopping(); round += 1) {
    const closed = whyClosed(context);
    if (closed !== undefined) {
      warnings.add(`nothing ${round === 0 ? "was" : "more was"} healed: ${closed}`);
      break;
    }
    const quiet = await awaitAll(context, signal);
    if (quiet.includes("still-busy")) {
      warnings.add("Harbor's own executions did not end in time; what they copy was left alone");
    }
    // What Harbor brought meanwhile is not ours to bring.
    if (!quiet.every((state) => state === "quiet")) {
      content = withHealedBytes(await context.compare(signal), lacking);
    }
    const outcomes = await healOnce(context, content, progress, signal);
    if (outcomes.length === 0) break;
    remedies = remedies.concat(outcomes);
    await removeTemporaryPolicies(context, outcomes, warnings, signal);
    await context.clock.sleep(ECHO_DELAY_MS, signal);
    echoesEnded = !(await awaitAll(context, signal)).includes("still-busy");
    content = await context.compare(signal);
    const back = await putBack(context, outcomes, content, signal);
    displaced.push(...back);
    if (back.some(({ isBack }) => isBack)) content = await context.compare(signal);
    const verified = await verifyHealed(context.flow, outcomes, signal);
    for (const sentence of verified.flatMap(({ guarded }) => guarded)) warnings.add(sentence);
    lacking = stillLacking(lacking, outcomes, verified);
    content = withHealedBytes(content, lacking);
    if (outcomes.every(({ result }) => result !== "arrived" && result !== "outdated")) break;
  }
  if (!echoesEnded) {
    warnings.add(
      "Harbor was still copying when both sides were read again, so that reading proves nothing yet",
    );
  }
  const done = { tried, lacking, echoesEnded };
  return { content: withDisplaced(content, displaced), remedies, warnings: [...warnings], echoesEnded, done };
}

/** Outside its window nothing is begun; what a person asks for by name is. */
export function whyClosed({
  topology,
  asked,
  clock,
}: Pick<HealingContext, "topology" | "asked" | "clock">): string | undefined {
  const { window } = topology.heal;
  if (window === undefined || asked || isWithin(window, clock.now())) return undefined;
  return `healing may begin ${window.text} only; --remedy heals at any time`;
}

interface Progress {
  readonly warnings: Set<string>;
  /** Remedies that were tried in this pass: what did not help once is not repeated before the next one. */
  readonly tried: Set<string>;
  readonly readings: TargetReadings;
}

async function healOnce(
  context: HealingContext,
  content: ContentReport,
  progress: Progress,
  signal: AbortSignal,
): Promise<RemedyOutcome[]> {
  const { warnings, tried } = progress;
  const { allowed, warnings: why } = withhold(context, content);
  why.forEach((sentence) => warnings.add(sentence));
  const checked = await preconditionsOf({ flow: context.flow, readings: progress.readings }, allowed, signal);
  checked.warnings.forEach((sentence) => warnings.add(sentence));
  const chosen = chooseRemedies(checked.allowed, {
    choice: context.remedy,
    isTouchable: (finding) => touchable(context, finding),
  });
  const remedies = await notTooSoon(
    context,
    chosen.filter((remedy) => !tried.has(workOf(remedy))),
    warnings,
  );
  if (remedies.length === 0) return [];
  for (const remedy of remedies) tried.add(workOf(remedy));
  context.tell(`healing ${remedies.reduce((sum, { tags }) => sum + tags.length, 0)} tags`);
  return performRemedies(
    {
      journal: context.journal,
      readAt: Math.min(...content.pairs.map(({ readAt }) => readAt)),
      flow: context.flow,
      whyNotWhole: (flow) => whyNotWhole(flow, content, allowed),
      whyNotNow: () => (context.isStopping() ? "Tidelock was asked to stop" : whyClosed(context)),
      slots: context.slots,
    },
    remedies,
    signal,
  );
}

function touchable(context: HealingContext, finding: CopyFinding): boolean {
  const { topology, clock } = context;
  const at = context.flow(finding.from, finding.to);
  if (at === undefined) return false;
  const policies = { all: at.eventPolicies, ours: at.policies, endpointId: at.endpointId };
  return isTouchable(finding, policies, { now: clock.now(), settleMs: topology.heal.settleMs });
}

/** Before the proof, since proof is what is read after the last write. */
async function removeTemporaryPolicies(
  context: HealingContext,
  outcomes: readonly RemedyOutcome[],
  warnings: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const byFlow = groupBy(outcomes, ({ remedy }) => `${remedy.from} ${remedy.to}`);
  for (const ofFlow of byFlow.values()) {
    const [first] = ofFlow;
    const flow = first === undefined ? undefined : context.flow(first.remedy.from, first.remedy.to);
    if (flow === undefined) continue;
    const policies = ofFlow.flatMap(({ toRemove }) => (toRemove === undefined ? [] : [toRemove]));
    try {
      for (const kept of await removeAll(flow, policies, signal)) warnings.add(kept);
    } catch (thrown) {
      signal.throwIfAborted();
      warnings.add(toAppError(thrown).message);
    }
  }
}

function hasCopies(content: ContentReport): boolean {
  return findingsOf(content).some(({ from }) => from !== undefined);
}

/** A registry that fails while it is waited for is told by the comparison that follows; it does not end the pass. */
function awaitAll(context: HealingContext, signal: AbortSignal): Promise<Quiet[]> {
  return Promise.all(
    flowsOf(context.topology).map(async (flow): Promise<Quiet> => {
      const at = context.flow(flow.from, flow.to);
      if (at === undefined) return "quiet";
      try {
        return await awaitQuiet(at.source, at.policies, context.clock, QUIET_LIMIT_MS, signal);
      } catch {
        signal.throwIfAborted();
        return "still-busy";
      }
    }),
  );
}
