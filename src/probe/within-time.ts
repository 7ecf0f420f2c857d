import type { Clock, Millis } from "../clock.ts";
import type { NodePort } from "../harbor/node-port.ts";

interface Time {
  readonly clock: Pick<Clock, "monotonic">;
  /** Monotonic. */
  readonly until: Millis;
  /** Of one request, where it is less than what the node waits by itself. */
  readonly requestMs?: Millis;
  readonly signal: AbortSignal | undefined;
}

/** Default of a request to a node. */
const REQUEST_MS: Millis = 10_000;

/** The same node, of which nothing is waited for after a moment. Rejects once that is over, or when the signal is aborted. */
export function withinTime(node: NodePort, { clock, until, requestMs = REQUEST_MS, signal }: Time): NodePort {
  return {
    name: node.name,
    url: node.url,
    ask: async (request) => {
      const leftMs = until - clock.monotonic();
      if (leftMs <= 0) throw new Error("there was no time left to ask for it");
      const timeoutMs = Math.min(request.timeoutMs ?? requestMs, requestMs, leftMs);
      return await node.ask({ ...request, timeoutMs }, signal);
    },
    elsewhere: (url) => node.elsewhere(url, signal),
    requestCount: () => node.requestCount(),
    close: () => node.close(),
  };
}
