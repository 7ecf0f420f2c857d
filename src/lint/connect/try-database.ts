import { makeSecret } from "../../topology/secret.ts";
import type { DeclaredDatabase } from "../declared-databases.ts";
import type { DatabaseToTry } from "./database-to-try.ts";
import { at, type Complaint, type Finding } from "../finding.ts";
import { textAt } from "../harbor-file.ts";
import { shownHost } from "../secrecy.ts";
import { judgeState } from "./judge-schema.ts";
import { found, NOTHING, together, untested, type Tried } from "./outcome.ts";
import { enter, type DatabaseTarget, type Entry } from "./postgresql.ts";
import { readState } from "./schema.ts";

/** Has nothing of the right one in it: it may be logged by who checks it, and some look at the first characters alone. */
const WRONG_PASSWORD = "tidelock-lint-tries-a-wrong-password";

/** Enters a database with the declared values, looks at its state, and then knocks with a wrong password. */
export async function tryDatabase(one: DatabaseToTry): Promise<Tried> {
  const { file, declared } = one;
  const target = targetOf(declared);
  const what = `the database ${declared.name}`;
  if (target === undefined) return untested(what, "host, port, db_name and username are not all declared");
  const password = textAt(declared.values, "password") ?? "";
  const entry = await enter(target, makeSecret(password));
  const inside =
    entry.kind === "open" ? await lookInside(one, target, entry) : found(...refused(one, target, entry));
  if (entry.kind !== "open" && entry.kind !== "no-database") return inside;
  const wrong = await enter(target, makeSecret(WRONG_PASSWORD));
  if (wrong.kind === "open") await close(wrong);
  if (wrong.kind === "refused") return inside;
  if (wrong.kind === "open" || wrong.kind === "no-database")
    return together([inside, found(at(file, [...declared.path, "password"], OPEN))]);
  return together([
    inside,
    untested(`${what} with a wrong password`, "the second connection did not come about"),
  ]);
}

function targetOf({ values }: DeclaredDatabase): DatabaseTarget | undefined {
  const [host, port, database, user] = ["host", "port", "db_name", "username"].map((key) =>
    textAt(values, key),
  );
  if (host === undefined || database === undefined || user === undefined) return undefined;
  const number = Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) return undefined;
  return { host, port: number, database, user, sslMode: textAt(values, "ssl_mode") ?? "disable" };
}

async function lookInside(
  one: DatabaseToTry,
  { database }: DatabaseTarget,
  entry: Entry & { kind: "open" },
): Promise<Tried> {
  try {
    if (one.declared.name !== "harbor") return NOTHING;
    const state = await readState(entry.client);
    if (typeof state === "string") return untested(`the schema in the database ${database}`, state);
    return found(...judgeState(one, state));
  } finally {
    await close(entry);
  }
}

async function close({ client }: Entry & { kind: "open" }): Promise<void> {
  await client.end().catch(() => undefined);
}

const OPEN: Complaint = {
  code: "database-open",
  sentence: "is not even asked for: PostgreSQL let a wrong one in from this machine",
  advice: "in pg_hba.conf replace trust by scram-sha-256 for Harbor's addresses, and reload",
};

function refused({ file, declared }: DatabaseToTry, target: DatabaseTarget, entry: Entry): Finding[] {
  const complain = (key: string, complaint: Complaint): Finding[] => [
    at(file, [...declared.path, key], complaint),
  ];
  const { port, database, user, sslMode } = target;
  const host = shownHost(target.host);
  if (entry.kind === "refused")
    return complain("password", {
      code: "database-login",
      sentence: `is refused for ${user} by ${host}:${port}, or no rule there lets that user in from this machine`,
      advice: "set the password again (ALTER ROLE), and look at pg_hba.conf",
    });
  if (entry.kind === "no-database")
    return complain("db_name", {
      code: "database-missing",
      sentence: `is ${database}, which ${host}:${port} does not have`,
      advice: `create it (CREATE DATABASE, owner ${user}); Harbor fills it when it starts`,
    });
  if (entry.kind === "no-tls")
    return complain("ssl_mode", {
      code: "database-no-tls",
      sentence: `is ${sslMode}, but ${host}:${port} offers no TLS`,
      advice: "switch ssl on in postgresql.conf, with a certificate",
    });
  if (entry.kind === "untrusted")
    return complain("ssl_mode", {
      code: "database-certificate",
      sentence: `is ${sslMode}, and this machine does not trust the certificate of ${host}:${port}`,
      advice: "let Node know the authority (NODE_EXTRA_CA_CERTS) and try again; Harbor needs it too",
    });
  const reason = entry.kind === "unreachable" ? entry.reason : "";
  return complain("host", {
    code: "database-unreachable",
    sentence: `can't be reached from this machine at ${host}:${port}: ${reason}`,
    advice: "look at address, port, listen_addresses and firewalls; try it on a node",
  });
}
