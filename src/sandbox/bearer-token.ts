import { createHash, createHmac } from "node:crypto";
import type { Core } from "./core.ts";
import { listOf, numberOf, objectOf, parseJson, stringOf, type Json } from "./json.ts";
import type { Permission } from "./state.ts";

/** Seconds that a bearer token is valid. */
export const TOKEN_SECONDS = 1800;

/** What a token allows in one repository. */
export interface TokenAccess {
  readonly type: "repository";
  readonly name: string;
  readonly actions: readonly string[];
}

/** What a valid token says: of whom, and which rights it carries by itself. */
export interface TokenClaims {
  readonly subject: string;
  readonly permissions: readonly Permission[];
}

/** A token that says for whom, for what and until when, in seconds; it names no host, as Harbor's own. */
export function issueToken(core: Core, subject: string, access: readonly TokenAccess[]): string {
  const key = core.settings.tokenKey;
  const now = Math.floor(core.now() / 1000);
  const claims = {
    iss: "harbor-token-issuer",
    sub: subject,
    aud: "harbor-registry",
    exp: now + TOKEN_SECONDS,
    nbf: now,
    iat: now,
    jti: createHash("sha256").update(`${subject} ${now}`).digest("base64url").slice(0, 16),
    access: access.map((one) => ({ ...one })),
  };
  const signed = `${encoded({ alg: "RS256", kid: keyId(key), typ: "JWT" })}.${encoded(claims)}`;
  return `${signed}.${signature(key, signed)}`;
}

/** Undefined for what this node does not accept. Between iat or nbf and exp, by its own clock, without any leeway (seen on 2.9.0). */
export function readToken(core: Core, token: string): TokenClaims | undefined {
  const [head = "", body = "", signed = ""] = token.split(".", 3);
  if (signed !== signature(core.settings.tokenKey, `${head}.${body}`)) return undefined;
  const claims = objectOf(parseJson(Buffer.from(body, "base64url")));
  const now = core.now() / 1000;
  if (now >= numberOf(claims["exp"]) || now < numberOf(claims["nbf"])) return undefined;
  return { subject: stringOf(claims["sub"]), permissions: listOf(claims["access"]).map(permissionOf) };
}

function permissionOf(value: Json): Permission {
  const access = objectOf(value);
  return {
    kind: "project",
    namespace: stringOf(access["name"]).split("/", 1)[0] ?? "",
    access: listOf(access["actions"]).map((action) => ({ resource: "repository", action: stringOf(action) })),
  };
}

/** Twelve groups of four letters, worked out from the key. */
function keyId(key: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const hash = createHash("sha384").update(key).digest();
  const text = [...hash].map((byte) => letters.charAt(byte % 32)).join("");
  return (text.match(/.{4}/g) ?? []).join(":");
}

function encoded(value: Json): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signature(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}
