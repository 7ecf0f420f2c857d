import type { Core } from "./core.ts";
import { checkEndpoints } from "./endpoint-health.ts";
import { sweepAll, sweepPeriod } from "./sweep.ts";

/** Starts what a Harbor does by itself from time to time. */
export function startBackground(core: Core): void {
  const sweep = sweepPeriod(core);
  if (sweep !== undefined) every(core, sweep, () => sweepAll(core));
  every(core, core.tempo.healthCheckMs, () => checkEndpoints(core));
}

/** At whole multiples of the period; a tick while the Harbor is down is left out. */
function every(core: Core, period: number, work: () => void): void {
  core.schedule("timer", period - (core.now() % period), () => {
    every(core, period, work);
    if (!core.faults.down) work();
  });
}
