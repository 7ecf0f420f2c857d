/** What happened in simulations, for the closing line. */
export interface Tally {
  /** Steps of the lives. */
  steps: number;
  /** What people did to content. */
  operations: number;
  /** Tidelocks that were killed. */
  crashes: number;
  /** Tags that people moved to another image. */
  moves: number;
  /** Tags and images that people deleted. */
  deletes: number;
  /** Answers and requests that were cut off. */
  cuts: number;
}

export function emptyTally(): Tally {
  return { steps: 0, operations: 0, crashes: 0, moves: 0, deletes: 0, cuts: 0 };
}

export function addTally(sum: Tally, more: Tally): void {
  sum.steps += more.steps;
  sum.operations += more.operations;
  sum.crashes += more.crashes;
  sum.moves += more.moves;
  sum.deletes += more.deletes;
  sum.cuts += more.cuts;
}
