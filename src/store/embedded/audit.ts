import type { AuditFact } from "../../failback/audit-fact.ts";
import type { AuditStore } from "../store.ts";
import { settle } from "./base.ts";
import { number, text, transaction, type Database, type Row } from "./database.ts";

/** Facts are kept for so long before the newest, by that registry's clock. */
const KEPT_MS = 90 * 86_400_000;

const ACTS = [
  "push",
  "create-tag",
  "delete-tag",
  "delete-artifact",
  "delete-repository",
  "create-project",
  "delete-project",
] as const;

export function createAuditStore(database: Database): AuditStore {
  const mark = database.prepare("SELECT * FROM audit_mark WHERE registry = ?");
  const move = database.prepare(
    "INSERT OR REPLACE INTO audit_mark (registry, last_id, last_at, read_at) VALUES (?, ?, ?, ?)",
  );
  const add = database.prepare(
    `INSERT OR REPLACE INTO audit_fact (registry, repository, id, at, act, tag, digest, username)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const trim = database.prepare(
    `DELETE FROM audit_fact WHERE registry = ?1
        AND at < (SELECT max(at) FROM audit_fact WHERE registry = ?1) - ${KEPT_MS}`,
  );
  const facts = database.prepare(
    "SELECT * FROM audit_fact WHERE registry = ? AND repository = ? ORDER BY id",
  );
  const changed = database.prepare(
    "SELECT DISTINCT repository FROM audit_fact WHERE registry = ? AND at >= ? AND instr(repository, '/') > 0 ORDER BY repository",
  );
  const forgetMark = database.prepare("DELETE FROM audit_mark WHERE registry = ?");
  const forgetFacts = database.prepare("DELETE FROM audit_fact WHERE registry = ?");
  return {
    mark: (registry) =>
      settle(() => {
        const row = mark.get(registry);
        if (row === undefined) return undefined;
        const readAt = number(row, "read_at");
        return {
          lastId: number(row, "last_id") ?? 0,
          lastAt: number(row, "last_at") ?? 0,
          ...(readAt === undefined ? {} : { readAt }),
        };
      }),
    append: (registry, { lastId, lastAt, readAt }, more) =>
      settle(() =>
        transaction(database, () => {
          for (const { id, at, act, repository, tag, digest, username } of more) {
            add.run(registry, repository, id, at, act, tag ?? null, digest ?? null, username);
          }
          move.run(registry, lastId, lastAt, readAt ?? null);
          if (more.length > 0) trim.run(registry);
        }),
      ),
    facts: (registry, repository) => settle(() => facts.all(registry, repository).flatMap(toFact)),
    changedSince: (registry, at) =>
      settle(() => changed.all(registry, at).map((row) => text(row, "repository"))),
    restart: (registry) =>
      settle(() =>
        transaction(database, () => {
          forgetMark.run(registry);
          forgetFacts.run(registry);
        }),
      ),
  };
}

function toFact(row: Row): AuditFact[] {
  const act = ACTS.find((one) => one === row["act"]);
  if (act === undefined) return [];
  const tag = text(row, "tag");
  const digest = text(row, "digest");
  return [
    {
      id: number(row, "id") ?? 0,
      at: number(row, "at") ?? 0,
      act,
      repository: text(row, "repository"),
      ...(tag === "" ? {} : { tag }),
      ...(digest === "" ? {} : { digest }),
      username: text(row, "username"),
    },
  ];
}
