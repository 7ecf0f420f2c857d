/** Keys of queries whose values are harmless and help to understand a failure. */
const SHOWN = new Set([
  "page",
  "page_size",
  "q",
  "sort",
  "name",
  "project_name",
  "policy_id",
  "reference",
  "reference_id",
  "with_tag",
  "with_accessory",
  "service",
  "scope",
  "n",
  "last",
  "digest",
  "mount",
  "from",
]);
/** A shorter secret would turn up by chance in every other word. */
const SHORTEST_SECRET = 4;

/** An address that may be printed: no user info, no fragment, values of unknown query keys as `…`. */
export function redactedUrl(address: string): string {
  if (!URL.canParse(address)) return "(not a URL)";
  const url = new URL(address);
  const query = [...url.searchParams]
    .map(([key, value]) => `${key}=${SHOWN.has(key) ? value : "…"}`)
    .join("&");
  return `${url.protocol}//${url.host}${url.pathname}${query === "" ? "" : `?${query}`}`;
}

/** One line of at most `length` characters in which none of the secrets is left. */
export function printable(text: string, secrets: readonly string[], length = 300): string {
  const masked = [...secrets]
    .sort((a, b) => b.length - a.length)
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .reduce((rest, secret) => rest.replaceAll(secret, "***"), text)
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return masked.length > length ? `${masked.slice(0, length)}…` : masked;
}
