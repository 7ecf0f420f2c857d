import { toAppError } from "../errors.ts";

/** What a Harbor says no to, for one tag; whatever else fails would fail for the next one too. */
const REFUSALS: ReadonlySet<string> = new Set([
  "HARBOR_FORBIDDEN",
  "HARBOR_UNAUTHORIZED",
  "HARBOR_NOT_FOUND",
  "HARBOR_CONFLICT",
  "HARBOR_PRECONDITION",
  "HARBOR_REJECTED",
]);

/** Why a Harbor refused one tag, so that the others are tried nevertheless. Throws on whatever is no refusal, or when work is to end. */
export function refusalIn(thrown: unknown, signal: AbortSignal): string {
  signal.throwIfAborted();
  const { code, message } = toAppError(thrown);
  if (!REFUSALS.has(code)) throw thrown;
  return message;
}
