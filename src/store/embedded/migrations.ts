import { AppError } from "../../errors.ts";
import { number, transaction, type Database } from "./database.ts";

/** Each entry brings the store from its index to the next version. Never edited once released; only appended to. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE pair (
    id INTEGER PRIMARY KEY,
    topology TEXT NOT NULL, left_name TEXT NOT NULL, right_name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    UNIQUE (topology, left_name, right_name)
  );
  CREATE TABLE warm (pair INTEGER NOT NULL, scope TEXT NOT NULL, PRIMARY KEY (pair, scope)) WITHOUT ROWID;
  CREATE TABLE base (
    pair INTEGER NOT NULL, repository TEXT NOT NULL, tag TEXT NOT NULL,
    digest TEXT, cold INTEGER NOT NULL, deleted_on TEXT, left_at INTEGER, right_at INTEGER,
    left_seen TEXT NOT NULL, right_seen TEXT NOT NULL,
    PRIMARY KEY (pair, repository, tag)
  ) WITHOUT ROWID;
  CREATE TABLE reach (registry TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE outage (
    registry TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER,
    PRIMARY KEY (registry, from_at)
  ) WITHOUT ROWID;
  CREATE TABLE remedy (
    id INTEGER PRIMARY KEY, topology TEXT NOT NULL, from_name TEXT NOT NULL, to_name TEXT NOT NULL,
    at INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL
  );
  CREATE INDEX remedy_by_flow ON remedy (topology, from_name, to_name, at);
  CREATE TABLE pass (id INTEGER PRIMARY KEY, topology TEXT NOT NULL, at INTEGER NOT NULL, report TEXT NOT NULL);
  CREATE INDEX pass_by_topology ON pass (topology, id);
  CREATE TABLE lease (topology TEXT PRIMARY KEY, owner TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  ALTER TABLE remedy ADD COLUMN work TEXT NOT NULL DEFAULT '';
  ALTER TABLE remedy ADD COLUMN result TEXT NOT NULL DEFAULT '';
  ALTER TABLE remedy ADD COLUMN reason TEXT NOT NULL DEFAULT '';
  CREATE INDEX remedy_by_work ON remedy (topology, work, id);
  CREATE TABLE audit_mark (
    registry TEXT PRIMARY KEY, last_id INTEGER NOT NULL, last_at INTEGER NOT NULL, read_at INTEGER
  ) WITHOUT ROWID;
  CREATE TABLE audit_fact (
    registry TEXT NOT NULL, repository TEXT NOT NULL, id INTEGER NOT NULL, at INTEGER NOT NULL,
    act TEXT NOT NULL, tag TEXT, digest TEXT, username TEXT NOT NULL,
    PRIMARY KEY (registry, repository, id)
  ) WITHOUT ROWID;
  CREATE TABLE project_memory (
    registry TEXT NOT NULL, project TEXT NOT NULL, id INTEGER NOT NULL, created_at INTEGER NOT NULL,
    newest TEXT NOT NULL, selection TEXT NOT NULL,
    PRIMARY KEY (registry, project)
  ) WITHOUT ROWID;
  CREATE TABLE rewind (
    registry TEXT NOT NULL, project TEXT NOT NULL, since INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (registry, project)
  ) WITHOUT ROWID;
  CREATE TABLE decision (
    topology TEXT NOT NULL, left_name TEXT NOT NULL, right_name TEXT NOT NULL,
    repository TEXT NOT NULL, tag TEXT NOT NULL, choice TEXT NOT NULL, at INTEGER NOT NULL,
    left_digest TEXT, right_digest TEXT,
    PRIMARY KEY (topology, left_name, right_name, repository, tag)
  ) WITHOUT ROWID;
  CREATE TABLE pause (name TEXT PRIMARY KEY, from_at INTEGER NOT NULL, until_at INTEGER) WITHOUT ROWID;
  CREATE TABLE incident (
    id INTEGER PRIMARY KEY, topology TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
    opened_at INTEGER NOT NULL, closed_at INTEGER
  );
  CREATE INDEX incident_open ON incident (topology) WHERE closed_at IS NULL;
  CREATE TABLE incident_entry (
    id INTEGER PRIMARY KEY, incident INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL
  );
  CREATE INDEX incident_entries ON incident_entry (incident, id);
  CREATE TABLE rescue (
    topology TEXT NOT NULL, registry TEXT NOT NULL, repository TEXT NOT NULL, rescue_tag TEXT NOT NULL,
    tag TEXT NOT NULL, digest TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (registry, repository, rescue_tag)
  ) WITHOUT ROWID;
  `,
  `ALTER TABLE rescue ADD COLUMN displaced INTEGER NOT NULL DEFAULT 0;`,
  `
  CREATE TABLE overwrite (
    id INTEGER PRIMARY KEY, topology TEXT NOT NULL, registry TEXT NOT NULL, repository TEXT NOT NULL,
    tags TEXT NOT NULL, held TEXT NOT NULL, since INTEGER NOT NULL
  );
  `,
  `
  CREATE TABLE settled (
    pair INTEGER NOT NULL, repository TEXT NOT NULL, print TEXT NOT NULL, turn INTEGER NOT NULL,
    PRIMARY KEY (pair, repository)
  ) WITHOUT ROWID;
  `,
  `
  ALTER TABLE base ADD COLUMN left_apart INTEGER;
  ALTER TABLE base ADD COLUMN right_apart INTEGER;
  `,
];

/** Brings a store to the present version. Throws `STORE_NEWER` when a newer Tidelock wrote it; then nothing is touched. */
export function migrate(database: Database, place: string): void {
  const version = knownVersion(database, place);
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < version) continue;
    transaction(database, () => {
      // Another process may have begun with the same store at the same moment.
      if (versionOf(database) > index) return;
      database.exec(sql);
      database.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
}

/** The version of a store; throws `STORE_NEWER` for one that a newer Tidelock wrote. Only reads. */
export function knownVersion(database: Database, place: string): number {
  const version = versionOf(database);
  if (version > MIGRATIONS.length) {
    throw new AppError("STORE_NEWER", `reading the store ${place} failed: a newer Tidelock wrote it`, {
      hint: "use that newer version, or name another file under settings.store",
    });
  }
  return version;
}

function versionOf(database: Database): number {
  const row = database.prepare("PRAGMA user_version").get();
  return row === undefined ? 0 : (number(row, "user_version") ?? 0);
}
