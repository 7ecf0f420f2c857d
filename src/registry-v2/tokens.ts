import type { Answer } from "../harbor/answer.ts";
import type { Connection } from "../harbor/connection.ts";
import { WireObject } from "../harbor/wire-object.ts";
import { parseChallenge, type Challenge } from "./challenge.ts";

/** Shapes of the token service, which is no part of Harbor's API description. */
interface TokenWire {
  readonly token?: string;
  readonly access_token?: string;
  readonly expires_in?: number;
}

export interface Tokens {
  /** A token for a scope; `kept` when it is one from before. */
  get(
    scope: string,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly text: string; readonly kept: boolean }>;
  forget(scope: string): void;
}

/** Not used to the very end, since clocks differ. */
const EARLY_MS = 60_000;
const SHORTEST_LIFE_S = 60;

export function createTokens(connection: Connection): Tokens {
  const kept = new Map<string, { readonly text: string; readonly until: number }>();
  let challenge: Challenge | undefined;
  return {
    forget: (scope) => kept.delete(scope),
    get: async (scope, signal) => {
      const found = kept.get(scope);
      if (found !== undefined && connection.clock.monotonic() < found.until)
        return { text: found.text, kept: true };
      challenge ??= await askForChallenge(connection, signal);
      const answer = await askForToken(connection, challenge, scope, signal);
      const fresh = decodeToken(answer);
      kept.set(scope, {
        text: fresh.text,
        until: connection.clock.monotonic() + fresh.livesSeconds * 1000 - EARLY_MS,
      });
      return { text: fresh.text, kept: false };
    },
  };
}

async function askForChallenge(connection: Connection, signal: AbortSignal | undefined): Promise<Challenge> {
  const answer = await connection.request({
    doing: "asking where tokens are given out",
    method: "GET",
    url: "/v2/",
    repeatable: "read",
    authorization: "none",
    alsoGood: [401],
    signal,
  });
  const challenge = parseChallenge(answer.header("www-authenticate"));
  if (challenge === undefined) throw answer.nonsense("the registry does not say where tokens are given out");
  if (!ownHosts(connection).includes(new URL(challenge.realm).host)) {
    throw answer.nonsense(
      `the registry sends us for tokens to ${new URL(challenge.realm).host}, which is none of its own addresses`,
    );
  }
  return challenge;
}

function ownHosts(connection: Connection): string[] {
  return [connection.registry.url, connection.registry.endpointUrl]
    .filter((url) => URL.canParse(url))
    .map((url) => new URL(url).host);
}

/** Always asked at the registry's own address: the realm only tells the path, so no password goes anywhere else or in clear. */
function askForToken(
  connection: Connection,
  challenge: Challenge,
  scope: string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const query = `service=${encodeURIComponent(challenge.service)}&scope=${encodeURIComponent(scope)}`;
  return connection.request({
    doing: "asking for a token",
    method: "GET",
    url: `${new URL(challenge.realm).pathname}?${query}`,
    repeatable: "read",
    signal,
  });
}

/** Bad credentials get 200 and a token that is worth nothing; that shows when it is used (goharbor/harbor src/core/service/token/creator.go:136-185). */
function decodeToken(answer: Answer): { readonly text: string; readonly livesSeconds: number } {
  const wire = new WireObject<TokenWire>(answer.json(), "token");
  const text = wire.text("token") === "" ? wire.text("access_token") : wire.text("token");
  if (text === "") throw answer.nonsense("the answer holds no token");
  return { text, livesSeconds: Math.max(wire.count("expires_in"), SHORTEST_LIFE_S) };
}
