import type { BaseChange, Settled, SettledRepository } from "../store.ts";
import { number, text, type Database } from "./database.ts";

/** What repositories were settled as; see `BaseStore.settled`. `pair` is the number of a pair. */
export interface SettledRows {
  of(pair: number, repository: string): Settled;
  /** To be called in the transaction that writes the changes. */
  changed(pair: number, changes: readonly BaseChange[], settled: SettledRepository | undefined): void;
}

export function createSettled(database: Database): SettledRows {
  const find = database.prepare("SELECT print, turn FROM settled WHERE pair = ? AND repository = ?");
  const unsettle = database.prepare(
    `INSERT INTO settled (pair, repository, print, turn) VALUES (?1, ?2, '', 1)
     ON CONFLICT (pair, repository) DO UPDATE SET print = '', turn = turn + 1`,
  );
  const put = database.prepare(
    `INSERT INTO settled (pair, repository, print, turn) VALUES (?1, ?2, ?3, 0)
     ON CONFLICT (pair, repository) DO UPDATE SET print = ?3`,
  );
  const of = (pair: number, repository: string): Settled => {
    const row = find.get(pair, repository) ?? {};
    return { print: text(row, "print"), turn: number(row, "turn") ?? 0 };
  };
  return {
    of,
    changed: (pair, changes, settled) => {
      const isOurs = settled !== undefined && of(pair, settled.repository).turn === settled.turn;
      for (const repository of new Set(changes.map((change) => change.repository))) {
        unsettle.run(pair, repository);
      }
      if (isOurs) put.run(pair, settled.repository, settled.print);
    },
  };
}
