import type { DisplacedOutcome } from "../failback/displaced.ts";
import type { ScopedRemedy } from "../failback/remedies.ts";
import { reasonIn } from "../failback/task-log.ts";
import { confirmTag } from "../catalog/confirm.ts";
import type { SideReading } from "../parity/model.ts";
import type { FlowContext } from "./context.ts";
import type { RemedyOutcome } from "./outcome.ts";
import { forgetLook, lookAgain, lookBefore, type Look } from "./look-before.ts";
import { keepReplaced } from "./keep-replaced.ts";
import { rescueDisplaced } from "./rescue.ts";
import { adoptOrCreate, runningExecution, tryRemove } from "./temporary-policy.ts";
import { watchExecution, type WatchResult } from "./watch.ts";

/**
 * Brings over the tags of one repository by a temporary replication policy. Both sides are read again right before it starts: a moved tag
 * is copied with override, so what it rests on must still stand. The policy is removed whatever happens, or handed on for removal; only a copy that takes
 * longer than is waited for keeps it. Then healing finds both again by the name of the policy, and what is done in the end is removed by `leftovers.ts`.
 */
export async function performScoped(
  context: FlowContext,
  remedy: ScopedRemedy,
  signal: AbortSignal,
): Promise<RemedyOutcome> {
  const unkept = await keepReplaced(context, remedy, signal);
  if (unkept !== undefined) return { remedy, result: "withheld", arrived: 0, reason: unkept };
  const policy = await adoptOrCreate(context, remedy, signal);
  let outcome: RemedyOutcome;
  try {
    outcome = await run(context, remedy, policy.id, signal);
  } catch (thrown) {
    // What can't be removed now is found again by its name, by this pass or the next.
    if (!signal.aborted) await tryRemove(context, policy, signal).catch(() => undefined);
    throw thrown;
  }
  const removed = await tryRemove(context, policy, signal).catch(() => {
    signal.throwIfAborted();
    return "refused" as const;
  });
  return removed === "removed" ? outcome : { ...outcome, toRemove: policy };
}

async function run(
  context: FlowContext,
  remedy: ScopedRemedy,
  policyId: number,
  signal: AbortSignal,
): Promise<RemedyOutcome> {
  const { tags } = remedy;
  const adopted = await runningExecution(context, policyId, signal);
  const lookNow = adopted === undefined ? lookBefore : lookAgain;
  const look = remedy.override ? await lookNow(context, context.target, remedy, signal) : undefined;
  if (adopted === undefined) {
    const outdated = await whyOutdated(context, remedy, signal);
    if (outdated !== undefined && look !== undefined) await forgetLook(context, look);
    if (outdated !== undefined) return { remedy, result: "outdated", arrived: 0, reason: outdated };
  }
  const executionId = adopted ?? (await start(context, policyId, signal));
  const retries = remedy.override ? "await-retries" : "first-run";
  const watched = await watchExecution(context.source, context.clock, executionId, retries, signal);
  const displaced = look === undefined ? [] : await readBack(context, remedy, look, watched, signal);
  const found = displaced.length === 0 ? {} : { displaced };
  const arrived = await countArrived(context, remedy, signal);
  if (arrived === tags.length) return { remedy, result: "arrived", arrived, ...found };
  const reason = await explain(context, watched, signal);
  // Nothing failed: what is still at work says as little of whether it can be done as what was not tried.
  const result = watched.kind === "at-work" ? "withheld" : "incomplete";
  return { remedy, result, arrived, reason, ...found };
}

/** What a copy displaced so far. One that may go on yet is read back by the next pass too. */
function readBack(
  context: FlowContext,
  { repository, tags }: ScopedRemedy,
  look: Look,
  { kind }: WatchResult,
  signal: AbortSignal,
): Promise<DisplacedOutcome[]> {
  const record = kind === "final" || kind === "vanished" ? look.record : undefined;
  return rescueDisplaced(context, context.target, { repository, tags, ...look, record }, signal);
}

async function start(context: FlowContext, policyId: number, signal: AbortSignal): Promise<number> {
  await context.beforeWrite();
  return context.source.startExecution(policyId, signal);
}

/** Why this remedy no longer fits what stands there; undefined when it does. */
export async function whyOutdated(
  { source, target }: FlowContext,
  { repository, tags }: Pick<ScopedRemedy, "repository" | "tags">,
  signal: AbortSignal,
): Promise<string | undefined> {
  const reasons = await Promise.all(
    tags.map(async ({ tag, digest, replaces }) => {
      const [there, here] = await Promise.all([
        confirmTag(source, repository, tag, signal),
        confirmTag(target, repository, tag, signal),
      ]);
      if (!holds(there, digest)) return `${tag} changed on ${source.registry.name} meanwhile`;
      const asPlanned = replaces === undefined ? here.kind !== "present" : holds(here, replaces);
      return asPlanned || holds(here, digest)
        ? undefined
        : `${tag} changed on ${target.registry.name} meanwhile`;
    }),
  );
  return reasons.find((reason) => reason !== undefined);
}

function holds(reading: SideReading, digest: string): boolean {
  return reading.kind === "present" && reading.digest === digest;
}

async function countArrived(
  { target }: FlowContext,
  { repository, tags }: ScopedRemedy,
  signal: AbortSignal,
): Promise<number> {
  const arrived = await Promise.all(
    tags.map(async ({ tag, digest, accessories }) => {
      const wanted = [tag, ...(accessories ?? [])];
      const found = await Promise.all(wanted.map((one) => target.tagDigest(repository, one, signal)));
      return found.every((one, i) => one === (i === 0 ? digest : wanted[i]));
    }),
  );
  return arrived.filter(Boolean).length;
}

/** What Harbor says of an execution that did not bring everything. The reason of a task stands only in its log. */
async function explain({ source }: FlowContext, watched: WatchResult, signal: AbortSignal): Promise<string> {
  if (watched.kind === "vanished") return "its execution vanished";
  const { execution } = watched;
  if (watched.kind === "stuck") return `execution ${execution.id} hangs`;
  if (watched.kind === "at-work")
    return `execution ${execution.id} is still at work and was left to go on; the next pass looks again`;
  if (execution.text !== "") return execution.text;
  const failed = (await source.tasks(execution.id, signal)).find((task) => task.state === "failed");
  if (failed === undefined)
    return `execution ${execution.id} ended ${execution.state}, but not everything is there`;
  const log = await source.taskLog(execution.id, failed.id, signal).catch(() => "");
  return reasonIn(log) ?? `task ${failed.id} of execution ${execution.id} failed`;
}
