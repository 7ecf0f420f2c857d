import { AppError } from "../../errors.ts";

export type Value = string | number | null | Uint8Array;
export type Row = Readonly<Record<string, unknown>>;

export interface Statement {
  run(...values: Value[]): unknown;
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
}

/** The part of SQLite that we use: the same in Node (from 22.13 on) and in the package that stands in for it before. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface Driver {
  readonly DatabaseSync: new (path: string) => Database;
}

/** Node 22 has it too, but warns on every start that it is experimental. */
const NODE_WITH_QUIET_SQLITE = 24;

/** Opens or creates a database file; `:memory:` keeps nothing. Throws what the driver throws. */
export async function openDatabase(path: string): Promise<Database> {
  driver ??= loadDriver();
  const { DatabaseSync } = await driver;
  return new DatabaseSync(path);
}

let driver: Promise<Driver> | undefined;

async function loadDriver(): Promise<Driver> {
  const major = Number(process.versions.node.split(".")[0]);
  const candidates = ["node:sqlite", "@photostructure/sqlite"];
  const ordered = major >= NODE_WITH_QUIET_SQLITE ? candidates : candidates.toReversed();
  for (const name of ordered) {
    const found: unknown = await import(name).catch(() => undefined);
    if (isDriver(found)) return found;
  }
  throw new AppError("STORE_UNUSABLE", "opening the store failed: this Node has no SQLite", {
    hint: "use Node 24 or later, or install Tidelock with its optional dependencies",
  });
}

function isDriver(module: unknown): module is Driver {
  return typeof module === "object" && module !== null && "DatabaseSync" in module;
}

/** Runs `work` as one transaction: all of it or nothing. `temporary` where only temporary tables are written: then nobody else has to wait. */
export function transaction(database: Database, work: () => void, temporary?: "temporary"): void {
  database.exec(temporary === undefined ? "BEGIN IMMEDIATE" : "BEGIN");
  try {
    work();
    database.exec("COMMIT");
  } catch (thrown) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
    throw thrown;
  }
}

export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}

export function number(row: Row, column: string): number | undefined {
  const value = row[column];
  return typeof value === "number" ? value : undefined;
}
