import type { Answer } from "./answer.ts";
import type { Connection } from "./connection.ts";
import { HarborError } from "./harbor-error.ts";

type Signal = AbortSignal | undefined;

/** Any session cookie makes Harbor take us for a browser and give out what a form needs (goharbor/harbor src/server/middleware/csrf/csrf.go, csrfSkipper). */
const AS_BROWSER = "sid=tidelock";

/**
 * Begins a session of the account, as a browser does; gives its cookie (`name=value`). Undefined for who can't have one by password: robots, and people
 * that a provider logs in. Since 2.13 the audit log shows such a login like any other.
 */
export async function logIn(connection: Connection, signal: Signal): Promise<string | undefined> {
  const form = await connection.request({
    doing: "asking for the login form",
    method: "GET",
    url: "/api/v2.0/systeminfo",
    repeatable: "read",
    authorization: "none",
    headers: { Cookie: AS_BROWSER },
    signal,
  });
  const token = form.header("x-harbor-csrf-token");
  const forgery = lastCookie(form, "_gorilla_csrf");
  if (token === undefined || forgery === undefined) throw form.nonsense("it has no token for a login");
  const { username, password } = connection.registry.account;
  const fields = new URLSearchParams({ principal: username, password: password.reveal() });
  const answer = await connection.request({
    doing: "logging in to the portal",
    method: "POST",
    url: "/c/login",
    repeatable: "once",
    authorization: "none",
    headers: {
      Cookie: forgery,
      "X-Harbor-CSRF-Token": token,
      "Content-Type": "application/x-www-form-urlencoded",
    },
    body: Buffer.from(fields.toString()),
    alsoGood: [401, 403],
    secrets: [token, forgery, fields.toString()],
    signal,
  });
  return answer.status >= 400 ? undefined : lastCookie(answer, "sid");
}

/**
 * Whether a Harbor takes a session. Who it does not know is 401; one of a user that its database does not know is 404, and a session all the same
 * (goharbor/harbor src/server/v2.0/handler/user.go, GetCurrentUserInfo).
 */
export async function takesSession(connection: Connection, cookie: string, signal: Signal): Promise<boolean> {
  try {
    const answer = await connection.request({
      doing: "showing a session",
      method: "GET",
      url: "/api/v2.0/users/current",
      repeatable: "read",
      authorization: "none",
      headers: { Cookie: cookie },
      alsoGood: [404],
      secrets: [cookie],
      signal,
    });
    if (answer.status !== 404) answer.json();
    return true;
  } catch (error) {
    if (error instanceof HarborError && error.code === "HARBOR_UNAUTHORIZED") return false;
    throw error;
  }
}

/** Ends a session. */
export async function logOut(connection: Connection, cookie: string, signal: Signal): Promise<void> {
  await connection.request({
    doing: "ending a session",
    method: "GET",
    url: "/c/log_out",
    repeatable: "read",
    authorization: "none",
    headers: { Cookie: cookie },
    secrets: [cookie],
    signal,
  });
}

/** After a login the first `sid` is the stranger's that we were; only the last one is the session (seen on 2.9.0). */
function lastCookie(answer: Answer, name: string): string | undefined {
  return answer.cookies
    .filter((one) => one.startsWith(`${name}=`))
    .at(-1)
    ?.split(";")[0];
}
