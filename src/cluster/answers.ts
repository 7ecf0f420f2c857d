import type { Answered } from "./evidence.ts";

/** How much of what a Harbor wrote is repeated in a sentence. */
const MOST_TEXT = 160;

export function isSuccess(answer: Answered | undefined): boolean {
  return answer !== undefined && answer.status >= 200 && answer.status < 300;
}

/** The gateway in front says that nobody is behind it, or nothing came back at all: not what the part that was asked thinks. */
export function isAbsence(answer: Answered): boolean {
  return answer.status === 0 || answer.status === 502 || answer.status === 503 || answer.status === 504;
}

/** 401 and 403: about who asks, not about what was asked for. */
export function isRefusal(answer: Answered): boolean {
  return answer.status === 401 || answer.status === 403;
}

/**
 * Harbor's core itself does not know the project, repository or artifact: it looked into its database. The registry behind it says
 * `MANIFEST_UNKNOWN` or `BLOB_UNKNOWN` instead. A project that is not there is told by a 401 on `/v2/`, even to an administrator.
 */
export function isUnknownToDatabase(answer: Answered): boolean {
  if (answer.status === 404) return answer.code === "NOT_FOUND";
  return answer.status === 401 && /project .* not found/i.test(answer.text);
}

/** What a node answered, for a sentence: `404 MANIFEST_UNKNOWN: manifest unknown`. */
export function said({ status, code, text }: Answered): string {
  const start = status === 0 ? "no answer" : `${status}${code === "" ? "" : ` ${code}`}`;
  const line = text.replace(/\s+/g, " ").trim();
  if (line === "" || line === code) return start;
  return `${start}: ${line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT)}…` : line}`;
}
