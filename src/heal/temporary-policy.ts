import { AppError, toAppError } from "../errors.ts";
import { markOf, ownedBy } from "../topology/mark.ts";
import { disarmed, isDisarmed } from "../desired/disarmed.ts";
import { healPolicyName } from "../desired/names.ts";
import type { ScopedRemedy } from "../failback/remedies.ts";
import { isEnded, isFinal } from "../failback/executions.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { NewReplicationPolicy, ReplicationFilter, ReplicationPolicy } from "../observed/model.ts";
import type { FlowContext } from "./context.ts";
import { harborNow } from "../observed/harbor-now.ts";
import { tasksAtWork } from "./watch.ts";

/** Executions of a temporary policy that are looked at: it never has more than a few. */
const EXECUTIONS_LOOKED_AT = 10;

/**
 * The temporary replication policy of a remedy: one repository by its literal name, its tags as one brace group, run by hand. A literal
 * name keeps Harbor from enumerating other projects; the name of the policy comes from the work, so that a restart finds it again.
 */
function temporaryPolicy(context: FlowContext, remedy: ScopedRemedy): NewReplicationPolicy {
  if (context.endpointId === undefined) throw missingEndpoint(context);
  return {
    name: healPolicyName(context.flow, remedy.hash),
    description: markOf(context.installation),
    sourceEndpointId: 0,
    targetEndpointId: context.endpointId,
    targetNamespace: "",
    targetNamespaceReplaceCount: -1,
    trigger: { kind: "manual", cron: "" },
    filters: filtersOf(remedy),
    deletions: false,
    override: remedy.override,
    enabled: true,
    speedKbps: context.flow.topology.replication.speedKbps,
    copyByChunk: false,
    singleActive: false,
  };
}

function filtersOf({ repository, tags }: ScopedRemedy): ReplicationFilter[] {
  const names = tags.map(({ tag }) => tag);
  const [only] = names;
  const pattern = names.length === 1 && only !== undefined ? only : `{${names.join(",")}}`;
  return [
    { kind: "name", value: repository, excludes: false },
    { kind: "tag", value: pattern, excludes: false },
  ];
}

function missingEndpoint({ flow }: FlowContext): AppError {
  return new AppError(
    "HARBOR_NOT_FOUND",
    `healing ${flow.from} → ${flow.to} failed: ${flow.from} has no endpoint for ${flow.to} yet`,
    {
      hint: "run reconcile without --no-configure, or wait until both registries answer: Harbor accepts endpoints to living peers only",
    },
  );
}

/** The policy of this remedy: made now, or left by a run that was killed. */
export async function adoptOrCreate(
  context: FlowContext,
  remedy: ScopedRemedy,
  signal: AbortSignal,
): Promise<ReplicationPolicy> {
  const wanted = temporaryPolicy(context, remedy);
  const left = await findByName(context.source, wanted.name, signal);
  if (left !== undefined) {
    if (ownedBy(left.description) !== context.installation) throw notOurs(context, left.name);
    const whole = { ...wanted, id: left.id };
    await context.beforeWrite();
    await context.source.updateReplicationPolicy(whole, signal);
    return whole;
  }
  await context.beforeWrite();
  const id = await context.source.createReplicationPolicy(wanted, signal);
  return { ...wanted, id };
}

/** Whoever made it is at the same work right now, or was. */
function notOurs({ flow }: FlowContext, name: string): AppError {
  return new AppError(
    "HARBOR_CONFLICT",
    `healing ${flow.from} → ${flow.to} failed: ${flow.from} has a replication policy ${name} that is not ours`,
    { hint: "another Tidelock heals this flow; let one of them do it, or remove that policy by hand" },
  );
}

async function findByName(
  port: HarborPort,
  name: string,
  signal: AbortSignal,
): Promise<ReplicationPolicy | undefined> {
  return (await port.replicationPolicies(signal)).find((policy) => policy.name === name);
}

/** The execution that a killed run left behind under this policy, if it is still at work. */
export async function runningExecution(
  { source, clock }: FlowContext,
  policyId: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const executions = await source.executions({ policyId, limit: EXECUTIONS_LOOKED_AT }, signal);
  const now = await harborNow(source, clock, signal);
  return executions.find((execution) => !isFinal(execution, now))?.id;
}

/**
 * Tries to remove a temporary policy. One whose copy is at work is left as it is. Harbor refuses while it counts an execution as running, which since 2.8
 * lasts up to 30 s after its last task ended (EXECUTION_STATUS_REFRESH_INTERVAL_SECONDS), and for ever when core died in between.
 */
export async function tryRemove(
  context: Removing,
  policy: ReplicationPolicy,
  signal: AbortSignal,
): Promise<"removed" | "refused" | "at-work"> {
  try {
    await context.beforeWrite();
    if ((await stopUnfinished(context, policy.id, signal)) === "at-work") return "at-work";
    await context.source.deleteReplicationPolicy(policy.id, signal);
    return "removed";
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === "HARBOR_NOT_FOUND") return "removed";
    if (error.code === "HARBOR_PRECONDITION") return "refused";
    throw error;
  }
}

type Removing = Pick<FlowContext, "source" | "beforeWrite" | "clock">;

/** How long Harbor may take to see that an execution ended, with room. */
const REFUSAL_LIMIT_MS = 45_000;
const RETRY_MS = 1_500;

/**
 * Removes temporary policies, waiting for Harbor to allow it. One that it still refuses is switched off and narrowed to nothing, and left to a
 * later pass; one whose copy is at work is left to it untouched. Returns what had to stay, as sentences.
 */
export async function removeAll(
  context: Removing,
  policies: readonly ReplicationPolicy[],
  signal: AbortSignal,
): Promise<string[]> {
  const until = context.clock.monotonic() + REFUSAL_LIMIT_MS;
  const kept: ReplicationPolicy[] = [];
  const failures: string[] = [];
  let left = [...policies];
  for (;;) {
    const refused: ReplicationPolicy[] = [];
    for (const policy of left) {
      const result = await tryRemove(context, policy, signal).catch(failureOf(policy, signal));
      if (result === "refused") refused.push(policy);
      else if (result === "at-work") failures.push(`${policy.name} is still at work`);
      else if (result !== "removed") failures.push(result.sentence);
    }
    // One that an earlier pass gave up on is asked for once a pass only.
    kept.push(...refused.filter(isDisarmed));
    left = refused.filter((policy) => !isDisarmed(policy));
    if (left.length === 0 || context.clock.monotonic() >= until) break;
    await context.clock.sleep(RETRY_MS, signal);
  }
  const disarming = [...kept, ...left].map((policy) =>
    disarm(context, policy, signal).catch((thrown: unknown) => failureOf(policy, signal)(thrown).sentence),
  );
  return [...failures, ...(await Promise.all(disarming))];
}

/** One that can't be removed must not keep the others. */
function failureOf(
  { name }: ReplicationPolicy,
  signal: AbortSignal,
): (thrown: unknown) => { readonly sentence: string } {
  return (thrown) => {
    signal.throwIfAborted();
    return { sentence: `${name} could not be removed: ${toAppError(thrown).message}` };
  };
}

async function disarm(
  { source, beforeWrite }: Removing,
  policy: ReplicationPolicy,
  signal: AbortSignal,
): Promise<string> {
  const why = `Harbor does not delete ${policy.name} while it counts an execution as running`;
  if (isDisarmed(policy)) return why;
  await beforeWrite();
  await source.updateReplicationPolicy(disarmed(policy), signal);
  return `${why}; it is switched off and covers nothing`;
}

/**
 * Executions without tasks flip to stopped at once; of the others, tasks that wait to be run are stopped, and those that were lost with their worker. A
 * copy that is at work is not stopped, for what it has sent so far would be lost: then nothing more is done, and that is said.
 */
async function stopUnfinished(
  { source, clock }: Removing,
  policyId: number,
  signal: AbortSignal,
): Promise<"stopped" | "at-work"> {
  const executions = await source.executions({ policyId, limit: EXECUTIONS_LOOKED_AT }, signal);
  const now = await harborNow(source, clock, signal);
  for (const execution of executions) {
    const waitsForRetry = execution.failed > 0 && execution.state === "running";
    if (isEnded(execution) && !waitsForRetry) continue;
    if ((await tasksAtWork(source, execution, now, signal)).length > 0) return "at-work";
    await source.stopExecution(execution.id, signal);
  }
  return "stopped";
}
