import type { Incident, IncidentEntry, IncidentStore } from "../store.ts";
import { settle } from "./base.ts";
import { number, text, transaction, type Database, type Row } from "./database.ts";

const KINDS = ["outage", "gap", "fault"] as const;
const ENTRY_KINDS = ["opened", "evidence", "remedy", "proof", "closed"] as const;

export function createIncidentStore(database: Database): IncidentStore {
  const find = database.prepare(
    "SELECT id FROM incident WHERE topology = ? AND kind = ? AND subject = ? AND closed_at IS NULL",
  );
  const open = database.prepare(
    "INSERT INTO incident (topology, kind, subject, opened_at) VALUES (?, ?, ?, ?) RETURNING id",
  );
  // An incident that could not be opened has the number 0, and gets no entries.
  const add = database.prepare(
    `INSERT INTO incident_entry (incident, at, kind, text)
     SELECT id, ?2, ?3, ?4 FROM incident WHERE id = ?1`,
  );
  const close = database.prepare("UPDATE incident SET closed_at = ? WHERE id = ? AND closed_at IS NULL");
  const list = database.prepare("SELECT * FROM incident ORDER BY opened_at DESC, id DESC LIMIT ?");
  const openOf = database.prepare(
    "SELECT * FROM incident WHERE topology = ? AND closed_at IS NULL ORDER BY id",
  );
  const get = database.prepare("SELECT * FROM incident WHERE id = ?");
  const entries = database.prepare("SELECT * FROM incident_entry WHERE incident = ? ORDER BY id");
  return {
    open: ({ topology, kind, subject, openedAt }) =>
      settle(() => {
        let id = 0;
        transaction(database, () => {
          const known =
            find.get(topology, kind, subject) ?? open.get(topology, kind, subject, openedAt) ?? {};
          id = number(known, "id") ?? 0;
        });
        return id;
      }),
    add: (id, entry) => settle(() => void add.run(id, entry.at, entry.kind, entry.text)),
    close: (id, at) => settle(() => void close.run(at, id)),
    list: (limit) => settle(() => list.all(limit).map(toIncident)),
    openOf: (topology) => settle(() => openOf.all(topology).map(toIncident)),
    get: (id) =>
      settle(() => {
        const row = get.get(id);
        if (row === undefined) return undefined;
        return { incident: toIncident(row), entries: entries.all(id).flatMap(toEntry) };
      }),
  };
}

function toIncident(row: Row): Incident {
  const closedAt = number(row, "closed_at");
  return {
    id: number(row, "id") ?? 0,
    topology: text(row, "topology"),
    kind: KINDS.find((one) => one === row["kind"]) ?? "gap",
    subject: text(row, "subject"),
    openedAt: number(row, "opened_at") ?? 0,
    ...(closedAt === undefined ? {} : { closedAt }),
  };
}

function toEntry(row: Row): IncidentEntry[] {
  const kind = ENTRY_KINDS.find((one) => one === row["kind"]);
  return kind === undefined ? [] : [{ at: number(row, "at") ?? 0, kind, text: text(row, "text") }];
}
