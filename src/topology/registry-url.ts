/**
 * Scheme, host, port and path of an http or https address, without a trailing slash and with the scheme's own port left out,
 * as Harbor keeps it (goharbor/harbor src/lib/endpoint.go); undefined if it is no such address.
 */
export function normalUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  return url.origin + url.pathname.replace(/\/+$/, "");
}

/** Whether an address never leaves the machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
