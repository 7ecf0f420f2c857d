import type { PairKey } from "../store.ts";

/** What the store could not tell or keep of a pair since it was opened last. */
export interface Gaps {
  forget(pair: PairKey): void;
  any(pair: PairKey): boolean;
  /** All of it, when the pair could not be opened: what stands in the store is of what was declared before. */
  unread(pair: PairKey, repository: string): boolean;
  unopened(pair: PairKey): boolean;
  /** Notes it, and throws on. */
  notOpened(pair: PairKey): (thrown: unknown) => never;
  notRead(pair: PairKey, repository: string): (thrown: unknown) => never;
  notWritten(pair: PairKey): (thrown: unknown) => never;
}

/** In place of a repository, which always has a project before it. */
const ALL = "**";
const SOMETHING = "";

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
  const has = (pair: PairKey, what: string): boolean => gaps.get(keyOf(pair))?.has(what) === true;
  return {
    forget: (pair) => void gaps.delete(keyOf(pair)),
    any: (pair) => gaps.has(keyOf(pair)),
    unread: (pair, repository) => has(pair, ALL) || has(pair, repository),
    unopened: (pair) => has(pair, ALL),
    notOpened: (pair) => (thrown) => note(pair, ALL, thrown),
    notRead: (pair, repository) => (thrown) => note(pair, repository, thrown),
    notWritten: (pair) => (thrown) => note(pair, SOMETHING, thrown),
  };
}

function keyOf({ topology, left, right }: PairKey): string {
  return [topology, left, right].join("/");
}
