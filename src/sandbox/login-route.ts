import type { Core } from "./core.ts";
import { empty, type Request, type Response } from "./exchange.ts";
import { loginAs } from "./identity.ts";
import { anonymousCookie, cookieOf, openSession, sessionCookie } from "./sessions.ts";

/**
 * `POST /c/login` with a form. The answer has two cookies `sid`, and only the last one is the session (seen on 2.9.0).
 * Several cookies stand in one header here, a line each.
 */
export function answerLogin(core: Core, request: Request): Response {
  const form = new URLSearchParams(request.body.toString());
  const { identity, delayMs } = loginAs(
    core,
    request,
    form.get("principal") ?? "",
    form.get("password") ?? "",
  );
  core.waitedMs += delayMs;
  const user = identity.kind === "user" ? core.state.users.get(identity.name) : undefined;
  if (user === undefined) return empty(401);
  const sid = openSession(core, user.id);
  return empty(200, { "set-cookie": `${anonymousCookie(core)}\n${sessionCookie(sid)}` });
}

/** `GET /c/log_out` ends the session that the cookie names, for all nodes with this Redis (seen on 2.9.0 and 2.14.4). */
export function answerLogout(core: Core, request: Request): Response {
  core.redis.sessions.delete(cookieOf(request, "sid") ?? "");
  return empty(200, { "set-cookie": "sid=; Path=/; Max-Age=0; HttpOnly" });
}
