const HIDDEN = "***";
/** A shorter text would turn up by chance in every other word. */
const SHORTEST = 4;

/** Replaces the secrets in every text of a plain value that nobody else has seen yet, in its place. */
export function maskSecrets(value: unknown, secrets: Iterable<string>): void {
  const longestFirst = [...secrets]
    .filter(({ length }) => length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  maskIn(value, longestFirst);
}

function maskIn(value: unknown, secrets: readonly string[]): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry === "string") {
      const safe = secrets.reduce((text, secret) => text.replaceAll(secret, HIDDEN), entry);
      if (safe !== entry) Reflect.set(value, key, safe);
    } else maskIn(entry, secrets);
  }
}
