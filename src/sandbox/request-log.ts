import type { Request } from "./exchange.ts";
import type { Sender } from "./fault-table.ts";

const KEPT = 5000;
const REFUSED_AS_IT_IS = 412;

export interface LoggedRequest {
  readonly method: string;
  /** With the query. */
  readonly target: string;
  readonly from: Sender;
  /** 0 when no answer was sent. */
  readonly status: number;
}

/** The newest requests, and how many there were; for what something costs and whether anything was written. */
export class RequestLog {
  #kept: LoggedRequest[] = [];
  #total = 0;
  #writes = 0;

  add(request: Request, from: Sender, status: number): void {
    this.#total++;
    if (status !== REFUSED_AS_IT_IS && isWrite(request.method, request.path)) this.#writes++;
    const target = request.query === "" ? request.path : `${request.path}?${request.query}`;
    this.#kept.push({ method: request.method, target, from, status });
    if (this.#kept.length > 2 * KEPT) this.#kept = this.#kept.slice(-KEPT);
  }

  /** The newest of them, oldest first. */
  all(): readonly LoggedRequest[] {
    return this.#kept;
  }

  /** Requests of clients since the beginning or the last `clear`. */
  total(): number {
    return this.#total;
  }

  /** Those that may have changed something; a ping of an endpoint changes nothing, nor does what Harbor refuses in its present state. */
  writes(): number {
    return this.#writes;
  }

  clear(): void {
    this.#kept = [];
    this.#total = 0;
    this.#writes = 0;
  }
}

function isWrite(method: string, path: string): boolean {
  return method !== "GET" && method !== "HEAD" && !path.endsWith("/registries/ping");
}
