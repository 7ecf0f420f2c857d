import type { Clock } from "../clock.ts";
import { diedWithoutTasks } from "../failback/executions.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Log } from "../log.ts";
import { policyName } from "../desired/names.ts";
import { flowsOf } from "../topology/flows.ts";
import { ownedBy } from "../topology/mark.ts";
import type { Flow, RegistryName, ReplicatedTopology } from "../topology/model.ts";

export interface WatchContext {
  readonly topologies: readonly ReplicatedTopology[];
  readonly portOf: (name: RegistryName) => HarborPort;
  readonly installation: string;
  readonly clock: Clock;
  readonly log: Log;
  wish(topology: ReplicatedTopology, reason: string): void;
}

const EVERY_MS = 30_000;
/** Harbor keeps fifty executions of a policy, echoes among them: looked at often enough that none of the failed ones is missed. */
const LOOKED_AT = 50;

/** Wishes for a pass as soon as an execution of ours is seen to have died without tasks: Harbor will not copy that again. */
export async function watchExecutions(context: WatchContext, signal: AbortSignal): Promise<void> {
  const newest = new Map<string, number>();
  while (!signal.aborted) {
    for (const topology of context.topologies) {
      for (const flow of flowsOf(topology)) await look(context, flow, newest, signal);
    }
    await context.clock.sleep(EVERY_MS, signal).catch(() => undefined);
  }
}

async function look(
  { portOf, installation, log, wish }: WatchContext,
  flow: Flow,
  newest: Map<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const key = policyName(flow);
  try {
    const died = await diedExecutions(portOf(flow.from), key, installation, signal);
    const highest = Math.max(0, ...died);
    const before = newest.get(key);
    newest.set(key, highest);
    if (before !== undefined && highest > before)
      wish(flow.topology, `an execution of ${key} died without tasks`);
  } catch (thrown) {
    // A registry that does not answer is the probe's to report.
    if (!signal.aborted) log.debug({ err: thrown, policy: key }, "executions could not be read");
  }
}

async function diedExecutions(
  port: HarborPort,
  name: string,
  installation: string,
  signal: AbortSignal,
): Promise<number[]> {
  const policies = (await port.replicationPolicies(signal)).filter(
    (policy) =>
      ownedBy(policy.description) === installation &&
      (policy.name === name || policy.name.startsWith(`${name}.`)),
  );
  const lists = await Promise.all(
    policies.map(({ id }) => port.executions({ policyId: id, limit: LOOKED_AT }, signal)),
  );
  return lists
    .flat()
    .filter(diedWithoutTasks)
    .map(({ id }) => id);
}
