import type { NodeAnswer, NodePort } from "../harbor/node-port.ts";
import { isGood, jsonOf, numberFieldOf, textFieldOf, textOf } from "./answered.ts";

/** A token for /v2 as a node gave it out, with what it says of itself. */
export interface Bearer {
  readonly text: string;
  readonly keyId: string | undefined;
  /** Seconds since 1970 by the clock of the node that made it. */
  readonly issuedAt: number | undefined;
  readonly notBefore: number | undefined;
}

const TOKEN_PATH = "/service/token";
const SERVICE = "harbor-registry";

/** `scope` is as in `repository:project/name:pull`; without one, Harbor gives nobody a token. */
export function tokenPath(scope: string, path = TOKEN_PATH, service = SERVICE): string {
  return `${path}?service=${encodeURIComponent(service)}&scope=${encodeURIComponent(scope)}`;
}

/** Asks a node for a token at its own address. Wrong credentials get one too; that it is worth nothing shows when it is used. */
export async function fetchBearer(
  node: NodePort,
  scope: string,
  signal: AbortSignal,
): Promise<{ readonly answer: NodeAnswer; readonly bearer: Bearer | undefined }> {
  const answer = await node.ask({ method: "GET", path: tokenPath(scope), as: "account" }, signal);
  return { answer, bearer: bearerIn(answer) };
}

/** The token of an answer; undefined when it holds none. Nothing of it is verified: its own claims are all that is wanted. */
export function bearerIn(answer: NodeAnswer): Bearer | undefined {
  const body = isGood(answer) ? jsonOf(answer) : undefined;
  const text = textFieldOf(body, "token") ?? textFieldOf(body, "access_token");
  if (text === undefined) return undefined;
  const [header, claims] = text.split(".").map(decoded);
  return {
    text,
    keyId: textFieldOf(header, "kid"),
    issuedAt: numberFieldOf(claims, "iat"),
    notBefore: numberFieldOf(claims, "nbf"),
  };
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(textOf(Buffer.from(part, "base64url")));
  } catch {
    return undefined;
  }
}
