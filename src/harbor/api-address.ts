export type PathValues = Readonly<Record<string, string | number>>;
export type QueryValues = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Fills `{name}` in a path. A repository's name is percent-encoded twice, as Harbor undoes it twice
 * (goharbor/harbor src/lib/encode/repository), the rest once.
 */
export function pathWith(template: string, values: PathValues): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = encodeURIComponent(String(values[name] ?? ""));
    return name === "repository_name" ? encodeURIComponent(value) : value;
  });
}

/** `?a=1&b=2`, or nothing. Undefined values are left out; spaces are `%20`, since Harbor decodes `q` twice and `+` would not survive. */
export function queryOf(values: QueryValues): string {
  const parts = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`],
  );
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
