import { explainFailure, type Explanation } from "./explain-failure.ts";
import { explainRefusal, harborWords } from "./explain-refusal.ts";
import { HarborError } from "./harbor-error.ts";
import { printable } from "./redact.ts";
import { retryAfterMs } from "./retry.ts";
import type { Incoming, NoAnswer } from "./transport.ts";

/** What a try of a request was about, for the sentence when it fails. */
export interface Attempt {
  readonly doing: string;
  readonly registry: string;
  readonly method: string;
  /** Already redacted. */
  readonly url: string;
  readonly secrets: readonly string[];
  readonly now: number;
}

/** No answer came. */
export function failureOf(attempt: Attempt, failed: NoAnswer): HarborError {
  const explained = explainFailure(failed);
  const detail = failed.code === "" ? "" : ` (${printable(failed.code, attempt.secrets, 60)})`;
  return new HarborError(explained.code, sentence(attempt, explained.why + detail), {
    ...basics(attempt, explained),
    reason: explained.why,
  });
}

/** An answer came, and it is a refusal. */
export function refusalOf(attempt: Attempt, incoming: Incoming): HarborError {
  const explained = explainRefusal(incoming, attempt.method);
  const words = harborWords(incoming);
  const said = printable(words?.message ?? "", attempt.secrets);
  const why = `${explained.why} (${incoming.status}${said === "" ? "" : `, "${said}"`})`;
  const requestId = incoming.headers["x-request-id"];
  const waitMs = retryAfterMs(incoming.headers["retry-after"], attempt.now);
  return new HarborError(explained.code, sentence(attempt, why), {
    ...basics(attempt, explained),
    reason: said === "" ? explained.why : said,
    status: incoming.status,
    ...(words === undefined ? {} : { harborCode: printable(words.code, attempt.secrets, 60) }),
    ...(requestId === undefined ? {} : { requestId: printable(requestId, attempt.secrets, 80) }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  });
}

/** An answer came with a status of success, and it is not what Harbor says. */
export function nonsense(attempt: Attempt, why: string, status: number): HarborError {
  return new HarborError("HARBOR_NONSENSE", sentence(attempt, why), {
    registry: attempt.registry,
    method: attempt.method,
    url: attempt.url,
    reached: "maybe",
    status,
    reason: why,
    hint: "check that the url leads to a Harbor, and what stands in front of it",
  });
}

function sentence(attempt: Attempt, why: string): string {
  return `${attempt.doing} on ${attempt.registry} failed: ${why}; it was ${attempt.method} ${attempt.url}`;
}

function basics(
  attempt: Attempt,
  explained: Explanation,
): Pick<HarborError, "registry" | "method" | "url" | "reached"> & { readonly hint: string } {
  const { registry, method, url } = attempt;
  return { registry, method, url, reached: explained.reached, hint: explained.hint };
}
