import { AppError, type ErrorCode } from "../errors.ts";

/** How far a request got before it failed, which decides whether it may be repeated. */
export type Reached =
  /** Never sent: refused, unknown host, no TLS. */
  | "no"
  /** Sent, and the answer was lost or came from something in front of Harbor: it may have been done. */
  | "maybe"
  /** Harbor answered. */
  | "yes";

export interface HarborFailure {
  /** By its declared name. */
  readonly registry: string;
  readonly method: string;
  /** Without user info and without values of the query that may be secret. */
  readonly url: string;
  readonly reached: Reached;
  readonly status?: number;
  /** Harbor's own code, e.g. `NOT_FOUND`. */
  readonly harborCode?: string;
  /** What Harbor said, shortened; the reason without what was being done. */
  readonly reason: string;
  /** X-Request-Id of the answer, to find it in Harbor's logs. */
  readonly requestId?: string;
  /** Harbor asked to wait this long. */
  readonly retryAfterMs?: number;
  readonly hint?: string;
}

/** The one shape of every failed request to a Harbor. Holds nothing of the HTTP library and no secret. */
export class HarborError extends AppError {
  readonly registry: string;
  readonly method: string;
  readonly url: string;
  readonly reached: Reached;
  readonly status: number | undefined;
  readonly harborCode: string | undefined;
  readonly reason: string;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, failure: HarborFailure) {
    super(code, message, failure.hint === undefined ? {} : { hint: failure.hint });
    this.name = "HarborError";
    this.registry = failure.registry;
    this.method = failure.method;
    this.url = failure.url;
    this.reached = failure.reached;
    this.status = failure.status;
    this.harborCode = failure.harborCode;
    this.reason = failure.reason;
    this.requestId = failure.requestId;
    this.retryAfterMs = failure.retryAfterMs;
  }
}

/** The same failure under another code and hint, where an operation knows better what it means. */
export function reinterpreted(error: HarborError, code: ErrorCode, hint: string): HarborError {
  return new HarborError(code, error.message, {
    registry: error.registry,
    method: error.method,
    url: error.url,
    reached: error.reached,
    reason: error.reason,
    hint,
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(error.harborCode === undefined ? {} : { harborCode: error.harborCode }),
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
  });
}
