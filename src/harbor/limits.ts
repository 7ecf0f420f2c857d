import type { Millis } from "../clock.ts";

/** How long and how much one Harbor may take. Real time, since sockets know no other. */
export interface Limits {
  /** Requests at once to one registry. */
  readonly concurrency: number;
  /** Until the connection, with TLS, stands. */
  readonly connectMs: Millis;
  /** Without a byte, before and during an answer. */
  readonly idleMs: Millis;
  /** One request from its start to the last byte of its answer. */
  readonly totalMs: Millis;
  /** The same for the first questions to a registry, so that a hanging one is known within 10 s. */
  readonly hurriedMs: Millis;
  /** The same where a Harbor itself talks to another: it dials for up to 30 s (goharbor/harbor src/common/http/transport.go:50-66). */
  readonly patientMs: Millis;
  /** No new try of a request begins later than this after its first; counted on our Clock. */
  readonly retryBudgetMs: Millis;
  /** Bytes of an answer that is held in memory. */
  readonly maxAnswerBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  concurrency: 4,
  connectMs: 3_000,
  idleMs: 30_000,
  totalMs: 60_000,
  hurriedMs: 7_500,
  patientMs: 75_000,
  retryBudgetMs: 6_000,
  maxAnswerBytes: 64 * 1024 * 1024,
};
