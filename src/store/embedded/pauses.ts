import type { PauseStore } from "../store.ts";
import { settle } from "./base.ts";
import { number, type Database } from "./database.ts";

export function createPauseStore(database: Database): PauseStore {
  const of = database.prepare(
    "SELECT from_at, until_at FROM pause WHERE name = ?1 AND (until_at IS NULL OR until_at > ?2)",
  );
  const begin = database.prepare("INSERT OR REPLACE INTO pause (name, from_at, until_at) VALUES (?, ?, ?)");
  const end = database.prepare("DELETE FROM pause WHERE name = ?");
  return {
    of: (name, now) =>
      settle(() => {
        const row = of.get(name, now);
        if (row === undefined) return undefined;
        const until = number(row, "until_at");
        return { name, from: number(row, "from_at") ?? 0, ...(until === undefined ? {} : { until }) };
      }),
    begin: ({ name, from, until }) => settle(() => void begin.run(name, from, until ?? null)),
    end: (name) => settle(() => void end.run(name)),
  };
}
