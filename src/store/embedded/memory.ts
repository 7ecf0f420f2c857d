import type { MemoryStore, ProjectMemory, Rewind } from "../store.ts";
import { settle } from "./base.ts";
import { number, text, transaction, type Database, type Row } from "./database.ts";

export function createMemoryStore(database: Database): MemoryStore {
  const project = database.prepare("SELECT * FROM project_memory WHERE registry = ? AND project = ?");
  const keep = database.prepare(
    `INSERT OR REPLACE INTO project_memory (registry, project, id, created_at, newest, selection)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const rewinds = database.prepare("SELECT * FROM rewind WHERE registry = ? ORDER BY project");
  const add = database.prepare(
    "INSERT OR IGNORE INTO rewind (registry, project, since, reason) VALUES (?, ?, ?, ?)",
  );
  const accept = createAccept(database);
  return {
    project: (registry, name) =>
      settle(() => {
        const row = project.get(registry, name);
        return row === undefined ? undefined : toMemory(row);
      }),
    keepProject: (registry, name, { id, createdAt, newest, selection }) =>
      settle(() => void keep.run(registry, name, id, createdAt, newest.join(" "), selection)),
    rewinds: (registry) => settle(() => rewinds.all(registry).map(toRewind)),
    rewound: (rewind) =>
      settle(() => void add.run(rewind.registry, rewind.project, rewind.since, rewind.reason)),
    accept: (registry) => settle(() => accept(registry)),
  };
}

/**
 * What is remembered of the accepted side would find it rewound again with each reading: its push times and images belong to what is no longer.
 * So does what both agreed on. The history of the other side stays: by it an image that came back from the backup is known to be the older one.
 */
function createAccept(database: Database): (registry: string) => void {
  const forgotten = ["rewind", "project_memory", "audit_mark", "audit_fact"].map((table) =>
    database.prepare(`DELETE FROM ${table} WHERE registry = ?`),
  );
  const cooled = (["left", "right"] as const).flatMap((side) => {
    const pairs = `SELECT id FROM pair WHERE ${side}_name = ?`;
    return [
      database.prepare(`DELETE FROM warm WHERE pair IN (${pairs})`),
      database.prepare(`UPDATE settled SET print = '', turn = turn + 1 WHERE pair IN (${pairs})`),
      database.prepare(
        `UPDATE base SET digest = NULL, cold = 1, deleted_on = NULL, ${side}_at = NULL, ${side}_seen = ''
          WHERE pair IN (${pairs})`,
      ),
    ];
  });
  return (registry) => {
    transaction(database, () => {
      for (const statement of [...forgotten, ...cooled]) statement.run(registry);
    });
  };
}

function toMemory(row: Row): ProjectMemory {
  const newest = text(row, "newest");
  return {
    id: number(row, "id") ?? 0,
    createdAt: number(row, "created_at") ?? 0,
    newest: newest === "" ? [] : newest.split(" ").map(Number),
    selection: text(row, "selection"),
  };
}

function toRewind(row: Row): Rewind {
  return {
    registry: text(row, "registry"),
    project: text(row, "project"),
    since: number(row, "since") ?? 0,
    reason: text(row, "reason"),
  };
}
