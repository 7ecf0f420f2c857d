import type { Clock } from "../clock.ts";
import { disarmed, isDisarmed } from "../desired/disarmed.ts";
import { toAppError } from "../errors.ts";
import { isFinal } from "../failback/executions.ts";
import { zombieText, type Zombie } from "../failback/zombies.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Execution, ReplicationPolicy } from "../observed/model.ts";
import { harborNow } from "../observed/harbor-now.ts";
import { zombiesAmong } from "../observed/zombies.ts";
import type { ActionOutcome } from "./result.ts";
import { ourPolicy } from "./write-policy.ts";

/** Harbor keeps fifty executions a policy (src/jobservice/job/known_jobs.go:66). */
const EXECUTIONS_KEPT = 50;

export interface PolicyDeletion {
  readonly id: number;
  readonly name: string;
  readonly installation: string;
}

/**
 * Deletes a policy of ours; one that is gone already is fine. Harbor refuses while it counts an execution as running (412), and counts those
 * for ever that nobody works on any more: such a zombie without tasks is stopped, which Harbor then believes; one whose tasks all ended it
 * does not let go (surprising, but seen), so its policy is switched off and narrowed to nothing until Harbor sweeps it. What still works is
 * never stopped: then the deletion waits.
 */
export async function deletePolicy(
  port: HarborPort,
  deletion: PolicyDeletion,
  clock: Clock,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const policy = await ourPolicy(port, deletion.id, deletion.name, deletion.installation);
  if (policy === undefined || (await tryDelete(port, policy.id))) return { kind: "done" };
  const executions = await port.executions({ policyId: policy.id, limit: EXECUTIONS_KEPT }, signal);
  const now = await harborNow(port, clock, signal);
  const zombies = await zombiesAmong(port, executions, now, signal);
  const atWork = executions.filter(
    (execution) => !isOver(execution, now) && !zombies.some((zombie) => zombie.execution === execution),
  );
  if (atWork.length > 0 || zombies.length === 0) return { kind: "waiting", reason: stillRunning(atWork) };
  const stoppable = zombies.filter(({ kind }) => kind === "without-tasks");
  for (const { execution } of stoppable) await port.stopExecution(execution.id, signal);
  const named = zombies.map(zombieText).join("; ");
  if (stoppable.length > 0 && (await tryDelete(port, policy.id)))
    return { kind: "done", note: `${named}: stopped, since it kept the policy` };
  return await disarm(port, policy, zombies, named);
}

/** False where Harbor counts an execution as running. */
async function tryDelete(port: HarborPort, id: number): Promise<boolean> {
  try {
    await port.deleteReplicationPolicy(id);
    return true;
  } catch (thrown) {
    const { code } = toAppError(thrown);
    if (code === "HARBOR_NOT_FOUND") return true;
    if (code === "HARBOR_PRECONDITION") return false;
    throw thrown;
  }
}

function isOver(execution: Execution, now: number): boolean {
  return execution.state !== "running" && isFinal(execution, now);
}

function stillRunning(atWork: readonly Execution[]): string {
  const ids = atWork.map(({ id }) => id).join(", ");
  return ids === "" ? "its executions are not over yet" : `its executions are not over yet: ${ids}`;
}

async function disarm(
  port: HarborPort,
  policy: ReplicationPolicy,
  zombies: readonly Zombie[],
  named: string,
): Promise<ActionOutcome> {
  if (zombies.every(({ kind }) => kind === "without-tasks")) {
    return { kind: "waiting", reason: `${named}: stopped, and Harbor has not noticed yet` };
  }
  if (!isDisarmed(policy)) await port.updateReplicationPolicy(disarmed(policy));
  return { kind: "waiting", reason: `${named}; until then the policy is switched off and covers nothing` };
}
