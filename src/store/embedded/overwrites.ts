import type { Overwrite, OverwriteStore } from "../store.ts";
import { settle } from "./base.ts";
import { number, text, type Database, type Row } from "./database.ts";

export function createOverwriteStore(database: Database): OverwriteStore {
  const begin = database.prepare(
    "INSERT INTO overwrite (topology, registry, repository, tags, held, since) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
  );
  const end = database.prepare("DELETE FROM overwrite WHERE id = ?");
  const of = database.prepare("SELECT * FROM overwrite WHERE topology = ? ORDER BY id");
  return {
    begin: ({ topology, registry, repository, tags, before, since }) =>
      settle(() => {
        const held = JSON.stringify([...before].map(([digest, names]) => [digest, ...names]));
        const row = begin.get(topology, registry, repository, JSON.stringify(tags), held, since);
        return row === undefined ? 0 : (number(row, "id") ?? 0);
      }),
    end: (id) => settle(() => void end.run(id)),
    of: (topology) => settle(() => of.all(topology).map(toOverwrite)),
  };
}

function toOverwrite(row: Row): Overwrite & { readonly id: number } {
  const held = JSON.parse(text(row, "held")) as [string, ...string[]][];
  return {
    id: number(row, "id") ?? 0,
    topology: text(row, "topology"),
    registry: text(row, "registry"),
    repository: text(row, "repository"),
    tags: JSON.parse(text(row, "tags")) as Overwrite["tags"],
    before: new Map(held.map(([digest, ...names]) => [digest, new Set(names)])),
    since: number(row, "since") ?? 0,
  };
}
