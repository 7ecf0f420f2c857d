import type { Rescue, RescueStore } from "../store.ts";
import { settle } from "./base.ts";
import { number, text, type Database, type Row } from "./database.ts";

export function createRescueStore(database: Database): RescueStore {
  const add = database.prepare(
    `INSERT INTO rescue (topology, registry, repository, rescue_tag, tag, digest, at, reason, displaced)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (registry, repository, rescue_tag)
     DO UPDATE SET at = excluded.at, reason = excluded.reason, displaced = excluded.displaced`,
  );
  const of = database.prepare(
    "SELECT * FROM rescue WHERE topology = ? ORDER BY repository, rescue_tag, registry",
  );
  const remove = database.prepare(
    "DELETE FROM rescue WHERE registry = ? AND repository = ? AND rescue_tag = ?",
  );
  return {
    add: (r) =>
      settle(
        () =>
          void add.run(
            r.topology,
            r.registry,
            r.repository,
            r.rescueTag,
            r.tag,
            r.digest,
            r.at,
            r.reason,
            r.displaced === true ? 1 : 0,
          ),
      ),
    of: (topology) => settle(() => of.all(topology).map(toRescue)),
    remove: (r) => settle(() => void remove.run(r.registry, r.repository, r.rescueTag)),
  };
}

function toRescue(row: Row): Rescue {
  return {
    topology: text(row, "topology"),
    registry: text(row, "registry"),
    repository: text(row, "repository"),
    tag: text(row, "tag"),
    digest: text(row, "digest"),
    rescueTag: text(row, "rescue_tag"),
    at: number(row, "at") ?? 0,
    reason: text(row, "reason"),
    ...(number(row, "displaced") === 1 ? { displaced: true } : {}),
  };
}
