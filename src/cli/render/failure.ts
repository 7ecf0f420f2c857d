import { AppError, toAppError } from "../../errors.ts";

const DEEPEST_CAUSE = 3;

/** An error for people: what went wrong, why, and what to do next. A mistake of ours adds where it happened. */
export function failureLines(thrown: unknown, isTerminal: boolean): string[] {
  const error = toAppError(thrown);
  return [
    `error: ${error.message} [${error.code}]`,
    ...causeLines(error.cause, DEEPEST_CAUSE, error.message),
    ...(error.hint === undefined ? [] : [`hint: ${error.hint}`]),
    ...(error.code === "BUG" && isTerminal ? stackOf(error) : []),
  ];
}

/** The same for scripts: `{"failure":{"code","message","hint"}}`, or nothing where all went well. */
export function failureJson(failure: AppError | undefined): Record<string, unknown> {
  if (failure === undefined) return {};
  const { code, message, hint } = failure;
  return { failure: { code, message, hint: hint ?? null } };
}

function causeLines(cause: unknown, depth: number, said: string): string[] {
  if (!(cause instanceof AppError) || depth === 0) return [];
  const own = said.includes(cause.message) ? [] : [`because: ${cause.message}`];
  return [...own, ...causeLines(cause.cause, depth - 1, cause.message)];
}

function stackOf(error: AppError): string[] {
  const cause = error.cause instanceof Error ? error.cause : error;
  return (cause.stack ?? "").split("\n").slice(1, 6);
}
