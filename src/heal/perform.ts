import type { Instant } from "../clock.ts";
import { toAppError, type AppError } from "../errors.ts";
import { remediesLeft } from "../failback/budget.ts";
import { workOf, type Remedy, type ScopedRemedy } from "../failback/remedies.ts";
import { groupBy } from "../group-by.ts";
import type { Journal } from "../store/store.ts";
import type { Flow } from "../topology/model.ts";
import type { FlowContext } from "./context.ts";
import type { RemedyOutcome } from "./outcome.ts";
import type { Slots } from "./slots.ts";
import { performCopy } from "./copy.ts";
import { performDelete } from "./delete.ts";
import { performRestore } from "./restore.ts";
import { performScoped } from "./scoped.ts";
import { performTouch } from "./touch.ts";
import { performWhole } from "./whole.ts";

export interface HealContext {
  readonly journal: Journal;
  /** The context of a flow; undefined where one of its ends could not be reached. */
  flow(from: string, to: string): FlowContext | undefined;
  /** When the reading began that the remedies rest on, by our clock. */
  readonly readAt: Instant;
  /** Why a whole run along this flow would do harm; undefined when it would not. */
  whyNotWhole(flow: Flow): string | undefined;
  /** Why no further remedy may be begun now, asked before each; those at work are finished. */
  whyNotNow(): string | undefined;
  /** Remedies at once, over all flows of all passes: Harbor gives ten slots to a core and shares its workers with scans and collection. */
  readonly slots: Slots;
}

/** After so many failures in a row a flow is left alone while its registries do not answer; where they do, it was the repositories that failed. */
const FAILURES_TO_STOP = 3;
const SLOW_DOWN_MS = 5_000;

/**
 * Performs remedies: oldest first inside a repository, repositories side by side. One that fails never stops the others; a registry that fails
 * again and again stops its flow, and one that asks for it is given time.
 */
export async function performRemedies(
  context: HealContext,
  remedies: readonly Remedy[],
  signal: AbortSignal,
): Promise<RemedyOutcome[]> {
  const queues = [...groupBy(remedies, queueOf).values()];
  const flows = new Map<string, FlowState>();
  const outcomes: RemedyOutcome[] = [];
  const work = async (): Promise<void> => {
    for (let queue = queues.shift(); queue !== undefined; queue = queues.shift()) {
      for (const remedy of queue) {
        outcomes.push(await context.slots.run(() => performOne(context, flows, remedy, signal)));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(context.slots.count, queues.length) }, work));
  return outcomes;
}

/** What must not run side by side: one repository of one flow, or a whole flow. */
function queueOf(remedy: Remedy): string {
  return "repository" in remedy ? `${remedy.from} ${remedy.to} ${remedy.repository}` : "whole";
}

interface FlowState {
  left: number;
  failures: number;
}

async function performOne(
  context: HealContext,
  flows: Map<string, FlowState>,
  remedy: Remedy,
  signal: AbortSignal,
): Promise<RemedyOutcome> {
  const withheld = (reason: string): RemedyOutcome => ({ remedy, result: "withheld", arrived: 0, reason });
  const notNow = signal.aborted ? "Tidelock was asked to stop" : context.whyNotNow();
  if (notNow !== undefined) return withheld(notNow);
  const flow = context.flow(remedy.from, remedy.to);
  if (flow === undefined) return withheld("one of its registries could not be read");
  if (flow.endpointId === undefined && remedy.kind !== "copy") {
    return withheld(
      `${remedy.from} has no endpoint of ours that leads to ${remedy.to} yet; reconcile makes it once both answer`,
    );
  }
  const state = await stateOf(context, flows, flow);
  if (state.failures >= FAILURES_TO_STOP && !(await answers(flow, signal))) {
    return withheld("its registries failed several times in a row");
  }
  if (state.left <= 0) return withheld("this flow had as many remedies this hour as it may have");
  state.left -= 1;
  const recorded = await record(context, flow, remedy);
  try {
    const outcome = await begin(context, flow, remedy, signal);
    state.failures = 0;
    tellOutcome(flow, outcome);
    await context.journal.ended(recorded, outcome);
    return outcome;
  } catch (thrown) {
    const error = toAppError(thrown);
    await context.journal.ended(recorded, { result: "failed", reason: error.message });
    state.failures = isRegistryFailing(error) ? state.failures + 1 : 0;
    flow.tell(`${describe(remedy)} failed: ${error.message}`);
    if (isRegistryFailing(error)) await flow.clock.sleep(SLOW_DOWN_MS, signal).catch(() => undefined);
    return { remedy, result: "failed", arrived: 0, reason: error.message, error };
  }
}

async function answers({ source, target }: FlowContext, signal: AbortSignal): Promise<boolean> {
  const asked = [source, target].map((port) => port.identify({ again: true, signal }));
  return (await Promise.allSettled(asked)).every(({ status }) => status === "fulfilled");
}

function begin(
  context: HealContext,
  flow: FlowContext,
  remedy: Remedy,
  signal: AbortSignal,
): Promise<RemedyOutcome> {
  switch (remedy.kind) {
    case "scoped":
      return performScoped(flow, remedy, signal);
    case "touch":
      return performTouch(flow, remedy, signal);
    case "copy":
      return performCopy(flow, remedy, signal);
    case "delete":
      return performDelete(flow, remedy, context.readAt, signal);
    case "restore":
      return performRestore(flow, context.flow(remedy.to, remedy.from), remedy, signal);
    case "retrigger":
    case "toggle":
      return performWhole(flow, remedy, context.whyNotWhole(flow.flow), signal);
  }
}

async function stateOf(
  { journal }: HealContext,
  flows: Map<string, FlowState>,
  { flow, clock }: FlowContext,
): Promise<FlowState> {
  const key = `${flow.from} ${flow.to}`;
  const known = flows.get(key);
  if (known !== undefined) return known;
  const begun = await journal.begun(flow.topology.name, flow.from, flow.to, clock.now());
  const state = { left: remediesLeft(begun, flow.topology.heal.remediesPerHour, clock.now()), failures: 0 };
  flows.set(key, flows.get(key) ?? state);
  return flows.get(key) ?? state;
}

function record({ journal }: HealContext, { flow, clock }: FlowContext, remedy: Remedy): Promise<number> {
  return journal.record({
    topology: flow.topology.name,
    from: remedy.from,
    to: remedy.to,
    at: clock.now(),
    kind: remedy.kind,
    subject: "repository" in remedy ? subjectOf(remedy) : "**",
    work: workOf(remedy),
  });
}

function subjectOf({ repository, tags }: Pick<ScopedRemedy, "repository" | "tags">): string {
  return `${repository}:${tags.map(({ tag }) => tag).join(",")}`;
}

function describe(remedy: Remedy): string {
  const subject = "repository" in remedy ? subjectOf(remedy) : "the whole flow";
  const what = remedy.kind === "scoped" ? subject : `${remedy.kind} of ${subject}`;
  return `${remedy.from} → ${remedy.to} ${what}`;
}

function tellOutcome(flow: FlowContext, { remedy, result, reason }: RemedyOutcome): void {
  flow.tell(`${describe(remedy)}: ${result}${reason === undefined ? "" : ` (${reason})`}`);
}

function isRegistryFailing(error: AppError): boolean {
  return ["HARBOR_UNREACHABLE", "HARBOR_TIMEOUT", "HARBOR_BUSY", "HARBOR_FAILED", "HARBOR_TLS"].includes(
    error.code,
  );
}
