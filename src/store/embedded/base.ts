import type { BaseEntry, Side } from "../../parity/model.ts";
import type { BaseStore, PairKey } from "../store.ts";
import { number, text, transaction, type Database, type Row, type Statement } from "./database.ts";
import { createSettled } from "./settled.ts";

export function createBaseStore(database: Database): BaseStore {
  const pairIds = createPairIds(database);
  const warm = database.prepare("SELECT 1 FROM warm WHERE pair = ? AND scope IN ('', ?, ?) LIMIT 1");
  const mark = database.prepare("INSERT OR IGNORE INTO warm (pair, scope) VALUES (?, ?)");
  const select = database.prepare("SELECT * FROM base WHERE pair = ? AND repository = ?");
  // Leaps from repository to repository, as a plain DISTINCT would read every entry.
  const names = database.prepare(
    `WITH RECURSIVE next (repository) AS (
       SELECT min(repository) FROM base WHERE pair = ?1 AND repository >= ?2 AND repository < ?3
       UNION ALL
       SELECT (SELECT min(base.repository) FROM base
                WHERE pair = ?1 AND base.repository > next.repository AND base.repository < ?3)
         FROM next WHERE next.repository IS NOT NULL)
     SELECT repository FROM next WHERE repository IS NOT NULL`,
  );
  const count = database.prepare("SELECT count(*) AS size FROM base WHERE pair = ?");
  // Leaps from project to project, as a plain DISTINCT would read every entry ("0" comes right after "/").
  const projects = database.prepare(
    `WITH RECURSIVE first (name) AS (
       SELECT min(repository) FROM base WHERE pair = ?1
       UNION ALL
       SELECT (SELECT min(repository) FROM base
                WHERE pair = ?1 AND repository >= substr(name, 1, instr(name, '/') - 1) || '0')
         FROM first WHERE name IS NOT NULL)
     SELECT substr(name, 1, instr(name, '/') - 1) AS project FROM first WHERE name IS NOT NULL`,
  );
  const put = database.prepare(
    `INSERT OR REPLACE INTO base (pair, repository, tag, digest, cold, deleted_on, left_at, right_at, left_apart, right_apart, left_seen, right_seen)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const forget = database.prepare("DELETE FROM base WHERE pair = ? AND repository = ? AND tag = ?");
  const settled = createSettled(database);

  return {
    open: (pair, fingerprint) => settle(() => pairIds.open(pair, fingerprint)),
    isWarm: (pair, repository) =>
      settle(() => warm.get(pairIds.of(pair), projectOf(repository), repository) !== undefined),
    markWarm: (pair, scopes) =>
      settle(() => {
        const id = pairIds.of(pair);
        transaction(database, () => scopes.forEach((scope) => mark.run(id, scope)));
      }),
    entries: (pair, repository) =>
      settle(
        () =>
          new Map(select.all(pairIds.of(pair), repository).map((row) => [text(row, "tag"), toEntry(row)])),
      ),
    size: (pair) => settle(() => number(count.get(pairIds.of(pair)) ?? {}, "size") ?? 0),
    projects: (pair) => settle(() => projects.all(pairIds.of(pair)).map((row) => text(row, "project"))),
    repositories: (pair, project) =>
      settle(() =>
        // The character after "/" bounds the range of everything below the project.
        names.all(pairIds.of(pair), `${project}/`, `${project}0`).map((row) => text(row, "repository")),
      ),
    write: (pair, changes, known) =>
      settle(() => {
        const id = pairIds.of(pair);
        transaction(database, () => {
          for (const { repository, tag, entry } of changes) {
            if (entry === undefined) forget.run(id, repository, tag);
            else putEntry(put, [id, repository, tag], entry);
          }
          settled.changed(id, changes, known);
        });
      }),
    settled: (pair, repository) => settle(() => settled.of(pairIds.of(pair), repository)),
  };
}

interface PairIds {
  open(pair: PairKey, fingerprint: string): void;
  of(pair: PairKey): number;
}

function createPairIds(database: Database): PairIds {
  const find = database.prepare(
    "SELECT id, fingerprint FROM pair WHERE topology = ? AND left_name = ? AND right_name = ?",
  );
  const add = database.prepare(
    "INSERT INTO pair (topology, left_name, right_name, fingerprint) VALUES (?, ?, ?, ?)",
  );
  const change = database.prepare("UPDATE pair SET fingerprint = ? WHERE id = ?");
  const cool = database.prepare("DELETE FROM warm WHERE pair = ?");
  const unsettle = database.prepare("UPDATE settled SET print = '', turn = turn + 1 WHERE pair = ?");
  const key = ({ topology, left, right }: PairKey): [string, string, string] => [topology, left, right];
  return {
    open(pair, fingerprint) {
      const row = find.get(...key(pair));
      if (row === undefined) {
        add.run(...key(pair), fingerprint);
        return;
      }
      if (text(row, "fingerprint") === fingerprint) return;
      const id = number(row, "id") ?? 0;
      transaction(database, () => {
        cool.run(id);
        unsettle.run(id);
        change.run(fingerprint, id);
      });
    },
    of(pair) {
      const row = find.get(...key(pair));
      const id = row === undefined ? undefined : number(row, "id");
      if (id === undefined) throw new RangeError(`the base of ${key(pair).join("/")} was not opened`);
      return id;
    },
  };
}

function putEntry(put: Statement, key: [number, string, string], entry: BaseEntry): void {
  put.run(
    ...key,
    entry.digest ?? null,
    entry.cold ? 1 : 0,
    entry.deletedOn ?? null,
    entry.pushedAt.left ?? null,
    entry.pushedAt.right ?? null,
    entry.apartAt?.left ?? null,
    entry.apartAt?.right ?? null,
    entry.seen.left.join(" "),
    entry.seen.right.join(" "),
  );
}

function toEntry(row: Row): BaseEntry {
  const digest = text(row, "digest");
  const deletedOn = text(row, "deleted_on");
  const apartAt = sides(row, "left_apart", "right_apart");
  return {
    ...(digest === "" ? {} : { digest }),
    cold: number(row, "cold") === 1,
    ...(deletedOn === "left" || deletedOn === "right" ? { deletedOn } : {}),
    pushedAt: sides(row, "left_at", "right_at"),
    ...(apartAt.left === undefined && apartAt.right === undefined ? {} : { apartAt }),
    seen: { left: words(text(row, "left_seen")), right: words(text(row, "right_seen")) },
  };
}

function sides(row: Row, leftColumn: string, rightColumn: string): Partial<Record<Side, number>> {
  const left = number(row, leftColumn);
  const right = number(row, rightColumn);
  return { ...(left === undefined ? {} : { left }), ...(right === undefined ? {} : { right }) };
}

function words(joined: string): string[] {
  return joined === "" ? [] : joined.split(" ");
}

function projectOf(repository: string): string {
  return repository.slice(0, repository.indexOf("/"));
}

/** The embedded driver is synchronous; the port is not, since other stores can't be. */
export function settle<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
