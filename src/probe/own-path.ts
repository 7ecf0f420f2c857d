import type { NodePort } from "../harbor/node-port.ts";

/**
 * Path and query of an address that a node gave out, to be asked at the node's own address: neither a password nor a request goes where
 * an answer points to. A path that the node's own address begins with is left out. Undefined for what is no address.
 */
export function ownPath(location: string | undefined, node: Pick<NodePort, "url">): string | undefined {
  if (location === undefined || !URL.canParse(location, node.url)) return undefined;
  const { pathname, search } = new URL(location, node.url);
  const base = new URL(node.url).pathname.replace(/\/+$/, "");
  const rest = base !== "" && pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
  return rest + search;
}

export function withQuery(path: string, more: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}${more}`;
}
