import { AppError } from "../../src/errors.ts";
import type { AskAs, NodeAnswer, NodePort, NodeRequest } from "../../src/harbor/node-port.ts";
import type { SandboxCluster } from "../../src/sandbox/cluster.ts";
import type { Delivery } from "../../src/sandbox/delivery.ts";
import type { SandboxWorld } from "../../src/sandbox/world.ts";
import type { Account } from "../../src/topology/model.ts";

const EMPTY = Buffer.alloc(0);

/** A way to a sandbox that costs nothing but what the sandbox does: no HTTP client in between. For thousands of rounds. */
function directNode(world: SandboxWorld, name: string, url: string, account: Account): NodePort {
  let asked = 0;
  const basic = `Basic ${Buffer.from(`${account.username}:${account.password.reveal()}`).toString("base64")}`;
  const send = async (address: string, request: Omit<NodeRequest, "path">): Promise<NodeAnswer> => {
    asked += 1;
    const { pathname, search, origin, host } = new URL(address);
    const sentAt = world.clock.now();
    const headers: Record<string, string> = {
      accept: "application/json",
      host,
      ...provenBy(request.as, basic),
    };
    for (const [key, value] of Object.entries(request.headers ?? {})) headers[key.toLowerCase()] = value;
    const delivery = world.listenerAt(origin)?.receive({
      method: request.method,
      path: pathname,
      query: search.slice(1),
      headers,
      body: request.body === undefined ? EMPTY : Buffer.from(request.body),
    });
    const answer = answerOf(delivery, request.method);
    if (delivery?.kind === "answer" && delivery.delayMs > 0) await world.clock.sleep(delivery.delayMs);
    return { ...answer, sentAt, tookMs: world.clock.now() - sentAt };
  };
  return {
    name,
    url,
    ask: async (request, signal) => {
      if (signal?.aborted === true) throw new AppError("CANCELLED", "stopped");
      return await send(url + request.path, request);
    },
    elsewhere: (address) => send(address, { method: "GET", as: "nobody" }),
    requestCount: () => asked,
    close: () => undefined,
  };
}

type Bare = NodeAnswer extends infer Answer
  ? Answer extends NodeAnswer
    ? Omit<Answer, "sentAt" | "tookMs">
    : never
  : never;

function answerOf(delivery: Delivery | undefined, method: string): Bare {
  if (delivery === undefined || delivery.kind === "refused") {
    return { kind: "silence", why: "refused", text: "the connection was refused" };
  }
  if (delivery.kind === "hang") return { kind: "silence", why: "timeout", text: "no answer in time" };
  if (delivery.response === undefined) return { kind: "silence", why: "reset", text: "the connection broke" };
  const { status, headers, body } = delivery.response;
  const isCut = delivery.kind === "reset";
  return {
    kind: "reply",
    status,
    headers,
    cookies: headers["set-cookie"]?.split("\n") ?? [],
    body: method === "HEAD" ? EMPTY : isCut ? body.subarray(0, delivery.afterBytes) : body,
    cut: isCut,
  };
}

function provenBy(as: AskAs, basic: string): Record<string, string> {
  if (as === "nobody") return {};
  if (as === "account") return { authorization: basic };
  if ("bearer" in as) return { authorization: `Bearer ${as.bearer}` };
  return {
    cookie: as.cookies,
    ...(as.csrfToken === undefined ? {} : { "x-harbor-csrf-token": as.csrfToken }),
    ...(as.withAccount === true ? { authorization: basic } : {}),
  };
}

/** Direct ways to each node of a cluster, and to its front. */
export function directNodes(
  world: SandboxWorld,
  cluster: SandboxCluster,
  account: Account,
): { readonly nodes: NodePort[]; readonly front: NodePort } {
  return {
    nodes: cluster.nodes.map(({ name, url }) => directNode(world, name, url, account)),
    front: directNode(world, "front", cluster.front.url, account),
  };
}
