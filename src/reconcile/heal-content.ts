import type { Clock } from "../clock.ts";
import { toAppError } from "../errors.ts";
import { groupBy } from "../group-by.ts";
import { withinReason } from "../failback/budget.ts";
import { splitContradicted } from "../failback/contradictions.ts";
import { chooseRemedies, type Remedy } from "../failback/remedies.ts";
import type { FlowContext } from "../heal/context.ts";
import type { RemedyOutcome } from "../heal/outcome.ts";
import { performRemedies } from "../heal/perform.ts";
import { removeAll } from "../heal/temporary-policy.ts";
import { awaitQuiet, type Quiet } from "../heal/settle.ts";
import type { Finding } from "../parity/model.ts";
import type { Journal } from "../store/store.ts";
import { flowsOf } from "../topology/flows.ts";
import type { Flow, RegistryName, RemedyChoice, ReplicatedTopology } from "../topology/model.ts";
import { findingsOf, type ContentReport } from "./report.ts";

export interface HealingContext {
  readonly topology: ReplicatedTopology;
  readonly remedy: RemedyChoice;
  /** A person named the remedy for this very run, so no number of overwrites is too many. */
  readonly asked: boolean;
  readonly journal: Journal;
  readonly clock: Clock;
  flow(from: RegistryName, to: RegistryName): FlowContext | undefined;
  compare(signal: AbortSignal): Promise<ContentReport>;
  isStopping(): boolean;
  tell(sentence: string): void;
}

export interface Healing {
  readonly content: ContentReport;
  readonly remedies: readonly RemedyOutcome[];
  readonly warnings: readonly string[];
  /** The last reading came after the echoes of all that was copied; else it proves nothing yet. */
  readonly echoesEnded: boolean;
}

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
): Promise<Healing> {
  let content = first;
  let remedies: readonly RemedyOutcome[] = [];
  let echoesEnded = true;
  const warnings = new Set<string>();
  const tried = new Set<string>();
  for (let round = 0; round < ROUNDS && hasCopies(content) && !context.isStopping(); round += 1) {
    const quiet = await awaitAll(context, signal);
    if (quiet.includes("still-busy")) {
      warnings.add("Harbor's own executions did not end in time; what they copy was left alone");
    }
    // What Harbor brought meanwhile is not ours to bring.
    if (!quiet.every((state) => state === "quiet")) content = await context.compare(signal);
    const outcomes = await healOnce(context, content, { warnings, tried }, signal);
    if (outcomes.length === 0) break;
    remedies = remedies.concat(outcomes);
    await removeTemporaryPolicies(context, outcomes, warnings, signal);
    await context.clock.sleep(ECHO_DELAY_MS, signal);
    echoesEnded = !(await awaitAll(context, signal)).includes("still-busy");
    content = await context.compare(signal);
    if (outcomes.every(({ result }) => result !== "arrived" && result !== "outdated")) break;
  }
  if (!echoesEnded) {
    warnings.add(
      "Harbor was still copying when both sides were read again, so that reading proves nothing yet",
    );
  }
  return { content, remedies, warnings: [...warnings], echoesEnded };
}

interface Progress {
  readonly warnings: Set<string>;
  /** Remedies that were tried in this pass: what did not help once is not repeated before the next one. */
  readonly tried: Set<string>;
}

async function healOnce(
  context: HealingContext,
  content: ContentReport,
  { warnings, tried }: Progress,
  signal: AbortSignal,
): Promise<RemedyOutcome[]> {
  const compared = content.pairs.reduce((sum, { tags }) => sum + tags, 0);
  const { agreed: found, contradicted } = splitContradicted(context.topology, findingsOf(content));
  if (contradicted.length > 0) {
    warnings.add(
      `${contradicted.length} copies were withheld: what they bring would go on to other registries, which hold something else; look at them with diff`,
    );
  }
  const { allowed, withheld } = context.asked
    ? { allowed: found, withheld: [] }
    : withinReason(found, compared);
  if (withheld.length > 0) {
    warnings.add(
      `${withheld.length} moved tags were not overwritten: far more than an outage explains; look at them with diff, then heal with --remedy scoped`,
    );
  }
  const remedies = chooseRemedies(allowed, context.remedy).filter((remedy) => !tried.has(nameOf(remedy)));
  if (remedies.length === 0) return [];
  for (const remedy of remedies) tried.add(nameOf(remedy));
  context.tell(`healing ${allowed.filter(({ from }) => from !== undefined).length} tags`);
  return performRemedies(
    {
      journal: context.journal,
      flow: (from, to) => context.flow(from, to),
      whyNotWhole: (flow) => whyNotWhole(flow, content, contradicted),
      isStopping: () => context.isStopping(),
    },
    remedies,
    signal,
  );
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

function nameOf(remedy: Remedy): string {
  return remedy.kind === "scoped" ? remedy.hash : `${remedy.kind} ${remedy.from} ${remedy.to}`;
}

function hasCopies(content: ContentReport): boolean {
  return findingsOf(content).some(({ from }) => from !== undefined);
}

/** A whole run overwrites whatever differs on the target and brings back whatever was deleted there. */
function whyNotWhole(
  { from, to }: Flow,
  content: ContentReport,
  contradicted: readonly Finding[],
): string | undefined {
  const pair = content.pairs.find(
    ({ left, right }) => [left, right].includes(from) && [left, right].includes(to),
  );
  if (pair === undefined) return "these registries were not compared";
  if (pair.unread.length > 0) return `a whole run to ${to} might overwrite what could not be read`;
  const onTarget = ({ left, right }: Finding): string | undefined => (pair.left === to ? left : right);
  const harmed = pair.findings.filter((finding) => {
    if (finding.kind === "deleted") return onTarget(finding) === undefined;
    return finding.to === from || HARMED_BY_A_WHOLE_RUN.has(finding.kind) || contradicted.includes(finding);
  });
  const [first] = harmed;
  if (first === undefined) return undefined;
  const example = `${first.repository}:${first.tag} (${first.kind})`;
  return `a whole run to ${to} would overwrite or bring back ${harmed.length} tags, ${example} among them; use the scoped remedy`;
}

const HARMED_BY_A_WHOLE_RUN: ReadonlySet<string> = new Set([
  "conflict",
  "regressed",
  "rewound",
  "in-flight",
  "unread",
]);

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
