import { leaseOwner, type App } from "../../compose.ts";
import { AppError } from "../../errors.ts";
import type { TopologyName } from "../../topology/model.ts";

/** Long enough for a slow request, short enough that a machine that vanished keeps nobody out for long. */
const LEASE_MS = 60_000;
const RENEW_MS = 15_000;

/** Does work as the only Tidelock on a topology. Rejects with `ALREADY_RUNNING` when another one is at it. */
export async function withLease<Result>(
  app: App,
  topology: TopologyName,
  work: (beforeWrite: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const { leases } = app.store;
  const owner = leaseOwner();
  const take = (): Promise<boolean> => leases.take(topology, owner, app.clock.now(), LEASE_MS);
  if (!(await take())) throw await taken(app, topology);
  let renewedAt = app.clock.monotonic();
  const beforeWrite = async (): Promise<void> => {
    if (app.clock.monotonic() - renewedAt < RENEW_MS) return;
    if (!(await take())) throw await taken(app, topology);
    renewedAt = app.clock.monotonic();
  };
  try {
    return await work(beforeWrite);
  } finally {
    await leases.release(topology, owner);
  }
}

async function taken(app: App, topology: TopologyName): Promise<AppError> {
  const holder = await app.store.leases.holder(topology);
  return new AppError(
    "ALREADY_RUNNING",
    `working on ${topology} failed: ${holder?.owner ?? "another Tidelock"} is at it`,
    {
      hint: "wait until it has finished; a daemon does what this command would do",
    },
  );
}
