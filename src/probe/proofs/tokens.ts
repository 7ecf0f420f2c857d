import type { Millis } from "../../clock.ts";
import type { Skipped, TokenUse } from "../../cluster/evidence.ts";
import type { NodeAnswer, NodePort } from "../../harbor/node-port.ts";
import { answered, isGood } from "../answered.ts";
import { fetchBearer, type Bearer } from "../bearer.ts";
import type { ProbeContext, Proven } from "../context.ts";

/** A token and when, by our clock that never goes back, its node was asked for it. */
interface Held {
  readonly node: NodePort;
  readonly bearer: Bearer;
  readonly at: Millis;
}

const SECOND = 1000;
const AGAIN_AFTER_MS = 400;

type Using = Pick<ProbeContext, "nodes" | "clock" | "project" | "label" | "limits" | "hide">;

/**
 * A bearer token of each node shown to each, itself included. One that was refused only since it begins to count later, by the clock of who
 * refused it, is shown again until it counts: Harbor gives no leeway there.
 */
export async function proveTokens(context: Using, signal: AbortSignal): Promise<Proven<TokenUse>> {
  const { nodes, clock, project, label } = context;
  const scope = `repository:${project}/${label}-token:pull`;
  const skipped: Skipped[] = [];
  const held = await Promise.all(
    nodes.map(async (node): Promise<Held[]> => {
      const { answer, bearer } = await fetchBearer(node, scope, signal);
      if (bearer !== undefined) {
        context.hide(bearer.text);
        return [{ node, bearer, at: clock.monotonic() }];
      }
      skipped.push({ proof: "token", nodes: [node.name], reason: noToken(node, answer) });
      return [];
    }),
  );
  const tokens = held.flat();
  const crossings = tokens.flatMap((from) => nodes.map((to) => ({ from, to, own: ofNode(tokens, to) })));
  const rows = await Promise.all(crossings.map((crossing) => useToken(context, crossing, signal)));
  return { rows, skipped };
}

async function useToken(
  { clock, limits }: Using,
  { from, to, own }: { readonly from: Held; readonly to: NodePort; readonly own: Held | undefined },
  signal: AbortSignal,
): Promise<TokenUse> {
  const { text, keyId, issuedAt, notBefore } = from.bearer;
  const show = (): Promise<NodeAnswer> =>
    to.ask({ method: "GET", path: "/v2/", as: { bearer: text } }, signal);
  const started = clock.monotonic();
  let answer = await show();
  let acceptedAfterMs: Millis | undefined;
  const waitMs = own === undefined ? 0 : untilItCounts(from, own, started);
  if (answered(answer).status === 401 && waitMs > 0 && waitMs <= limits.giveUpMs) {
    // The claims are whole seconds, so that the last one may be needed as well.
    const until = started + waitMs + SECOND;
    while (acceptedAfterMs === undefined && clock.monotonic() < until) {
      await clock.sleep(AGAIN_AFTER_MS, signal);
      const again = await show();
      if (isGood(again)) acceptedAfterMs = Math.round(clock.monotonic() - started);
      else answer = again;
    }
  }
  return {
    from: from.node.name,
    to: to.name,
    keyId,
    issuedAt,
    notBefore,
    answer: answered(answer),
    acceptedAfterMs,
  };
}

/** Milliseconds until `own`'s node, by the clock that it wrote into its own token, takes the other token; not above 0: it should by now. */
function untilItCounts(from: Held, own: Held, now: Millis): Millis {
  if (from.node === own.node || from.bearer.notBefore === undefined || own.bearer.issuedAt === undefined)
    return 0;
  return (from.bearer.notBefore - own.bearer.issuedAt) * SECOND - (now - own.at);
}

function ofNode(tokens: readonly Held[], node: NodePort): Held | undefined {
  return tokens.find((held) => held.node === node);
}

function noToken(node: NodePort, answer: NodeAnswer): string {
  const { status, text } = answered(answer);
  return `${node.name} gave out no token (${[status, text].filter((part) => part !== "" && part !== 0).join(", ")})`;
}
