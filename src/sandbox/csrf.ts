import { createHash, createHmac } from "node:crypto";
import type { Core } from "./core.ts";
import { Refusal, type Request } from "./exchange.ts";
import { carriesSession, cookieOf } from "./sessions.ts";

const COOKIE = "_gorilla_csrf";
const TOKEN = "x-harbor-csrf-token";
const SECONDS = 43_200;

/** What the protection against forged requests adds to an answer. */
export interface CsrfMarks {
  readonly token: string;
  /** Only where the request brought none that this node could read. */
  readonly cookie: string | undefined;
}

/** Requests of clients that are no browser are left alone (goharbor/harbor src/server/middleware/csrf/csrf.go:94-102). */
function isProtected(request: Request): boolean {
  return !/^\/(v2|api|service)\//.test(request.path) || carriesSession(request);
}

/** The cookie and the token that belong together, made with the node's CSRF key; undefined where nothing is protected. */
export function csrfMarks(core: Core, request: Request): CsrfMarks | undefined {
  if (!isProtected(request)) return undefined;
  const own = readCookie(core, request);
  const seed = own ?? createHash("sha256").update(`${core.name} ${core.now()}`).digest("hex").slice(0, 16);
  const expires = new Date(core.now() + SECONDS * 1000).toUTCString();
  const value = `${seed}.${signed(core, `cookie ${seed}`)}`;
  const attributes = `Path=/; Expires=${expires}; Max-Age=${SECONDS}; HttpOnly; SameSite=Strict`;
  return {
    token: tokenOf(core, seed),
    cookie: own === undefined ? `${COOKIE}=${value}; ${attributes}` : undefined,
  };
}

/** 403 for a write with a session and without cookie and token that belong together, and were made with this node's key. */
export function refuseForged(core: Core, request: Request): void {
  if (request.method === "GET" || request.method === "HEAD" || !isProtected(request)) return;
  const seed = readCookie(core, request);
  if (seed !== undefined && request.headers[TOKEN] === tokenOf(core, seed)) return;
  // refused before there are sessions: no cookie of one (seen on 2.9.0)
  throw new Refusal(403, "FORBIDDEN", "CSRF token invalid", { "set-cookie": "" });
}

function readCookie(core: Core, request: Request): string | undefined {
  const [seed = "", proof] = (cookieOf(request, COOKIE) ?? "").split(".");
  return proof === signed(core, `cookie ${seed}`) ? seed : undefined;
}

function tokenOf(core: Core, seed: string): string {
  return signed(core, `token ${seed}`);
}

function signed(core: Core, text: string): string {
  return createHmac("sha256", core.settings.csrfKey).update(text).digest("base64url");
}
