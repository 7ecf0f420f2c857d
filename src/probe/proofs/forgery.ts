import type { Evidence, ForgeryCrossing, Skipped } from "../../cluster/evidence.ts";
import type { NodePort } from "../../harbor/node-port.ts";
import { answered } from "../answered.ts";
import type { ProbeContext } from "../context.ts";
import { refusalText } from "../own-objects.ts";
import { AS_BROWSER, forgeryPair, type ForgeryPair } from "./forgery-pair.ts";

/**
 * Shows each node the token against forged requests of each. The request is a write in form only: it names no account, so that a node that
 * takes the token says 401 after it, on every release and whoever we are; one that does not says 403 before it looks at anything else.
 */
export async function proveForgery(
  context: ProbeContext,
  signal: AbortSignal,
): Promise<Pick<Evidence, "forgery" | "skipped">> {
  const forgery: ForgeryCrossing[] = [];
  const skipped: Skipped[] = [];
  for (const from of context.nodes) {
    const pair = await forgeryPair(context, from, signal);
    if ("missing" in pair) {
      const reason = `${from.name} gave out no token against forged requests: ${refusalText(pair.missing)}`;
      skipped.push({ proof: "forgery", nodes: [from.name], reason });
      continue;
    }
    for (const to of context.nodes) {
      forgery.push(await showPair(from, to, pair, signal));
    }
  }
  return { forgery, skipped };
}

async function showPair(
  from: NodePort,
  to: NodePort,
  { token, cookie }: ForgeryPair,
  signal: AbortSignal,
): Promise<ForgeryCrossing> {
  const answer = await to.ask(
    {
      method: "POST",
      path: "/api/v2.0/registries/ping",
      as: { cookies: `${AS_BROWSER}; ${cookie}`, csrfToken: token },
      headers: { "Content-Type": "application/json" },
      body: Buffer.from("{}"),
    },
    signal,
  );
  const seen = answered(answer);
  const refusedAsForged = seen.status === 403 && /csrf token/i.test(seen.text);
  return { from: from.name, to: to.name, answer: seen, refusedAsForged };
}
