import type { Core } from "./core.ts";
import { cronOf, nextTime, type Cron } from "./cron.ts";
import { startExecution } from "./start-execution.ts";
import type { PolicyRow } from "./state.ts";

/** Sets the schedule of a replication policy anew, in UTC; a tick that is missed is not made up for. */
export function schedulePolicy(core: Core, policy: PolicyRow): void {
  const version = (core.redis.schedules.get(policy.id) ?? 0) + 1;
  core.redis.schedules.set(policy.id, version);
  const cron = policy.trigger === "scheduled" ? cronOf(core.profile.minor, policy.cron) : undefined;
  if (cron !== undefined && policy.enabled) waitForTick(core, policy.id, version, cron);
}

function waitForTick(core: Core, policyId: number, version: number, cron: Cron): void {
  const at = nextTime(cron, core.now());
  if (at === undefined) return;
  core.schedule("timer", at - core.now(), () => {
    const policy = core.state.policies.get(policyId);
    if (policy === undefined || core.redis.schedules.get(policyId) !== version) return;
    waitForTick(core, policyId, version, cron);
    if (!core.faults.down && !core.faults.jobserviceStopped) startExecution(core, policy, "SCHEDULE");
  });
}
