import { toAppError } from "../errors.ts";
import type { Instant } from "../clock.ts";
import { factsOf } from "../failback/audit-entries.ts";
import { whereItWas, whyItIsGone, type MarkVerdict } from "../failback/audit-mark.ts";
import { READ, unavailable, type AuditState } from "../failback/audit-state.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { AuditMark, AuditStore } from "../store/store.ts";
import type { AuditEntry } from "./model.ts";

/** What is read of a log that was never read before: its newest entries about what was created or deleted. */
const FIRST_READ = 20_000;
/** What is read of it in one pass later on. */
const READ_AT_ONCE = 20_000;
/** Entries are written beside each other, so that one may appear after a younger one: these are read again. */
const OVERLAP = 32;
/** The mark is not moved only to say that it was read. */
const READ_AT_GRAIN_MS = 10 * 60_000;

export interface AuditTail {
  readonly state: AuditState;
  /** It goes on without a gap from where it was last read. */
  readonly continues: boolean;
  /** Why the whole registry is taken to be older than it was, as half a sentence. */
  readonly rewound?: string;
  /** What was read before says nothing any more, with the reason; told once. */
  readonly forgot?: string;
}

export interface TailSource {
  readonly port: HarborPort;
  readonly audit: AuditStore;
  /** By that registry's clock. */
  readonly now: Instant;
  /** To anybody else an empty log may mean that we may not see it. */
  readonly administrator: boolean;
  /** Begins no log, nor anew: one that does not go on stays as it is, for a later reading to meet the same, to conclude from it and to tell. */
  readonly leavesGaps?: boolean;
}

/**
 * Reads what an audit log says since it was last read, keeps what is about content, and tells whether it can be taken as evidence. One request where
 * nothing is new. Never rejects but when it is told to stop: a log that can't be read is no evidence, and nothing worse.
 */
export async function tailAudit(source: TailSource, signal: AbortSignal): Promise<AuditTail> {
  try {
    const mark = await source.audit.mark(nameOf(source));
    return mark === undefined ? await readFirst(source, signal) : await readOn(source, mark, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    return unread(reasonOf(toAppError(thrown)));
  }
}

const BEGUN: AuditTail = { state: READ, continues: false };
/** Nobody knows more of it than of one that was only begun. */
const LEFT: AuditTail = BEGUN;

function unread(reason: string): AuditTail {
  return { state: unavailable(reason), continues: false };
}

function reasonOf({ code, message }: { code: string; message: string }): string {
  if (code === "HARBOR_NOT_FOUND") return "is not there";
  if (code === "HARBOR_FORBIDDEN") return "may not be read by our account";
  return `could not be read: ${message}`;
}

async function readFirst(source: TailSource, signal: AbortSignal): Promise<AuditTail> {
  if (source.leavesGaps === true) return LEFT;
  const rows = await source.port.latestAudit(FIRST_READ, signal);
  const newest = rows[0];
  if (newest === undefined) return source.administrator ? BEGUN : unread(HIDDEN);
  await keep(source, newest, rows, source.now);
  return BEGUN;
}

const HIDDEN = "shows nothing to our account (a robot needs audit-log:list)";

async function readOn(source: TailSource, mark: AuditMark, signal: AbortSignal): Promise<AuditTail> {
  const query = { afterId: mark.lastId - OVERLAP, limit: READ_AT_ONCE + OVERLAP, changesOnly: true };
  const rows = await source.port.audit({ ...query, afterId: Math.max(0, query.afterId) }, signal);
  const seen = whereItWas(mark, rows);
  if (seen?.kind === "continues") return await keepNew(source, mark, rows);
  if (await wasUpgraded(source, mark, signal)) {
    if (source.leavesGaps === true) return LEFT;
    await source.audit.restart(nameOf(source));
    return await readFirst(source, signal);
  }
  if (seen !== undefined) return await conclude(source, mark, rows, seen);
  const newestId = rows.at(-1)?.id ?? (await source.port.latestAudit(1, signal))[0]?.id;
  if (newestId === undefined && !source.administrator) return unread(HIDDEN);
  const purgedBefore = await source.port.auditPurgedBefore(signal);
  return await conclude(source, mark, rows, whyItIsGone(mark, newestId, purgedBefore));
}

/** From 2.13 on a log of new entries begins at 1; the old one stays where it was (goharbor/harbor src/controller/event/handler/auditlog/auditlog.go:66). */
async function wasUpgraded({ port }: TailSource, mark: AuditMark, signal: AbortSignal): Promise<boolean> {
  const { extendedAudit } = await port.capabilities(signal);
  if (!extendedAudit) return false;
  const [old] = await port.audit({ afterId: mark.lastId - 1, limit: 1, frozen: true }, signal);
  return old?.id === mark.lastId && old.at === mark.lastAt;
}

async function conclude(
  source: TailSource,
  mark: AuditMark,
  rows: readonly AuditEntry[],
  verdict: MarkVerdict,
): Promise<AuditTail> {
  switch (verdict.kind) {
    case "continues":
      return await keepNew(source, mark, rows);
    case "gap": {
      if (source.leavesGaps === true) return LEFT;
      await source.audit.restart(nameOf(source));
      const newest = rows.at(-1);
      if (newest !== undefined) await keep(source, newest, rows, source.now);
      return { ...BEGUN, forgot: "has a gap: entries were removed from it before they were read" };
    }
    case "rewound":
      return { ...unread("is older than it was"), rewound: verdict.reason };
    case "unclear":
      return unread(`can't be relied on: ${verdict.reason}`);
  }
}

/** Past the mark only: what stands before it was kept already, but for a few that came late. */
async function keepNew(source: TailSource, mark: AuditMark, rows: readonly AuditEntry[]): Promise<AuditTail> {
  const behind = rows.length >= READ_AT_ONCE + OVERLAP;
  const newest = rows.at(-1);
  const hasNews = newest !== undefined && newest.id > mark.lastId;
  const isStale = source.now - (mark.readAt ?? 0) > READ_AT_GRAIN_MS;
  if (hasNews || (isStale && !behind)) {
    const last = hasNews ? newest : { id: mark.lastId, at: mark.lastAt };
    await keep(source, last, hasNews ? rows : [], behind ? mark.readAt : source.now);
  }
  return behind ? unread("is longer than what was read of it so far") : { state: READ, continues: true };
}

async function keep(
  source: TailSource,
  { id, at }: Pick<AuditEntry, "id" | "at">,
  rows: readonly AuditEntry[],
  readAt: Instant | undefined,
): Promise<void> {
  const mark = { lastId: id, lastAt: at, ...(readAt === undefined ? {} : { readAt }) };
  await source.audit.append(nameOf(source), mark, factsOf(rows));
}

function nameOf({ port }: TailSource): string {
  return port.registry.name;
}
