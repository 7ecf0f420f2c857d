import { AppError } from "../errors.ts";
import { listOf, WireObject } from "../harbor/wire-object.ts";
import type { Tokens } from "./tokens.ts";

/** The claims of a token that say what may be done (goharbor/harbor src/core/service/token/creator.go:136-185). */
interface Claims {
  readonly access?: readonly Access[];
}

interface Access {
  readonly type?: string;
  readonly name?: string;
  readonly actions?: readonly string[];
}

/**
 * What the account may do in a repository. Whatever is asked for, Harbor puts everything into the token that the account may do there
 * (seen on 2.1.6, 2.7.3, 2.9.0 and 2.14.4); nothing for a project that does not exist.
 */
export async function grantedActions(
  tokens: Tokens,
  repository: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const { text } = await tokens.get(`repository:${repository}:pull,push,delete`, signal);
  const claims = new WireObject<Claims>(claimsOf(text), "token");
  const access = listOf<Access>(claims.raw("access") ?? [], "token.access");
  const granted = access
    .filter((one) => one.text("type") === "repository" && one.text("name") === repository)
    .map((one) => one.raw("actions"));
  return new Set(granted.flat().filter((action) => typeof action === "string"));
}

/** The middle part of a JWT. Its signature is the registry's matter. */
function claimsOf(token: string): unknown {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return parsed;
  } catch (cause) {
    throw new AppError("HARBOR_NONSENSE", "the token that Harbor gave has no readable claims", {
      cause,
      hint: "check what stands in front of the registry",
    });
  }
}
