/**
 * Stands in the description of a replication policy while we have it switched off. It is written together with the switching, so that
 * whoever comes after a crash, even without our store, knows that it was us and switches it on again.
 */
const SWITCHED_OFF = " [switched off by Tidelock for a moment]";

export function withNote(description: string): string {
  return withoutNote(description) + SWITCHED_OFF;
}

export function withoutNote(description: string): string {
  return carriesNote({ description }) ? description.slice(0, -SWITCHED_OFF.length) : description;
}

/** Whether it was us who switched a policy off, and did not come to switch it on. */
export function carriesNote({ description }: { readonly description: string }): boolean {
  return description.endsWith(SWITCHED_OFF);
}
