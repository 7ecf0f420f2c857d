import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError, toAppError } from "../../errors.ts";
import type { BaseEntry } from "../../parity/model.ts";
import type { Settled, Store } from "../store.ts";
import { createBaseStore } from "./base.ts";
import { openDatabase, type Database } from "./database.ts";
import { createGaps } from "./gaps.ts";
import { createLeaseStore } from "./evidence.ts";
import { createSpills } from "./spills.ts";
import { knownVersion, migrate } from "./migrations.ts";
import { toleranceOf, tolerantStores } from "./tolerant.ts";

export interface StoreOptions {
  /** A file; made with its folders when missing. */
  readonly path: string;
  readonly isAlive: (owner: string) => boolean;
  /** Told once, in a sentence, when evidence can't be kept. */
  readonly warn: (sentence: string, hint: string) => void;
}

/**
 * Opens the store. One that is corrupt, newer or can't be written is left as it is, and an empty one in memory takes its place for
 * this run: every base is cold then, nothing is lost, and people are told.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  try {
    const database = await openFile(options.path);
    return toStore(database, options, undefined);
  } catch (thrown) {
    const error = toStoreError(thrown, options.path);
    options.warn(error.message, error.hint ?? "");
    const database = await openDatabase(IN_MEMORY);
    migrate(database, "memory");
    return toStore(database, options, error.message);
  }
}

const IN_MEMORY = ":memory:";

/** Of a turn that never comes, so that nothing is settled after it. */
const UNSETTLED: Settled = { print: "", turn: -1 };

async function openFile(path: string): Promise<Database> {
  if (path !== IN_MEMORY) await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const database = await openDatabase(path);
  try {
    database.exec("PRAGMA busy_timeout = 5000");
    knownVersion(database, path);
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    migrate(database, path);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function toStore(database: Database, options: StoreOptions, impairment: string | undefined): Store {
  let impaired = impairment;
  const told = (thrown: unknown): void => {
    const error = toStoreError(thrown, options.path);
    if (impaired === undefined) options.warn(error.message, error.hint ?? "");
    impaired ??= error.message;
  };
  const base = createBaseStore(database);
  const gaps = createGaps();
  const leases = createLeaseStore(database, options.isAlive);
  const tolerance = toleranceOf(told);
  const { write: forgiving, read: otherwise } = tolerance;
  return {
    place: options.path,
    get impaired() {
      return impaired;
    },
    ...tolerantStores(database, tolerance),
    base: {
      open: (pair, fingerprint) => {
        gaps.forget(pair);
        return forgiving(base.open(pair, fingerprint).catch(gaps.notOpened(pair)));
      },
      isWarm: (pair, repository) =>
        gaps.unread(pair, repository)
          ? Promise.resolve(false)
          : otherwise(base.isWarm(pair, repository), false),
      entries: (pair, repository) =>
        otherwise(
          base.entries(pair, repository).catch(gaps.notRead(pair, repository)),
          new Map<string, BaseEntry>(),
        ),
      size: (pair) => otherwise(base.size(pair), 0),
      projects: (pair) => otherwise(base.projects(pair), []),
      repositories: (pair, project) => otherwise(base.repositories(pair, project), []),
      markWarm: (pair, scopes) =>
        gaps.any(pair) ? Promise.resolve() : forgiving(base.markWarm(pair, scopes)),
      write: (pair, changes, settled) =>
        forgiving(
          base.write(pair, changes, gaps.any(pair) ? undefined : settled).catch(gaps.notWritten(pair)),
        ),
      settled: (pair, repository) =>
        gaps.unopened(pair)
          ? Promise.resolve(UNSETTLED)
          : otherwise(base.settled(pair, repository), UNSETTLED),
    },
    spills: createSpills(database),
    leases: {
      holder: (topology) => otherwise(leases.holder(topology), undefined),
      take: (...lease) => otherwise(leases.take(...lease), true),
      release: (...lease) => forgiving(leases.release(...lease)),
    },
    close: () =>
      new Promise((resolve) => {
        settleIntoOneFile(database);
        database.close();
        resolve();
      }),
  };
}

/**
 * Brings what stands in the write-ahead log into the file itself, so that a copy of that file is a copy of the store. The package that stands in
 * for Node's SQLite leaves it in the log on closing. What can't be brought in now is found in the log next time.
 */
function settleIntoOneFile(database: Database): void {
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // A full disk was told when it was met.
  }
}

function toStoreError(thrown: unknown, path: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const reason = toAppError(thrown).message;
  return new AppError("STORE_UNUSABLE", `using the store ${path} failed: ${reason}`, {
    cause: thrown,
    hint: "free some disk, or move the file away to begin a new one; until then every base is cold, which is safe",
  });
}
