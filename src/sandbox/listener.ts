import type { Clock } from "../clock.ts";
import type { Delivery } from "./delivery.ts";
import type { Request } from "./exchange.ts";
import type { Sender } from "./fault-table.ts";

/** What can be reached under a URL: a Harbor, or what stands in front of several. The fronts are made of these. */
export interface Listener {
  /** Where others reach it. */
  url: string;
  readonly clock: Clock;
  /** Catches up with the clock and takes one request, faults included. */
  receive(request: Request, from?: Sender): Delivery;
  /** Calls back when reachability changes; for the front that owns the listener. Returns what ends that. */
  onReachability(listener: (reachable: boolean) => void): () => void;
  /** Calls back when hanging connections are to break. */
  onHangOver(resume: () => void): void;
}
