import type { Outage, Reach } from "../../failback/outage.ts";
import type { Failures, Journal, LeaseStore, OutageStore, PassStore } from "../store.ts";
import { settle } from "./base.ts";
import { number, text, transaction, type Database, type Row } from "./database.ts";

const HOUR_MS = 3_600_000;
const OUTAGES_KEPT = 100;
const PASSES_KEPT = 50;

export function createOutageStore(database: Database): OutageStore {
  const reach = database.prepare("SELECT state FROM reach WHERE registry = ?");
  const saveReach = database.prepare("INSERT OR REPLACE INTO reach (registry, state) VALUES (?, ?)");
  const saveOutage = database.prepare(
    "INSERT OR REPLACE INTO outage (registry, from_at, to_at) VALUES (?, ?, ?)",
  );
  // Two who look at the same registry may open one that neither closes; it must not count as lasting for ever.
  const closeForgotten = database.prepare(
    "UPDATE outage SET to_at = ?1 WHERE registry = ?2 AND to_at IS NULL AND from_at <= ?1",
  );
  const outages = database.prepare("SELECT * FROM outage WHERE registry = ? ORDER BY from_at DESC LIMIT ?");
  return {
    reach: (registry) =>
      settle(() => {
        const row = reach.get(registry);
        return row === undefined ? undefined : toReach(text(row, "state"));
      }),
    saveReach: (registry, state, outage) =>
      settle(() =>
        transaction(database, () => {
          saveReach.run(registry, JSON.stringify(state));
          if (outage !== undefined) saveOutage.run(registry, outage.from, outage.to ?? null);
          if (state.up && state.lastGood !== undefined) closeForgotten.run(state.lastGood, registry);
        }),
      ),
    outages: (registry) => settle(() => outages.all(registry, OUTAGES_KEPT).map(toOutage).toReversed()),
  };
}

function toReach(json: string): Reach | undefined {
  const state: unknown = JSON.parse(json);
  if (typeof state !== "object" || state === null || !("up" in state) || !("contrary" in state))
    return undefined;
  const time = (name: string): number | undefined => {
    const value: unknown = Reflect.get(state, name);
    return typeof value === "number" ? value : undefined;
  };
  const lastGood = time("lastGood");
  const contrarySince = time("contrarySince");
  return {
    up: state.up === true,
    contrary: typeof state.contrary === "number" ? state.contrary : 0,
    ...(lastGood === undefined ? {} : { lastGood }),
    ...(contrarySince === undefined ? {} : { contrarySince }),
  };
}

function toOutage(row: Row): Outage {
  const to = number(row, "to_at");
  return { from: number(row, "from_at") ?? 0, ...(to === undefined ? {} : { to }) };
}

/** Results of a remedy that say nothing of whether its work can be done: not ended, no longer needed, not begun. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(["", "outdated", "withheld"]);
/** As many tries of one work are looked at. */
const TRIES_LOOKED_AT = 100;

export function createJournal(database: Database): Journal {
  const add = database.prepare(
    "INSERT INTO remedy (topology, from_name, to_name, at, kind, subject, work) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
  );
  const end = database.prepare("UPDATE remedy SET result = ?, reason = ? WHERE id = ?");
  const begun = database.prepare(
    "SELECT at FROM remedy WHERE topology = ? AND from_name = ? AND to_name = ? AND at > ?",
  );
  const tries = database.prepare(
    "SELECT at, result, reason FROM remedy WHERE topology = ? AND work = ? ORDER BY id DESC LIMIT ?",
  );
  return {
    record: ({ topology, from, to, at, kind, subject, work }) =>
      settle(() => number(add.get(topology, from, to, at, kind, subject, work) ?? {}, "id") ?? 0),
    ended: (id, { result, reason }) => settle(() => void end.run(result, reason ?? "", id)),
    begun: (topology, from, to, now) =>
      settle(() => begun.all(topology, from, to, now - HOUR_MS).map((row) => number(row, "at") ?? 0)),
    failures: (topology, work) => settle(() => failuresOf(tries.all(topology, work, TRIES_LOOKED_AT))),
  };
}

/** Of tries, newest first. */
function failuresOf(tries: readonly Row[]): Failures | undefined {
  const telling = tries.filter((row) => !SAYS_NOTHING.has(text(row, "result")));
  const success = telling.findIndex((row) => text(row, "result") === "arrived");
  const inARow = success === -1 ? telling.length : success;
  const [last] = telling;
  if (last === undefined || inARow === 0) return undefined;
  return { inARow, lastAt: number(last, "at") ?? 0, reason: text(last, "reason") };
}

export function createPassStore(database: Database): PassStore {
  const add = database.prepare("INSERT INTO pass (topology, at, report) VALUES (?, ?, ?)");
  const trim = database.prepare(
    `DELETE FROM pass WHERE topology = ?1 AND id <=
       (SELECT id FROM pass WHERE topology = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${PASSES_KEPT})`,
  );
  const latest = database.prepare("SELECT at, report FROM pass WHERE topology = ? ORDER BY id DESC LIMIT 1");
  return {
    save: (pass) =>
      settle(() =>
        transaction(database, () => {
          add.run(pass.topology, pass.at, JSON.stringify(pass.report));
          trim.run(pass.topology);
        }),
      ),
    latest: (topology) =>
      settle(() => {
        const row = latest.get(topology);
        if (row === undefined) return undefined;
        const report: unknown = JSON.parse(text(row, "report"));
        return { topology, at: number(row, "at") ?? 0, report };
      }),
  };
}

/** `isAlive` tells whether an owner on this machine still runs: a killed one must not keep others out until its lease ends. */
export function createLeaseStore(database: Database, isAlive: (owner: string) => boolean): LeaseStore {
  const find = database.prepare("SELECT owner, until FROM lease WHERE topology = ?");
  const put = database.prepare("INSERT OR REPLACE INTO lease (topology, owner, until) VALUES (?, ?, ?)");
  const drop = database.prepare("DELETE FROM lease WHERE topology = ? AND owner = ?");
  return {
    take: (topology, owner, now, forMs) =>
      settle(() => {
        let taken = false;
        transaction(database, () => {
          const row = find.get(topology);
          const holder = row === undefined ? undefined : text(row, "owner");
          const until = row === undefined ? 0 : (number(row, "until") ?? 0);
          taken = holder === undefined || holder === owner || until <= now || !isAlive(holder);
          if (taken) put.run(topology, owner, now + forMs);
        });
        return taken;
      }),
    release: (topology, owner) => settle(() => void drop.run(topology, owner)),
    holder: (topology) =>
      settle(() => {
        const row = find.get(topology);
        const owner = row === undefined ? "" : text(row, "owner");
        return row === undefined || !isAlive(owner) ? undefined : { owner, until: number(row, "until") ?? 0 };
      }),
  };
}
