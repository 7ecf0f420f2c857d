import { pino, type DestinationStream } from "pino";
import { AppError } from "./errors.ts";

export type Level = "trace" | "debug" | "info" | "warn" | "error" | "silent";
export type Fields = Readonly<Record<string, unknown>>;

/** Constant messages, what varies in fields. `error` means that a person must act. */
export interface Log {
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
  child(fields: Fields): Log;
}

/** Names of fields whose content is never written, however deep; passwords are besides wrapped in `Secret`. */
const REDACTED = ["password", "secret", "authorization", "access_secret", "token", "cookie"];

/** A log of JSON lines. Errors are written by code, sentence, hint and causes, never with what they drag along. */
export function createLog(level: Level, destination: DestinationStream): Log {
  const paths = REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino(
    {
      level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: "[secret]" },
      serializers: { err: describeError, error: describeError },
    },
    destination,
  );
}

const DEEPEST_CAUSE = 4;

function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause;
  return {
    message: error.message,
    ...(error instanceof AppError ? { code: error.code, hint: error.hint } : { name: error.name }),
    ...(cause === undefined || depth >= DEEPEST_CAUSE ? {} : { cause: describeError(cause, depth + 1) }),
  };
}
