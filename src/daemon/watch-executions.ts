import type { Clock } from "../clock.ts";
import { diedWithoutTasks, hangsWithoutTasks } from "../failback/executions.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Log } from "../log.ts";
import { harborNow } from "../observed/harbor-now.ts";
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
  readonly wish: (topology: ReplicatedTopology, reason: string) => void;
}

const EVERY_MS = 30_000;
/** Harbor keeps fifty executions of a policy, echoes among them: looked at often enough that none of the failed ones is missed. */
const LOOKED_AT = 50;

/** Wishes for a pass as soon as an execution of ours is seen to have died without tasks, or to hang without any: Harbor will not copy that again. */
export async function watchExecutions(context: WatchContext, signal: AbortSignal): Promise<void> {
  const known = new Map<string, ReadonlySet<number>>();
  while (!signal.aborted) {
    for (const topology of context.topologies) {
      for (const flow of flowsOf(topology)) await look(context, flow, known, signal);
    }
    await context.clock.sleep(EVERY_MS, signal).catch(() => undefined);
  }
}

async function look(
  context: WatchContext,
  flow: Flow,
  known: Map<string, ReadonlySet<number>>,
  signal: AbortSignal,
): Promise<void> {
  const { portOf, installation, clock, log, wish } = context;
  const key = policyName(flow);
  try {
    const lost = await lostExecutions(portOf(flow.from), key, { installation, clock }, signal);
    const before = known.get(key);
    known.set(key, new Set(lost));
    if (before !== undefined && lost.some((id) => !before.has(id))) {
      wish(flow.topology, `an execution of ${key} died or hangs without tasks`);
    }
  } catch (thrown) {
    // A registry that does not answer is the probe's to report.
    if (!signal.aborted) log.debug({ err: thrown, policy: key }, "executions could not be read");
  }
}

async function lostExecutions(
  port: HarborPort,
  name: string,
  { installation, clock }: Pick<WatchContext, "installation" | "clock">,
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
  const now = await harborNow(port, clock, signal);
  return lists
    .flat()
    .filter((execution) => diedWithoutTasks(execution) || hangsWithoutTasks(execution, now))
    .map(({ id }) => id);
}
