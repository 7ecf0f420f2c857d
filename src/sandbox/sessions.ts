import { createHash } from "node:crypto";
import type { Core } from "./core.ts";
import type { Request } from "./exchange.ts";
import type { UserRow } from "./state.ts";

/** The value of a cookie of the request, undefined without it; where it was sent twice the last one counts. */
export function cookieOf(request: Request, name: string): string | undefined {
  const cookies = request.headers["cookie"];
  if (cookies === undefined) return undefined;
  return cookies
    .split(";")
    .map((one) => one.trim())
    .filter((one) => one.startsWith(`${name}=`))
    .at(-1)
    ?.slice(name.length + 1);
}

/** Does the request carry a session, known or not? That alone switches on the protection against forged requests. */
export function carriesSession(request: Request): boolean {
  return cookieOf(request, "sid") !== undefined;
}

/**
 * Whose session it is: Redis keeps the id of a user, the database of the node that is asked says who that is; so a
 * session is good on every node with the same Redis, even over another database (seen on 2.9.0).
 */
export function sessionUser(core: Core, request: Request): UserRow | undefined {
  const session = core.redis.sessions.get(cookieOf(request, "sid") ?? "");
  if (session === undefined) return undefined;
  return [...core.state.users.values()].find((one) => one.id === session.userId);
}

/** Whether Redis knows the session that the request carries. */
export function hasSession(core: Core, request: Request): boolean {
  return sessionUserId(core, request) !== undefined;
}

/** The number of its user, whether the database knows that one or not. */
export function sessionUserId(core: Core, request: Request): number | undefined {
  return core.redis.sessions.get(cookieOf(request, "sid") ?? "")?.userId;
}

/** Starts a session and returns its id. */
export function openSession(core: Core, userId: number): string {
  const seed = `${core.name} ${core.redis.sessions.size} ${core.now()}`;
  const sid = createHash("sha256").update(seed).digest("hex").slice(0, 32);
  core.redis.sessions.set(sid, { userId });
  return sid;
}

/** A cookie that stands for nobody; every answer without a session carries one, and a client had better not keep it. */
export function anonymousCookie(core: Core): string {
  return sessionCookie(`${core.name}0123456789abcdef`);
}

export function sessionCookie(sid: string): string {
  return `sid=${sid}; Path=/; HttpOnly`;
}
