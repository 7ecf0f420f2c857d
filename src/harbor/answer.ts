import { failureOf, nonsense, type Attempt } from "./harbor-failures.ts";
import { BrokenStream, type Incoming } from "./transport.ts";

/** A successful answer. */
export interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
  /** Only where it was asked for. Breaks off with a `HarborError`. */
  readonly stream: AsyncIterable<Uint8Array> | undefined;
  /** By its name in lower case. */
  header(name: string): string | undefined;
  /** Each `Set-Cookie` by itself, in order. */
  readonly cookies: readonly string[];
  text(): string;
  /** The body as JSON. Throws `HARBOR_NONSENSE` where it is HTML, cut off or empty. */
  json(): unknown;
  /** A failure that says that this answer is not what Harbor gives. */
  nonsense(why: string): Error;
}

/** `attempt` is asked for only where something failed. */
export function answerFrom(attempt: () => Attempt, incoming: Incoming): Answer {
  const { buffer, byteOffset, byteLength } = incoming.body;
  // A view, since a copy of each page of a listing would cost as much as reading it.
  const text = (): string => Buffer.from(buffer, byteOffset, byteLength).toString("utf8");
  return {
    status: incoming.status,
    body: incoming.body,
    stream: incoming.stream === undefined ? undefined : told(attempt, incoming.stream),
    header: (name) => incoming.headers[name],
    cookies: incoming.cookies ?? [],
    text,
    json: () => {
      try {
        const parsed: unknown = JSON.parse(text());
        return parsed;
      } catch {
        throw nonsense(attempt(), notJson(text()), incoming.status);
      }
    },
    nonsense: (why) => nonsense(attempt(), why, incoming.status),
  };
}

function notJson(text: string): string {
  if (text.trim() === "") return "the answer is empty";
  return text.trimStart().startsWith("<")
    ? "the answer is a web page, not JSON"
    : "the answer is broken JSON";
}

/** Nothing of the HTTP library may escape from a body that breaks off. */
async function* told(attempt: () => Attempt, stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* stream;
  } catch (thrown) {
    throw thrown instanceof BrokenStream ? failureOf(attempt(), thrown.failed) : thrown;
  }
}
