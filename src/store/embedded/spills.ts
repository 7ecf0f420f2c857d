import type { Spill, SpillStore } from "../store.ts";
import { settle } from "./base.ts";
import { number, transaction, type Database } from "./database.ts";

/** A temporary table: SQLite keeps it in a file of its own without a name, which no one else sees and which goes with the process. */
export function createSpills(database: Database): SpillStore {
  let opened = 0;
  return {
    open: () =>
      settle(() => {
        if (opened === 0) {
          database.exec(
            "CREATE TEMP TABLE IF NOT EXISTS spilled (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, name TEXT NOT NULL, bytes BLOB NOT NULL)",
          );
          database.exec("CREATE INDEX IF NOT EXISTS temp.spilled_by_name ON spilled (owner, name)");
        }
        opened += 1;
        return createSpill(database, opened);
      }),
  };
}

function createSpill(database: Database, owner: number): Spill {
  const put = database.prepare("INSERT INTO temp.spilled (owner, name, bytes) VALUES (?, ?, ?)");
  const get = database.prepare("SELECT id, bytes FROM temp.spilled WHERE owner = ? AND name = ? ORDER BY id");
  const drop = database.prepare("DELETE FROM temp.spilled WHERE owner = ?");
  return {
    put: (parts) =>
      settle(() =>
        transaction(
          database,
          () => {
            for (const { name, bytes } of parts) put.run(owner, name, bytes);
          },
          "temporary",
        ),
      ),
    get: (name) =>
      settle(() =>
        get.all(owner, name).flatMap((row) => {
          const bytes = row["bytes"];
          return bytes instanceof Uint8Array && number(row, "id") !== undefined ? [bytes] : [];
        }),
      ),
    drop: () => settle(() => void drop.run(owner)),
  };
}
