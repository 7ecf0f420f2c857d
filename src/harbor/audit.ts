import type { AuditEntry, Capabilities } from "../observed/model.ts";
import type { Answer } from "./answer.ts";
import type { Api } from "./api.ts";
import type { Dialect } from "./capabilities.ts";
import type { components } from "./generated/harbor.ts";
import type { AuditQuery } from "./port.ts";
import { PAGE_SIZE, totalOf, type PageQuery } from "./page.ts";
import { listOf, type WireObject } from "./wire-object.ts";

type Schemas = components["schemas"];
type Signal = AbortSignal | undefined;
type Ask = (query: PageQuery) => Promise<Answer>;

/** `sort` and `q` of a listing know these; there may be a thousand pulls to each of them. */
const CHANGES = "operation={create delete}";

/** The oldest entries beyond `afterId`, ascending. From 2.13 on the old address is frozen (goharbor/harbor src/controller/event/handler/auditlog/auditlog.go:66). */
export async function listAudit(
  api: Api,
  able: Capabilities,
  dialect: Dialect,
  query: AuditQuery,
  signal: Signal,
): Promise<AuditEntry[]> {
  const ask = asking(api, able.extendedAudit && query.frozen !== true, signal);
  return dialect.sortedListings ? await oldestFirst(ask, query) : await fromLastPages(ask, query);
}

/** The newest entries about what was created or deleted, newest first. */
export async function latestAudit(
  api: Api,
  able: Capabilities,
  dialect: Dialect,
  limit: number,
  signal: Signal,
): Promise<AuditEntry[]> {
  const ask = asking(api, able.extendedAudit, signal);
  const found = new Map<number, AuditEntry>();
  const page_size = Math.min(limit, PAGE_SIZE);
  let lowest: number | undefined;
  for (let page = 1; found.size < limit; page += 1) {
    const answer = await ask(
      dialect.sortedListings
        ? { page: 1, page_size, sort: "-id", q: `${CHANGES}${beneath(lowest)}` }
        : // Newest first by themselves; what comes meanwhile pushes rows further back, so that some are read twice and none is missed.
          { page, page_size, q: CHANGES },
    );
    const rows = decode(answer.json());
    for (const row of rows) found.set(row.id, row);
    lowest = Math.min(...found.keys());
    if (rows.length < page_size) break;
  }
  return [...found.values()].sort((a, b) => b.id - a.id).slice(0, limit);
}

function beneath(lowest: number | undefined): string {
  return lowest === undefined ? "" : `,id=[~${lowest - 1}]`;
}

function asking(api: Api, extended: boolean, signal: Signal): Ask {
  const path = extended ? "/auditlog-exts" : "/audit-logs";
  return (page) => api.call("get", path, { doing: "reading the audit log", query: page, signal });
}

async function oldestFirst(ask: Ask, query: AuditQuery): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  const page_size = Math.min(query.limit, PAGE_SIZE);
  let last = query.afterId;
  while (found.length < query.limit) {
    const answer = await ask({ page: 1, page_size, sort: "id", q: beyond(query, last) });
    const rows = decode(answer.json()).filter((row) => row.id > last);
    found.push(...rows);
    last = rows.at(-1)?.id ?? last;
    if (rows.length < page_size) break;
  }
  return found.slice(0, query.limit);
}

/**
 * Before 2.3 the newest come first and can't be told otherwise, and none is removed (logs are purged from 2.6 on): the oldest are on the last pages.
 * These are read forwards until one is short. What comes meanwhile pushes rows further back, so that some are read twice and none is missed.
 */
async function fromLastPages(ask: Ask, query: AuditQuery): Promise<AuditEntry[]> {
  const q = beyond(query, query.afterId);
  const first = await ask({ page: 1, page_size: PAGE_SIZE, q });
  const newer = Math.max(0, (totalOf(first) ?? 0) - query.limit);
  const found = new Map<number, AuditEntry>();
  for (let page = Math.floor(newer / PAGE_SIZE) + 1; ; page += 1) {
    const answer = page === 1 ? first : await ask({ page, page_size: PAGE_SIZE, q });
    const rows = decode(answer.json());
    for (const row of rows) found.set(row.id, row);
    if (rows.length < PAGE_SIZE) break;
  }
  return [...found.values()].sort((a, b) => a.id - b.id).slice(0, query.limit);
}

function beyond({ changesOnly }: AuditQuery, last: number): string {
  const q = `id=[${last + 1}~]`;
  return changesOnly === true ? `${CHANGES},${q}` : q;
}

function decode(wire: unknown): AuditEntry[] {
  return listOf<Schemas["AuditLogExt"]>(wire, "audit").map(decodeEntry);
}

function decodeEntry(wire: WireObject<Schemas["AuditLogExt"]>): AuditEntry {
  return {
    id: wire.id("id"),
    username: wire.text("username"),
    operation: wire.text("operation"),
    resource: wire.text("resource"),
    resourceType: wire.text("resource_type"),
    at: wire.instant("op_time") ?? 0,
    description: wire.text("operation_description"),
  };
}
