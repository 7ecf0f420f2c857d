import type { DeclaredDatabase } from "../declared-databases.ts";
import type { HarborFile } from "../harbor-file.ts";

/** One declared database, and how many nodes declare it. */
export interface DatabaseToTry {
  readonly file: HarborFile;
  readonly declared: DeclaredDatabase;
  readonly nodes: number;
}
