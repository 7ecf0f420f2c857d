import type { NodePort } from "../harbor/node-port.ts";

/** Where clients are sent for tokens. */
export interface Challenge {
  readonly realm: string;
  readonly service: string;
}

/** What /v2/ says to who brings nothing; undefined when it does not send to a place where tokens are given out. */
export async function readChallenge(node: NodePort, signal: AbortSignal): Promise<Challenge | undefined> {
  const answer = await node.ask({ method: "GET", path: "/v2/", as: "nobody" }, signal);
  const header = answer.kind === "reply" ? (answer.headers["www-authenticate"] ?? "") : "";
  if (!/^bearer\s/i.test(header)) return undefined;
  const realm = quoted(header, "realm");
  return realm === undefined || !URL.canParse(realm)
    ? undefined
    : { realm, service: quoted(header, "service") ?? "" };
}

function quoted(header: string, name: string): string | undefined {
  return new RegExp(`${name}="([^"]*)"`, "i").exec(header)?.[1];
}
