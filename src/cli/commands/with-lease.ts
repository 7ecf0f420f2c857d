import type { Clock } from "../../clock.ts";
import { leaseOwner, type App } from "../../compose.ts";
import { AppError } from "../../errors.ts";
import type { TopologyName } from "../../topology/model.ts";

/** Long enough for a slow request, short enough that a machine that vanished keeps nobody out for long. */
const LEASE_MS = 60_000;
const RENEW_MS = 15_000;

/** No topology can be called so. One daemon a store: two would probe and heal the same things alternately. */
export const DAEMON_LEASE = "*daemon";

/**
 * Does work as the only Tidelock on a topology. The lease is renewed for as long as the work lasts, since Harbor's own retries may be waited for
 * longer than one lease. Rejects with `ALREADY_RUNNING` when another one is at it, and before a write when another one took over.
 */
export async function withLease<Result>(
  app: Pick<App, "store" | "clock">,
  topology: TopologyName,
  work: (beforeWrite: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const { store, clock } = app;
  const owner = leaseOwner();
  const take = async (): Promise<void> => {
    if (!(await store.leases.take(topology, owner, clock.now(), LEASE_MS))) throw await taken(app, topology);
    takenAt = clock.monotonic();
  };
  let takenAt = clock.monotonic();
  await take();
  const done = new AbortController();
  const renewing = renew(take, clock, done.signal);
  try {
    return await work(async () => {
      if (clock.monotonic() - takenAt >= RENEW_MS) await take();
    });
  } finally {
    done.abort();
    await renewing;
    await store.leases.release(topology, owner);
  }
}

/** One that fails is told by the next write, which asks for the lease again. */
async function renew(take: () => Promise<void>, clock: Clock, done: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(RENEW_MS, done).catch(() => undefined);
    if (done.aborted) return;
    await take().catch(() => undefined);
  }
}

/** The host and the process of who holds a lease, for people. */
export function ownerText(owner: string): string {
  return owner.split(":", 2).join(":");
}

async function taken({ store }: Pick<App, "store">, topology: TopologyName): Promise<AppError> {
  const found = await store.leases.holder(topology);
  const holder = found === undefined ? "another Tidelock" : ownerText(found.owner);
  return topology === DAEMON_LEASE
    ? new AppError("ALREADY_RUNNING", `starting the daemon failed: ${holder} is one over the same store`, {
        hint: "stop that one first; the lease of one that was killed in another container, or before the machine started, ends within a minute",
      })
    : new AppError("ALREADY_RUNNING", `working on ${topology} failed: ${holder} is at it`, {
        hint: "wait until it has finished; a daemon does what this command would do",
      });
}
