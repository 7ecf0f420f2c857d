import type { Answer } from "../harbor/answer.ts";
import type { Connection, Request } from "../harbor/connection.ts";
import { HarborError } from "../harbor/harbor-error.ts";
import { UNCOUNTED_AGENT } from "../harbor/tag-digest.ts";
import type { Tokens } from "./tokens.ts";

export type Scheme = "basic" | "token";

/** A request to a repository, without what proves who asks. */
type V2Request = Omit<Request, "authorization" | "headers"> & {
  readonly repository: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Send = (request: V2Request) => Promise<Answer>;

/** Harbor takes Basic on every /v2 address; a token is what docker and other clients use, and what a cluster probe must test. */
export function createSend(connection: Connection, tokens: Tokens, scheme: Scheme): Send {
  return ({ repository, headers, ...request }) => {
    const named = { ...request, headers: { ...headers, "User-Agent": UNCOUNTED_AGENT } };
    return scheme === "basic" ? connection.request(named) : withToken(connection, tokens, repository, named);
  };
}

async function withToken(
  connection: Connection,
  tokens: Tokens,
  repository: string,
  request: Request,
): Promise<Answer> {
  const scope = `repository:${repository}:pull,push,delete`;
  const first = await tokens.get(scope, request.signal);
  try {
    return await connection.request({ ...request, authorization: `Bearer ${first.text}` });
  } catch (error) {
    // A kept token may have been made worthless, e.g. by a restart with another key or a changed password.
    if (!first.kept || !(error instanceof HarborError) || error.status !== 401) throw error;
    tokens.forget(scope);
    const second = await tokens.get(scope, request.signal);
    return await connection.request({ ...request, authorization: `Bearer ${second.text}` });
  }
}
