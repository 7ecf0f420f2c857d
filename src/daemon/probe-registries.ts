import type { Clock, Millis } from "../clock.ts";
import { afterProbe, FIRST_REACH, type Hysteresis, type Reach } from "../failback/outage.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Log } from "../log.ts";
import type { OutageStore } from "../store/store.ts";
import type { RegistryName } from "../topology/model.ts";

/** A probe that takes longer counts as a failure. */
const PROBE_TIMEOUT_MS = 5_000;

export interface ProbeContext {
  readonly outages: OutageStore;
  readonly limits: Hysteresis;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks one registry whether it is alive, and records what follows. Returns `up` or `down` when it just turned. */
export async function probeOnce(
  { outages, limits, clock, log }: ProbeContext,
  port: HarborPort,
  signal: AbortSignal,
): Promise<"up" | "down" | undefined> {
  const { name } = port.registry;
  const before: Reach = (await outages.reach(name)) ?? FIRST_REACH;
  const ok = await port.ping(PROBE_TIMEOUT_MS, signal).then(
    () => true,
    () => false,
  );
  if (signal.aborted) return undefined;
  const step = afterProbe(before, ok, clock.now(), limits);
  await outages.saveReach(name, step.reach, step.outage);
  if (step.turned === "down") log.error({ registry: name, since: step.outage?.from }, "registry is down");
  if (step.turned === "up") log.warn({ registry: name, outage: step.outage }, "registry is back");
  return step.turned;
}

/** Probes each registry for ever, each on its own, until the signal is aborted. */
export async function probeRegistries(
  context: ProbeContext,
  ports: readonly HarborPort[],
  everyMs: Millis,
  turned: (registry: RegistryName, to: "up" | "down") => void,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    ports.map(async (port) => {
      while (!signal.aborted) {
        const change = await probeOnce(context, port, signal);
        if (change !== undefined) turned(port.registry.name, change);
        await context.clock.sleep(everyMs, signal).catch(() => undefined);
      }
    }),
  );
}
