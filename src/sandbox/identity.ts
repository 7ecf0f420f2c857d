import { createHmac } from "node:crypto";
import type { Core } from "./core.ts";
import type { Request } from "./exchange.ts";
import { numberOf, objectOf, parseJson, stringOf } from "./json.ts";
import type { RobotRow } from "./state.ts";

/** Who asks. Harbor's own services act as `internal`. */
export type Identity =
  | { readonly kind: "anonymous"; readonly name: "" }
  | { readonly kind: "user"; readonly name: string; readonly admin: boolean }
  | { readonly kind: "robot"; readonly name: string; readonly robot: RobotRow }
  | { readonly kind: "internal"; readonly name: string };

const ANONYMOUS: Identity = { kind: "anonymous", name: "" };
export const INTERNAL: Identity = { kind: "internal", name: "harbor-jobservice" };

/** Seconds that a bearer token is valid. */
export const TOKEN_SECONDS = 1800;

export interface Authenticated {
  readonly identity: Identity;
  /** How long the answer is held back: Harbor sleeps after a wrong password. */
  readonly delayMs: number;
}

/**
 * Who sent the request. Wrong credentials are no error: the request goes on as anonymous (goharbor/harbor
 * src/server/middleware/security/security.go), and the username is locked for a moment, right logins too
 * (src/core/auth/authenticator.go:151-160).
 */
export function authenticate(core: Core, request: Request): Authenticated {
  const header = request.headers["authorization"] ?? "";
  if (core.faults.anonymous || header === "") return { identity: ANONYMOUS, delayMs: 0 };
  const [scheme = "", value = ""] = header.split(" ", 2);
  if (scheme.toLowerCase() === "bearer") return { identity: bearer(core, request, value), delayMs: 0 };
  if (scheme.toLowerCase() !== "basic") return { identity: ANONYMOUS, delayMs: 0 };
  const text = Buffer.from(value, "base64").toString();
  const colon = text.indexOf(":");
  return basic(core, text.slice(0, Math.max(0, colon)), text.slice(colon + 1));
}

function basic(core: Core, name: string, password: string): Authenticated {
  if (name.startsWith("robot$")) {
    const robot = [...core.state.robots.values()].find((one) => one.name === name);
    const valid = robot !== undefined && !robot.disabled && robot.secret === password;
    return { identity: valid ? { kind: "robot", name, robot } : ANONYMOUS, delayMs: 0 };
  }
  if ((core.locked.get(name) ?? 0) > core.now()) return { identity: ANONYMOUS, delayMs: 0 };
  const user = core.state.users.get(name);
  if (user?.password === password) {
    return { identity: { kind: "user", name, admin: user.admin }, delayMs: 0 };
  }
  core.locked.set(name, core.now() + core.tempo.lockoutMs);
  return { identity: ANONYMOUS, delayMs: core.tempo.lockoutMs };
}

/** The accounts of the job service and of proxy caches; nobody can log in as one. */
const SERVICES = new Set(["harbor-jobservice", "harbor#proxy-cache-service"]);

/** The account of a name, as an identity; the administrator by default. */
export function identityNamed(core: Core, name = "admin"): Identity {
  if (SERVICES.has(name)) return { kind: "internal", name };
  const user = core.state.users.get(name);
  if (user !== undefined) return { kind: "user", name, admin: user.admin };
  const robot = [...core.state.robots.values()].find((one) => one.name === name);
  return robot === undefined ? ANONYMOUS : { kind: "robot", name, robot };
}

/** What a token allows in one repository. */
export interface TokenAccess {
  readonly type: "repository";
  readonly name: string;
  readonly actions: readonly string[];
}

const TOKEN_HEAD = Buffer.from(JSON.stringify({ alg: "HS256", typ: "JWT" })).toString("base64url");

/** A token that says who asked, for what and until when; it names no host, as Harbor's own. */
export function issueToken(core: Core, identity: Identity, access: readonly TokenAccess[]): string {
  const claims = Buffer.from(
    JSON.stringify({ access, sub: identity.name, exp: core.now() + TOKEN_SECONDS * 1000, at: core.name }),
  ).toString("base64url");
  return `${TOKEN_HEAD}.${claims}.${signature(core, claims)}`;
}

function bearer(core: Core, request: Request, token: string): Identity {
  const [, claims = "", signed = ""] = token.split(".", 3);
  if (!request.path.startsWith("/v2") || signed !== signature(core, claims)) return ANONYMOUS;
  const read = objectOf(parseJson(Buffer.from(claims, "base64url")));
  if (numberOf(read["exp"]) < core.now()) return ANONYMOUS;
  const name = stringOf(read["sub"]);
  return name === "" ? ANONYMOUS : identityNamed(core, name);
}

function signature(core: Core, claims: string): string {
  return createHmac("sha256", `sandbox-${core.name}`).update(claims).digest("base64url");
}
