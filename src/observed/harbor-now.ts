import type { Clock } from "../clock.ts";
import type { HarborPort } from "../harbor/port.ts";

/** The time by that Harbor's own clock, as well as we know it. */
export async function harborNow(port: HarborPort, clock: Clock, signal: AbortSignal): Promise<number> {
  const { clockOffsetMs } = await port.identify({ signal });
  return clock.now() + (clockOffsetMs ?? 0);
}
