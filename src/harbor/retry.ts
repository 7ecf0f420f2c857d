import type { Millis } from "../clock.ts";
import type { HarborError } from "./harbor-error.ts";

/** What a repetition of a request would do. */
export type Repeatable =
  /** GET and HEAD. */
  | "read"
  /** PUT and DELETE that end in the same state however often they are done. */
  | "idempotent"
  /** POST that creates or starts something. */
  | "once";

interface Rule {
  readonly name: string;
  readonly applies: (error: HarborError, kind: Repeatable) => boolean;
  /** Repetitions after the first try. */
  readonly times: number;
  readonly firstWaitMs: Millis;
}

const neverSent = (error: HarborError): boolean =>
  error.reached === "no" && error.code === "HARBOR_UNREACHABLE";
const broken = (error: HarborError): boolean =>
  error.reached === "maybe" && error.code === "HARBOR_UNREACHABLE";
const inFront = (error: HarborError): boolean => [502, 503, 504].includes(error.status ?? 0);

/** The one table of repetitions. The first rule that applies counts; without one a request is not repeated. */
const RETRY_RULES: readonly Rule[] = [
  { name: "asked to slow down", applies: (error) => error.status === 429, times: 4, firstWaitMs: 1_000 },
  { name: "never sent", applies: neverSent, times: 2, firstWaitMs: 250 },
  { name: "broken", applies: (error, kind) => kind !== "once" && broken(error), times: 2, firstWaitMs: 250 },
  {
    name: "in front",
    applies: (error, kind) => kind !== "once" && inFront(error),
    times: 3,
    firstWaitMs: 500,
  },
  {
    name: "failed inside while reading",
    applies: (error, kind) => kind === "read" && error.status === 500,
    times: 1,
    firstWaitMs: 500,
  },
];

export const LONGEST_WAIT_MS = 30_000;

/**
 * Milliseconds to wait before repeating, or undefined for giving up. `tries` is how many were made, `spentMs` how long
 * they took with their waits. Doubles with each try; `jitter` in [0, 1) spreads it over 50 to 100 %. Retry-After goes before that, and a longer one than
 * half a minute is given up on.
 */
export function waitBeforeRetry(
  error: HarborError,
  kind: Repeatable,
  past: { readonly tries: number; readonly spentMs: Millis; readonly budgetMs: Millis },
  jitter: number,
): Millis | undefined {
  const rule = RETRY_RULES.find((candidate) => candidate.applies(error, kind));
  if (rule === undefined || past.tries > rule.times) return undefined;
  if (error.retryAfterMs !== undefined) {
    return error.retryAfterMs <= LONGEST_WAIT_MS ? error.retryAfterMs : undefined;
  }
  const wait = rule.firstWaitMs * 2 ** (past.tries - 1) * (0.5 + jitter / 2);
  const isOver = error.status !== 429 && past.spentMs + wait > past.budgetMs;
  return isOver ? undefined : wait;
}

/** Milliseconds of a `Retry-After` header: seconds or a date. */
export function retryAfterMs(header: string | undefined, now: number): Millis | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
