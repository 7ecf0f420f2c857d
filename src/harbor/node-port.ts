import type { Instant, Millis } from "../clock.ts";

/** Who a request comes from. A session is a person's, begun by a login; its cookies were made by Harbor. */
export type AskAs =
  | "account"
  | "nobody"
  | { readonly bearer: string }
  | { readonly cookies: string; readonly csrfToken?: string; readonly withAccount?: boolean };

export interface NodeRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the node's address on, with its query. */
  readonly path: string;
  readonly as: AskAs;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Default: 10 s. */
  readonly timeoutMs?: Millis;
}

/** A node answered. What came may be a refusal, or cut off: it is evidence, and nothing of it is an error. */
export interface NodeReply {
  readonly kind: "reply";
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Each `Set-Cookie` by itself. */
  readonly cookies: readonly string[];
  /** What arrived, at most 4 MiB. */
  readonly body: Uint8Array;
  /** The body ended before what was promised, or the connection broke within it. */
  readonly cut: boolean;
  readonly sentAt: Instant;
  /** From the request to the last byte. */
  readonly tookMs: Millis;
}

/** Nothing came back. */
export interface NodeSilence {
  readonly kind: "silence";
  readonly why: "refused" | "timeout" | "reset" | "tls" | "unknown-host" | "other";
  /** For people; holds no secret. */
  readonly text: string;
  readonly sentAt: Instant;
  readonly tookMs: Millis;
}

export type NodeAnswer = NodeReply | NodeSilence;

/**
 * One node of a cluster at its own address, under the public host name; or the front. Nothing is repeated, redirects are not followed, and
 * every answer is a value. Rejects only when the signal is aborted (`CANCELLED`) or when a write is refused since nothing may be written (`READ_ONLY`).
 */
export interface NodePort {
  /** The node's name; `front` for the front. */
  readonly name: string;
  /** Its own address. */
  readonly url: string;
  ask(request: NodeRequest, signal?: AbortSignal): Promise<NodeAnswer>;
  /** GET of a whole address somewhere else, e.g. object storage that a blob was redirected to; nothing that proves who asks goes along. */
  elsewhere(url: string, signal?: AbortSignal): Promise<NodeAnswer>;
  requestCount(): number;
  close(): void;
}
