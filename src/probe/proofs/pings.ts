import type { Millis } from "../../clock.ts";
import type { EndpointPing, Evidence, Skipped } from "../../cluster/evidence.ts";
import type { NodePort } from "../../harbor/node-port.ts";
import { answered } from "../answered.ts";
import type { ProbeContext } from "../context.ts";
import { makeEndpoints, type OwnEndpoint } from "../make-endpoints.ts";
import { isThere } from "../own-objects.ts";

/** A node whose key is wrong logs in to its peer with nonsense, which takes seconds to be refused. */
const SLOW_MS = 30_000;

/**
 * Stores an endpoint through each node and lets all nodes ping it, its maker first: whoever can't, reads the secret with another key. One
 * after another and far apart, since a wrong password may lock an account. Only for nodes of one database: the endpoints are told by their
 * ids, and each node has to show ours under the id before it is asked. They stay for `proveExecutions`, until the probe is cleaned up.
 */
export async function provePings(
  context: ProbeContext,
  signal: AbortSignal,
): Promise<Pick<Evidence, "pings" | "skipped">> {
  if (context.nodes.length < 2)
    return { pings: [], skipped: [{ proof: "ping", nodes: [], reason: "there is no second node to ask" }] };
  const { endpoints, missing } = await makeEndpoints(context, signal);
  const skipped: Skipped[] = missing.map((one) => ({ proof: "ping", ...one }));
  const pings: EndpointPing[] = [];
  let lastAt: Millis | undefined;
  for (const { endpoint, node } of inOrder(context.nodes, endpoints)) {
    const asked = `${endpoint.name}, made by ${endpoint.madeBy.name}`;
    if (!(await isThere(node, endpoint, signal))) {
      const reason = `${node.name} shows another endpoint than ${asked}, or none, under its id`;
      skipped.push({ proof: "ping", nodes: [node.name], reason });
      continue;
    }
    await keepApart(context, lastAt, signal);
    context.tell(`lets ${node.name} ping the endpoint that ${endpoint.madeBy.name} stored`);
    pings.push(await ping(context, node, endpoint, signal));
    lastAt = context.clock.monotonic();
  }
  return { pings, skipped };
}

function inOrder(
  nodes: readonly NodePort[],
  endpoints: readonly OwnEndpoint[],
): { readonly endpoint: OwnEndpoint; readonly node: NodePort }[] {
  return endpoints.flatMap((endpoint) => {
    const others = nodes.filter((node) => node !== endpoint.madeBy);
    return [endpoint.madeBy, ...others].map((node) => ({ endpoint, node }));
  });
}

async function keepApart(
  { clock, limits }: ProbeContext,
  lastAt: Millis | undefined,
  signal: AbortSignal,
): Promise<void> {
  const rest = lastAt === undefined ? 0 : lastAt + limits.pingGapMs - clock.monotonic();
  if (rest > 0) await clock.sleep(rest, signal);
}

async function ping(
  { clock }: ProbeContext,
  node: NodePort,
  { id, madeBy }: OwnEndpoint,
  signal: AbortSignal,
): Promise<EndpointPing> {
  const at = clock.now();
  const answer = await node.ask(
    {
      method: "POST",
      path: "/api/v2.0/registries/ping",
      as: "account",
      headers: { "Content-Type": "application/json" },
      body: Buffer.from(JSON.stringify({ id })),
      timeoutMs: SLOW_MS,
    },
    signal,
  );
  return { madeBy: madeBy.name, askedOf: node.name, answer: answered(answer), at };
}
