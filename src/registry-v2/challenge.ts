/** What a registry asks for with 401: `Bearer realm="…",service="…"`. */
export interface Challenge {
  readonly realm: string;
  readonly service: string;
}

/** Parses `WWW-Authenticate`; undefined for anything but a Bearer challenge with a realm. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  if (header === undefined || !/^bearer\s/i.test(header)) return undefined;
  const values = new Map(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [(match[1] ?? "").toLowerCase(), match[2] ?? ""]),
  );
  const realm = values.get("realm") ?? "";
  return URL.canParse(realm) ? { realm, service: values.get("service") ?? "" } : undefined;
}
