import { issueToken, TOKEN_SECONDS, type TokenAccess } from "./bearer-token.ts";
import type { Core } from "./core.ts";
import { json, Refusal, type Request, type Response } from "./exchange.ts";
import type { Identity } from "./identity.ts";
import { mayProject } from "./permissions.ts";
import { projectNamed } from "./state.ts";
import { timeText } from "./times.ts";

/** Gives a token for whoever asks: wrong credentials get 200 and a token that opens nothing; without a scope 401. */
export function answerToken(core: Core, request: Request, identity: Identity): Response {
  const scope = new URLSearchParams(request.query).get("scope");
  if (identity.kind === "anonymous" && scope === null) {
    throw new Refusal(401, "UNAUTHORIZED", "unauthorized");
  }
  const access = (scope ?? "").split(" ").flatMap((one) => accessTo(core, identity, one));
  const answer = json(200, {
    token: issueToken(core, identity.name, access),
    access_token: "",
    expires_in: TOKEN_SECONDS,
    issued_at: `${timeText(core.now()).slice(0, 19)}Z`,
  });
  return { ...answer, headers: { "content-type": "application/json; charset=utf-8" } };
}

/** Everything that one may do there, whatever of it was asked for (seen on 2.1.6 to 2.14.4); nothing in a project that is not there. */
function accessTo(core: Core, identity: Identity, scope: string): TokenAccess[] {
  const name = /^repository:([^:]+):/.exec(scope)?.[1];
  if (name === undefined) return [];
  const project = projectNamed(core.state, name.split("/")[0] ?? "");
  const actions = ["pull", "push", "delete"].filter(
    (action) => project !== undefined && mayProject(core, identity, project, "repository", action),
  );
  return [{ type: "repository", name, actions }];
}
