import { AppError } from "../errors.ts";
import type { ObservedState } from "../observed/state.ts";
import { trySessions } from "../observed/shared-sessions.ts";
import type { Plan } from "../plan/model.ts";
import { pairsOf, type Pair } from "../topology/flows.ts";
import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import type { PassDeps } from "./pass-deps.ts";

/**
 * Rejects with `SHARED_REDIS` where two registries between which an endpoint is about to be made use one Redis: each would run the jobs of the other.
 * Tried by a login, so only there and then. Where it can't be tried, that is told, and the pass goes on.
 */
export async function refuseSharedRedis(
  topology: ReplicatedTopology,
  plan: Plan,
  observed: ObservedState,
  deps: PassDeps,
  signal: AbortSignal,
): Promise<void> {
  const isRead = (name: RegistryName): boolean => observed.get(name)?.kind === "read";
  for (const pair of pairsOf(topology).filter((one) => makesEndpoint(plan, one))) {
    // What could not be read is no witness, and Harbor makes no endpoint to a peer that does not answer.
    if (!isRead(pair.left) || !isRead(pair.right)) continue;
    await deps.beforeWrite();
    const sharing = await trySessions(deps.portOf(pair.left), deps.portOf(pair.right), signal);
    if (sharing.kind === "shared") throw refusal(pair);
    if (sharing.kind === "untested") {
      deps.tell(`whether ${pair.left} and ${pair.right} share a Redis is untested: ${sharing.reason}`);
    }
  }
}

function makesEndpoint({ actions }: Plan, { left, right }: Pair): boolean {
  return actions.some(
    (action) =>
      action.kind === "create-endpoint" &&
      ((action.registry === left && action.desired.to === right) ||
        (action.registry === right && action.desired.to === left)),
  );
}

function refusal({ topology, left, right }: Pair): AppError {
  return new AppError(
    "SHARED_REDIS",
    `the registries ${left} and ${right} of ${topology.name} have databases of their own and one Redis: ${right} takes a session that was begun at ${left}; nothing was configured`,
    {
      hint: "give each Harbor a Redis of its own, or other database indexes in it: else each runs the replication jobs of the other and takes its people for its own",
    },
  );
}
