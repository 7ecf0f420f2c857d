import type { Client } from "pg";
import { codeOf, whyUnreachable } from "./why-unreachable.ts";

/** What a database says of itself. */
export interface DatabaseState {
  readonly isReadOnly: boolean;
  readonly maxConnections: number;
  /** Undefined where the table of migrations lacks, or is empty. */
  readonly schema: { readonly version: number; readonly isDirty: boolean } | undefined;
}

const NO_TABLE = "42P01";

/** Asks by SELECT and SHOW alone. A string says why it could not be asked. */
export async function readState(client: Client): Promise<DatabaseState | string> {
  try {
    const readOnly = await firstRow(client, "show transaction_read_only");
    const most = await firstRow(client, "show max_connections");
    return {
      isReadOnly: readOnly?.["transaction_read_only"] === "on",
      maxConnections: Number(most?.["max_connections"]),
      schema: await readSchema(client),
    };
  } catch (thrown) {
    return whyUnreachable(thrown);
  }
}

/** The row that Harbor's migrations keep (goharbor/harbor src/migration; its version counts as the names in make/migrations/postgresql do). */
async function readSchema(client: Client): Promise<DatabaseState["schema"]> {
  try {
    const row = await firstRow(
      client,
      "select version::text as version, dirty from schema_migrations limit 1",
    );
    return row === undefined
      ? undefined
      : { version: Number(row["version"]), isDirty: row["dirty"] === true };
  } catch (thrown) {
    if (codeOf(thrown) === NO_TABLE) return undefined;
    throw thrown;
  }
}

async function firstRow(
  client: Client,
  text: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { rows } = await client.query<Readonly<Record<string, unknown>>>(text);
  return rows[0];
}
