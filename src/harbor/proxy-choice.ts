import { BlockList, isIP } from "node:net";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy to use for an address, as HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY say (lower case first); undefined for none.
 * NO_PROXY takes names (with all below them), `host:port`, addresses, networks (`10.0.0.0/8`) and `*`.
 */
export function proxyFor(address: URL, environment: Environment): URL | undefined {
  const scheme = address.protocol.slice(0, -1);
  const chosen = read(environment, `${scheme}_proxy`) ?? read(environment, "all_proxy");
  if (chosen === undefined || isExempt(address, read(environment, "no_proxy") ?? "")) return undefined;
  const text = chosen.includes("://") ? chosen : `http://${chosen}`;
  if (!URL.canParse(text)) return undefined;
  const proxy = new URL(text);
  return proxy.protocol === "http:" || proxy.protocol === "https:" ? proxy : undefined;
}

function read(environment: Environment, key: string): string | undefined {
  const value = environment[key] ?? environment[key.toUpperCase()];
  return value === undefined || value === "" ? undefined : value;
}

function isExempt(address: URL, list: string): boolean {
  const host = address.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = address.port === "" ? (address.protocol === "https:" ? "443" : "80") : address.port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => entry === "*" || covers(entry, host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  const network = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(entry);
  if (network !== null) return isInNetwork(host, network[1] ?? "", Number(network[2]));
  const named = /^(.*[^:]):(\d+)$/.exec(entry);
  if (named !== null && isIP(entry) === 0) return named[2] === port && covers(named[1] ?? "", host, port);
  const name = entry.replace(/^\*?\./, "").replace(/^\[|\]$/g, "");
  return host === name || host.endsWith(`.${name}`);
}

function isInNetwork(host: string, network: string, bits: number): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || bits > (family === 4 ? 32 : 128)) return false;
  const kind = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, bits, kind);
  return list.check(host, kind);
}
