import type { NodeAnswer, NodePort } from "../harbor/node-port.ts";
import { ownPath } from "./own-path.ts";

const MOST_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * GET of a path of a node. A redirect is followed as clients do: to object storage without anything that proves who we are, which is how
 * registries serve blobs from there; what leads back to the same place is asked at the node's own address.
 */
export async function readFollowing(
  node: NodePort,
  path: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<NodeAnswer> {
  let answer = await node.ask({ method: "GET", path, as: "account", headers }, signal);
  for (let hops = 0; hops < MOST_REDIRECTS; hops += 1) {
    const target = redirectOf(answer);
    if (target === undefined) return answer;
    const isOwn = !URL.canParse(target) || new URL(target).origin === new URL(node.url).origin;
    const own = isOwn ? ownPath(target, node) : undefined;
    answer =
      own === undefined
        ? await node.elsewhere(target, signal)
        : await node.ask({ method: "GET", path: own, as: "account", headers }, signal);
  }
  return answer;
}

function redirectOf(answer: NodeAnswer): string | undefined {
  return answer.kind === "reply" && REDIRECTS.has(answer.status) ? answer.headers["location"] : undefined;
}
