import type { PairKey } from "../store.ts";

/** What the store could not tell or keep of a pair since it was opened last. */
export interface Gaps {
  forget(pair: PairKey): void;
  any(pair: PairKey): boolean;
  unread(pair: PairKey, repository: string): boolean;
  /** Notes it, and throws on. */
  notRead(pair: PairKey, repository: string): (thrown: unknown) => never;
  notWritten(pair: PairKey): (thrown: unknown) => never;
}

/**
 * A repository whose entries could not be read is not one without entries: it is cold. A pair of which something could not be written
 * does not become warm: what was met in disagreement would count as new.
 */
export function createGaps(): Gaps {
  const gaps = new Map<string, Set<string>>();
  const note = (pair: PairKey, repository: string, thrown: unknown): never => {
    gaps.set(keyOf(pair), (gaps.get(keyOf(pair)) ?? new Set()).add(repository));
    throw thrown;
  };
  return {
    forget: (pair) => void gaps.delete(keyOf(pair)),
    any: (pair) => gaps.has(keyOf(pair)),
    unread: (pair, repository) => gaps.get(keyOf(pair))?.has(repository) === true,
    notRead: (pair, repository) => (thrown) => note(pair, repository, thrown),
    notWritten: (pair) => (thrown) => note(pair, "", thrown),
  };
}

function keyOf({ topology, left, right }: PairKey): string {
  return [topology, left, right].join("/");
}
