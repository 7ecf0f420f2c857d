/** The description that says whose an object in a Harbor is. `installation` is a word without spaces or brackets. */
export function markOf(installation: string): string {
  return `Kept by Tidelock (installation ${installation}): change what is declared, not this.`;
}

/** The installation that an object belongs to; undefined if it is none of Tidelock's. */
export function ownedBy(description: string): string | undefined {
  return /^Kept by Tidelock \(installation ([^\s()]+)\):/.exec(description)?.[1];
}
