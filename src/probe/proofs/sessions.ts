import type { Evidence, SessionCrossing, Skipped } from "../../cluster/evidence.ts";
import type { NodePort } from "../../harbor/node-port.ts";
import { answered, fieldOf, isGood, jsonOf, textFieldOf } from "../answered.ts";
import type { ProbeContext } from "../context.ts";
import { refusalText } from "../own-objects.ts";
import { cookieOf, forgeryPair } from "./forgery-pair.ts";

const CURRENT = "/api/v2.0/users/current";
const AGAIN_AFTER_MS = 1_000;

/**
 * Begins a session of the account at each node, as a browser does, uses it at all, and ends it. Since 2.13 the audit log shows such a login
 * (and its end) like any other. Not for robots, and not for people that a provider logs in: Harbor has no sessions for these by password.
 */
export async function proveSessions(
  context: ProbeContext,
  signal: AbortSignal,
): Promise<Pick<Evidence, "sessions" | "skipped">> {
  const why = await whyNot(context, signal);
  if (why !== undefined) return { sessions: [], skipped: [{ proof: "session", nodes: [], reason: why }] };
  const sessions: SessionCrossing[] = [];
  const skipped: Skipped[] = [];
  for (const from of context.nodes) {
    const session = await logIn(context, from, signal);
    if ("refused" in session) {
      const reason = `${from.name} let the account not log in to the portal: ${session.refused}`;
      skipped.push({ proof: "session", nodes: [from.name], reason });
      continue;
    }
    for (const to of context.nodes) {
      sessions.push(await showSession(context, from, to, session.cookie, signal));
    }
  }
  return { sessions, skipped };
}

async function whyNot({ account, nodes }: ProbeContext, signal: AbortSignal): Promise<string | undefined> {
  if (account.kind === "robot") return "a robot has no sessions; only a person's account could show them";
  const [node] = nodes;
  const answer = await node?.ask({ method: "GET", path: CURRENT, as: "account" }, signal);
  if (answer === undefined || fieldOf(jsonOf(answer), "oidc_user_meta") === undefined) return undefined;
  return "the account logs in through an OIDC provider, which a probe can't";
}

/** The cookie of a new session. It is ended with the probe, whatever becomes of it. */
async function logIn(
  context: ProbeContext,
  node: NodePort,
  signal: AbortSignal,
): Promise<{ readonly cookie: string } | { readonly refused: string }> {
  const pair = await forgeryPair(context, node, signal);
  if ("missing" in pair) return { refused: `no token for the login form (${refusalText(pair.missing)})` };
  const { username, password } = context.credentials;
  await context.beforeWrite();
  const answer = await node.ask(
    {
      method: "POST",
      path: "/c/login",
      as: { cookies: pair.cookie, csrfToken: pair.token },
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: Buffer.from(new URLSearchParams({ principal: username, password: password.reveal() }).toString()),
    },
    signal,
  );
  const cookie = answer.kind === "reply" ? cookieOf(answer.cookies, "sid") : undefined;
  if (!isGood(answer) || cookie === undefined) return { refused: refusalText(answer) };
  context.hide(cookie.slice(cookie.indexOf("=") + 1));
  context.cleanup.add(`the session of the account at ${node.name}`, (time) =>
    logOut(time.within(node), cookie),
  );
  return { cookie };
}

async function logOut(node: NodePort, cookie: string): Promise<void> {
  const answer = await node.ask({ method: "GET", path: "/c/log_out", as: { cookies: cookie } });
  if (answer.kind === "reply" && answer.status < 400) return;
  throw new Error(`it could not be ended (${refusalText(answer)}), and ends by itself`);
}

/** A refusal is asked about twice: it would name a fault. */
async function showSession(
  { clock }: ProbeContext,
  from: NodePort,
  to: NodePort,
  cookie: string,
  signal: AbortSignal,
): Promise<SessionCrossing> {
  const ask = () => to.ask({ method: "GET", path: CURRENT, as: { cookies: cookie } }, signal);
  let answer = await ask();
  if (!isGood(answer)) {
    await clock.sleep(AGAIN_AFTER_MS, signal);
    answer = await ask();
  }
  const username = isGood(answer) ? textFieldOf(jsonOf(answer), "username") : undefined;
  return { from: from.name, to: to.name, answer: answered(answer), username };
}
