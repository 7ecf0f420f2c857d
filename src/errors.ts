/**
 * Everything that can go wrong in an expected way. One table: a code, and what it means in one sentence.
 * docs/errors.md lists the same codes; a test holds the two equal.
 */
export const ERROR_CODES = {
  CONFIG_INVALID: "What is declared has mistakes; each is listed with its file, line and path.",
  CONFIG_UNREADABLE: "A declaration file, certificate or secret file could not be read.",
  USAGE: "The command line was not understood.",
  HARBOR_UNREACHABLE:
    "No connection to a Harbor: refused, no route, unknown host, or reset before an answer.",
  HARBOR_TIMEOUT: "A Harbor accepted the connection but did not answer in time.",
  HARBOR_TLS: "The certificate of a Harbor is not trusted or does not fit its name.",
  HARBOR_UNAUTHORIZED: "A Harbor does not accept the credentials.",
  HARBOR_FORBIDDEN: "The account lacks a right that the request needs.",
  HARBOR_NOT_FOUND: "The object that was asked for is not there.",
  HARBOR_CONFLICT: "An object of that name exists already.",
  HARBOR_PRECONDITION: "A Harbor refuses the request in its present state.",
  HARBOR_REJECTED: "A Harbor refuses the request as malformed.",
  HARBOR_BUSY: "A Harbor asks to slow down.",
  HARBOR_FAILED: "A Harbor failed inside while answering.",
  HARBOR_NONSENSE: "A Harbor, or something in front of it, answered what Harbor never answers.",
  HARBOR_UNSUPPORTED: "A Harbor is too old, or is not a Harbor.",
  STORE_UNUSABLE: "The store of evidence can't be opened, written or understood.",
  STORE_NEWER: "The store of evidence was written by a newer Tidelock.",
  ALREADY_RUNNING: "Another Tidelock is working on the same topology.",
  UNDECIDABLE: "What stands on both sides leaves nothing to decide, or not in that way.",
  PROBE_PROJECT: "The project for probes of a cluster is missing and can't be made, or is not fit for them.",
  SAME_DATABASE:
    "Two registries that are to replicate to each other are one database, or can't be told from that.",
  SHARED_REDIS: "Two registries of databases of their own use one Redis.",
  READ_ONLY: "Nothing may be written to any Harbor, since TIDELOCK_READ_ONLY is set.",
  FILE_EXISTS: "A file that was to be written is there already.",
  FILE_UNREADABLE: "A file that was to be looked at could not be read.",
  FILE_UNWRITABLE: "A file could not be written.",
  CANCELLED: "The work was stopped before its end.",
  BUG: "A mistake in Tidelock itself; please report it.",
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorDetails {
  /** What to do next, as a sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * An expected failure, told to a person: the message says what was being done, to what, and why it failed;
 * the hint says what to do next. Never holds a secret.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "AppError";
    this.code = code;
    this.hint = details.hint;
  }
}

/** Turns whatever was thrown into an AppError; what was not expected becomes a `BUG` with the original as its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError("BUG", message, {
    cause: thrown,
    hint: "please report this with the command that was run",
  });
}
