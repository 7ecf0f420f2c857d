import { readToken } from "./bearer-token.ts";
import type { Core } from "./core.ts";
import type { Request } from "./exchange.ts";
import { sessionUser } from "./sessions.ts";
import type { RobotRow, UserRow } from "./state.ts";

/** Who asks. Harbor's own services act as `internal`. */
export type Identity =
  | { readonly kind: "anonymous"; readonly name: "" }
  | { readonly kind: "user"; readonly name: string; readonly admin: boolean }
  | { readonly kind: "robot"; readonly name: string; readonly robot: RobotRow }
  | { readonly kind: "internal"; readonly name: string };

const ANONYMOUS: Identity = { kind: "anonymous", name: "" };
export const INTERNAL: Identity = { kind: "internal", name: "harbor-jobservice" };

export interface Authenticated {
  readonly identity: Identity;
  /** How long the answer is held back: Harbor sleeps after a wrong password. */
  readonly delayMs: number;
}

/**
 * Who sent the request. Wrong credentials are no error: the request goes on as anonymous, or as whose session it
 * carries (goharbor/harbor src/server/middleware/security/security.go).
 */
export function authenticate(core: Core, request: Request): Authenticated {
  if (core.faults.anonymous) return { identity: ANONYMOUS, delayMs: 0 };
  const known = byHeader(core, request);
  if (known.identity.kind !== "anonymous") return known;
  const user = sessionUser(core, request);
  return user === undefined ? known : { ...known, identity: userIdentity(user) };
}

function userIdentity({ name, admin }: UserRow): Identity {
  return { kind: "user", name, admin };
}

function byHeader(core: Core, request: Request): Authenticated {
  const [scheme = "", value = ""] = (request.headers["authorization"] ?? "").split(" ", 2);
  if (scheme.toLowerCase() === "bearer") return { identity: bearer(core, request, value), delayMs: 0 };
  if (scheme.toLowerCase() !== "basic") return { identity: ANONYMOUS, delayMs: 0 };
  const text = Buffer.from(value, "base64").toString();
  const colon = text.indexOf(":");
  return loginAs(core, request, text.slice(0, Math.max(0, colon)), text.slice(colon + 1));
}

/**
 * A name and its password. After a wrong one the name is locked for a moment, right logins of users too (goharbor/harbor
 * src/core/auth/authenticator.go:151-160). A robot that is not accepted is tried as a user, and waits as one; one that
 * is accepted never meets the lock (seen on 2.9.0).
 */
export function loginAs(core: Core, request: Request, name: string, password: string): Authenticated {
  const robot = robotNamed(core, name);
  if (robot !== undefined && !robot.disabled && robot.secret === password) {
    return { identity: { kind: "robot", name, robot }, delayMs: 0 };
  }
  const at = core.now() + (request.lateMs ?? 0);
  if ((core.locked.get(name) ?? 0) > at) return { identity: ANONYMOUS, delayMs: 0 };
  const user = core.state.users.get(name);
  if (user?.password === password) {
    return { identity: userIdentity(user), delayMs: 0 };
  }
  core.locked.set(name, at + core.tempo.lockoutMs);
  return { identity: ANONYMOUS, delayMs: core.tempo.lockoutMs };
}

function robotNamed(core: Core, name: string): RobotRow | undefined {
  if (!name.startsWith("robot$")) return undefined;
  return [...core.state.robots.values()].find((one) => one.name === name);
}

/** The accounts of the job service and of proxy caches; nobody can log in as one. */
const SERVICES = new Set(["harbor-jobservice", "harbor#proxy-cache-service"]);

/** The account of a name, as an identity; the administrator by default. */
export function identityNamed(core: Core, name = "admin"): Identity {
  if (SERVICES.has(name)) return { kind: "internal", name };
  const user = core.state.users.get(name);
  if (user !== undefined) return userIdentity(user);
  const robot = robotNamed(core, name);
  return robot === undefined ? ANONYMOUS : { kind: "robot", name, robot };
}

/** The rights stand in the token, so that it counts also where nobody knows the account. */
function bearer(core: Core, request: Request, token: string): Identity {
  const claims = request.path.startsWith("/v2") ? readToken(core, token) : undefined;
  if (claims === undefined || claims.subject === "") return ANONYMOUS;
  const known = identityNamed(core, claims.subject);
  if (known.kind !== "anonymous") return known;
  const robot: RobotRow = {
    id: 0,
    name: claims.subject,
    description: "",
    secret: "",
    level: "project",
    disabled: false,
    permissions: claims.permissions,
    createdAt: 0,
  };
  return { kind: "robot", name: claims.subject, robot };
}
