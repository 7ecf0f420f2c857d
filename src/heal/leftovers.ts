import { ownedBy } from "../topology/mark.ts";
import { isHealPolicyOf } from "../desired/names.ts";
import { toAppError } from "../errors.ts";
import { isFinal } from "../failback/executions.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import { carriesNote } from "../plan/switched-off-note.ts";
import type { Flow } from "../topology/model.ts";
import type { FlowContext } from "./context.ts";
import { switchOn } from "./switched-off.ts";
import { awaitQuiet } from "./settle.ts";
import { removeAll } from "./temporary-policy.ts";
import { harborNow } from "../observed/harbor-now.ts";

/** A longer copy goes on beside this pass; healing adopts it by the name of its policy. */
const WAIT_FOR_COPY_MS = 60_000;

/**
 * Puts right what a run that was killed left in one source registry: policies that we switched off are switched on again, temporary policies
 * are removed once their executions are final, which is waited for: when their work is done, nothing later in the pass would look at them.
 * Says how many it met, and what had to stay, as sentences.
 */
export async function clearLeftovers(
  context: Pick<FlowContext, "source" | "beforeWrite" | "clock" | "installation">,
  flows: readonly Flow[],
  policies: readonly ReplicationPolicy[],
  signal: AbortSignal,
): Promise<{ readonly found: number; readonly kept: readonly string[] }> {
  const ours = policies.filter((policy) => ownedBy(policy.description) === context.installation);
  const forgotten = ours.filter(carriesNote);
  const kept = await switchOnAll(context, forgotten, signal);
  const temporary = ours.filter((policy) => flows.some((flow) => isHealPolicyOf(flow, policy.name)));
  if (temporary.length > 0) {
    await awaitQuiet(context.source, temporary, context.clock, WAIT_FOR_COPY_MS, signal);
  }
  const removable: ReplicationPolicy[] = [];
  for (const policy of temporary) {
    if (await isAtWork(context, policy.id, signal)) kept.push(`${policy.name} is still at work`);
    else removable.push(policy);
  }
  kept.push(...(await removeAll(context, removable, signal)));
  return { found: forgotten.length + temporary.length, kept };
}

/** One that can't be switched on keeps its note, for the plan and for the next pass, and must not keep the others. Says which, as sentences. */
async function switchOnAll(
  { source, beforeWrite }: Pick<FlowContext, "source" | "beforeWrite">,
  policies: readonly ReplicationPolicy[],
  signal: AbortSignal,
): Promise<string[]> {
  const failures: string[] = [];
  for (const policy of policies) {
    try {
      await beforeWrite();
      await switchOn(source, policy, signal);
    } catch (thrown) {
      signal.throwIfAborted();
      failures.push(`${policy.name} could not be switched on again: ${toAppError(thrown).message}`);
    }
  }
  return failures;
}

async function isAtWork(
  { source, clock }: { source: HarborPort; clock: FlowContext["clock"] },
  policyId: number,
  signal: AbortSignal,
): Promise<boolean> {
  const executions = await source.executions({ policyId, limit: 10 }, signal);
  const now = await harborNow(source, clock, signal);
  return executions.some((execution) => execution.total > 0 && !isFinal(execution, now));
}
