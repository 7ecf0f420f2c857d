import type { NodeAnswer, NodePort } from "../../harbor/node-port.ts";
import type { ProbeContext } from "../context.ts";

/** What Harbor gives a browser against forged requests: a token, and the cookie that it belongs to (`name=value`). */
export interface ForgeryPair {
  readonly token: string;
  readonly cookie: string;
}

/**
 * Any session cookie makes Harbor take us for a browser, known or not (goharbor/harbor src/server/middleware/csrf/csrf.go, csrfSkipper):
 * only then it gives out a pair, and asks for one. Seen on 2.1.6, 2.7.3, 2.9.0 and 2.14.4.
 */
export const AS_BROWSER = "sid=tidelock-probe";

/** Fetches a pair from a node, as nobody in particular; its answer when there is none in it. */
export async function forgeryPair(
  { hide }: Pick<ProbeContext, "hide">,
  node: NodePort,
  signal: AbortSignal,
): Promise<ForgeryPair | { readonly missing: NodeAnswer }> {
  const answer = await node.ask(
    { method: "GET", path: "/api/v2.0/systeminfo", as: { cookies: AS_BROWSER } },
    signal,
  );
  if (answer.kind === "silence") return { missing: answer };
  const token = answer.headers["x-harbor-csrf-token"];
  const cookie = cookieOf(answer.cookies, "_gorilla_csrf");
  if (token === undefined || cookie === undefined) return { missing: answer };
  hide(token);
  hide(cookie);
  return { token, cookie };
}

/** The last cookie of a name: after a login the first `sid` is the stranger's that we were, and only the last is the session. */
export function cookieOf(cookies: readonly string[], name: string): string | undefined {
  return cookies
    .filter((one) => one.startsWith(`${name}=`))
    .at(-1)
    ?.split(";")[0];
}
