import { setMaxListeners } from "node:events";
import { reasonOf } from "../clock.ts";

/**
 * A signal that is aborted with the given one and may have any number of listeners, since a probe asks many things at once. `release` takes the
 * last trace of it from the given one, which may live as long as the daemon.
 */
export function signalBelow(above: AbortSignal): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const stop = (): void => controller.abort(reasonOf(above));
  if (above.aborted) stop();
  above.addEventListener("abort", stop, { once: true });
  return { signal: controller.signal, release: () => above.removeEventListener("abort", stop) };
}
