import type { Core } from "./core.ts";
import { csrfMarks, refuseForged } from "./csrf.ts";
import { empty, EMPTY, Refusal, refusalResponse, type Request, type Response } from "./exchange.ts";
import { authenticate, type Identity } from "./identity.ts";
import { answerLogin, answerLogout } from "./login-route.ts";
import { answerRegistry } from "./registry-routes.ts";
import { API, Router } from "./router.ts";
import { apiRoutes } from "./api-routes.ts";
import { anonymousCookie, hasSession } from "./sessions.ts";
import { answerToken } from "./token-service.ts";

export interface Answer {
  readonly response: Response;
  /** How long the real one would take before it answers. */
  readonly delayMs: number;
}

const routers = new Map<number, Router>();

/** The whole of a Harbor as a function of a request and its state; never throws for anything a client sends. */
export function answer(core: Core, request: Request): Answer {
  // answering may ask other Harbors, and those ask this one
  const before = core.waitedMs;
  core.waitedMs = 0;
  const { identity, delayMs } = authenticate(core, request);
  const response = finish(core, request, respond(core, request, identity));
  const waited = core.waitedMs;
  core.waitedMs = before;
  return { response, delayMs: delayMs + waited };
}

function respond(core: Core, request: Request, identity: Identity): Response {
  try {
    refuseForged(core, request);
    return dispatch(core, request, identity);
  } catch (error) {
    if (error instanceof Refusal) return refusalResponse(error);
    throw error;
  }
}

function dispatch(core: Core, request: Request, identity: Identity): Response {
  if (request.path === "/api/version") {
    return {
      status: 200,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: Buffer.from('{"version":"v2.0"}\n'),
    };
  }
  if (request.path === "/c/login" && request.method === "POST") return answerLogin(core, request);
  if (request.path === "/c/log_out" && request.method === "GET") return answerLogout(core, request);
  if (request.path === "/service/token") return answerToken(core, request, identity);
  if (request.path === "/v2" || request.path.startsWith("/v2/"))
    return answerRegistry(core, request, identity);
  if (request.path.startsWith(`${API}/`)) {
    refuseReadOnly(core, request);
    return routerOf(core.profile.minor).answer(core, request, identity);
  }
  return empty(404, { "content-type": "text/html; charset=utf-8" });
}

function routerOf(minor: number): Router {
  const known = routers.get(minor);
  if (known !== undefined) return known;
  const router = new Router(minor, apiRoutes());
  routers.set(minor, router);
  return router;
}

/** Read-only mode refuses writes but for the switch itself. */
function refuseReadOnly(core: Core, request: Request): void {
  if (core.state.configuration.get("read_only") !== true) return;
  if (request.method === "GET" || request.method === "HEAD" || request.path === `${API}/configurations`)
    return;
  throw new Refusal(403, "DENIED", "The system is in read only mode. Any modification is prohibited.");
}

/** What every answer carries: its length, when it was given, and cookies that a client had better not keep. */
function finish(core: Core, request: Request, response: Response): Response {
  const marks = csrfMarks(core, request);
  const { "set-cookie": given, ...own } = response.headers;
  const cookies = [
    marks?.cookie,
    given ?? (hasSession(core, request) ? undefined : anonymousCookie(core)),
  ].filter((one) => one !== undefined && one !== "");
  const headers: Record<string, string> = {
    "content-length": String(response.body.length),
    date: new Date(core.now()).toUTCString(),
  };
  if (marks !== undefined) headers["x-harbor-csrf-token"] = marks.token;
  Object.assign(headers, own);
  if (cookies.length > 0) headers["set-cookie"] = cookies.join("\n");
  return request.method === "HEAD"
    ? { status: response.status, headers, body: EMPTY }
    : { ...response, headers };
}
