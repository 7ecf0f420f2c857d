import type { Core } from "./core.ts";
import { empty, Refusal, refusalResponse, type Request, type Response } from "./exchange.ts";
import { authenticate, type Identity } from "./identity.ts";
import { answerRegistry } from "./registry-routes.ts";
import { API, Router } from "./router.ts";
import { apiRoutes } from "./api-routes.ts";
import { answerToken } from "./token-service.ts";

export interface Answer {
  readonly response: Response;
  /** How long the real one would take before it answers. */
  readonly delayMs: number;
}

const routers = new Map<number, Router>();

/** The whole of a Harbor as a function of a request and its state; never throws for anything a client sends. */
export function answer(core: Core, request: Request): Answer {
  const { identity, delayMs } = authenticate(core, request);
  return { response: finish(core, request, respond(core, request, identity)), delayMs };
}

function respond(core: Core, request: Request, identity: Identity): Response {
  try {
    refuseForged(request);
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
  if (request.path === "/service/token") return answerToken(core, request, identity);
  if (request.path === "/v2" || request.path.startsWith("/v2/"))
    return answerRegistry(core, request, identity);
  if (request.path.startsWith(`${API}/`)) {
    refuseReadOnly(core, request);
    return routerOf(core.profile.minor).answer(core, request, identity);
  }
  return empty(404, { "content-type": "text/html" });
}

function routerOf(minor: number): Router {
  const known = routers.get(minor);
  if (known !== undefined) return known;
  const router = new Router(minor, apiRoutes());
  routers.set(minor, router);
  return router;
}

/** A session cookie switches on the protection against forged requests (goharbor/harbor src/server/middleware/csrf/csrf.go:94-102). */
function refuseForged(request: Request): void {
  const cookie = request.headers["cookie"] ?? "";
  const safe = request.method === "GET" || request.method === "HEAD";
  if (safe || !/(^|;\s*)sid=/.test(cookie) || request.headers["x-harbor-csrf-token"] !== undefined) return;
  throw new Refusal(403, "FORBIDDEN", "CSRF token invalid");
}

/** Read-only mode refuses writes but for the switch itself. */
function refuseReadOnly(core: Core, request: Request): void {
  if (core.state.configuration.get("read_only") !== true) return;
  if (request.method === "GET" || request.method === "HEAD" || request.path === `${API}/configurations`)
    return;
  throw new Refusal(403, "DENIED", "The system is in read only mode. Any modification is prohibited.");
}

/** What every answer carries: its length, and the session cookie that a client had better not keep. */
function finish(core: Core, request: Request, response: Response): Response {
  const headers = {
    "content-length": String(response.body.length),
    "set-cookie": `sid=${core.name}0123456789abcdef; Path=/; HttpOnly`,
    ...response.headers,
  };
  return request.method === "HEAD"
    ? { status: response.status, headers, body: Buffer.alloc(0) }
    : { ...response, headers };
}
