import type { Core } from "./core.ts";
import { json, Refusal, type Request, type Response } from "./exchange.ts";
import { issueToken, TOKEN_SECONDS, type Identity } from "./identity.ts";
import { timeText } from "./times.ts";

/** Gives a token for whoever asks: wrong credentials get 200 and a token that opens nothing; without a scope 401. */
export function answerToken(core: Core, request: Request, identity: Identity): Response {
  const scope = new URLSearchParams(request.query).get("scope");
  if (identity.kind === "anonymous" && scope === null) {
    throw new Refusal(401, "UNAUTHORIZED", "unauthorized");
  }
  const answer = json(200, {
    token: issueToken(core, identity),
    access_token: "",
    expires_in: TOKEN_SECONDS,
    issued_at: `${timeText(core.now()).slice(0, 19)}Z`,
  });
  return { ...answer, headers: { "content-type": "application/json; charset=utf-8" } };
}
