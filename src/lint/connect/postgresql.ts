import type { Client } from "pg";
import type { Secret } from "../../topology/model.ts";
import { codeOf, isAboutCertificate, PATIENCE_MS, whyUnreachable } from "./why-unreachable.ts";

/** Where a database is, and as whom to enter. */
export interface DatabaseTarget {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly sslMode: string;
}

export type Entry =
  /** To be closed with `client.end()`. */
  | { readonly kind: "open"; readonly client: Client }
  /** User and password were refused, or no rule of pg_hba.conf lets this user in from here. */
  | { readonly kind: "refused" }
  /** User and password were accepted; the database is not there. */
  | { readonly kind: "no-database" }
  | { readonly kind: "no-tls" }
  | { readonly kind: "untrusted" }
  | { readonly kind: "unreachable"; readonly reason: string };

const REFUSED: ReadonlySet<string> = new Set(["28P01", "28000"]);
const NO_DATABASE = "3D000";

/** Opens a connection as Harbor would, and nothing else; ends within twice the patience whatever the server does. */
export async function enter(target: DatabaseTarget, password: Secret): Promise<Entry> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    database: target.database,
    user: target.user,
    // As a function, since of an empty text the library would look into the environment and ~/.pgpass.
    password: () => password.reveal(),
    ssl: tlsOf(target.sslMode),
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
    application_name: "tidelock lint",
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return { kind: "open", client };
  } catch (thrown) {
    await client.end().catch(() => undefined);
    return refusal(thrown);
  }
}

function refusal(thrown: unknown): Entry {
  const code = codeOf(thrown);
  if (REFUSED.has(code)) return { kind: "refused" };
  if (code === NO_DATABASE) return { kind: "no-database" };
  if (thrown instanceof Error && /does not support SSL/i.test(thrown.message)) return { kind: "no-tls" };
  if (isAboutCertificate(thrown)) return { kind: "untrusted" };
  return { kind: "unreachable", reason: whyUnreachable(thrown) };
}

/** What libpq means by its modes: `require` encrypts and asks for no name, `verify-ca` trusts an authority, `verify-full` the name too. */
function tlsOf(mode: string): false | { rejectUnauthorized: boolean; checkServerIdentity?: () => undefined } {
  if (mode === "require") return { rejectUnauthorized: false };
  if (mode === "verify-ca") return { rejectUnauthorized: true, checkServerIdentity: () => undefined };
  return mode === "verify-full" ? { rejectUnauthorized: true } : false;
}
