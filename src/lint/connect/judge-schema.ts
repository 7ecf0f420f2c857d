import { at, type Complaint, type Finding } from "../finding.ts";
import { textAt } from "../harbor-file.ts";
import { declaredVersion, firstSchemaOf, releaseName, releaseOfSchema } from "../harbor-version.ts";
import type { DatabaseState } from "./schema.ts";
import type { DatabaseToTry } from "./database-to-try.ts";

/** What the state of Harbor's database means for the nodes that are to use it. */
export function judgeState(one: DatabaseToTry, state: DatabaseState): Finding[] {
  const { file, declared } = one;
  const complain = (key: string, complaint: Complaint): Finding =>
    at(file, [...declared.path, key], complaint);
  return [
    ...(state.isReadOnly ? [complain("host", READ_ONLY)] : []),
    ...ofSchema(one, state).map((complaint) => complain("db_name", complaint)),
    ...ofConnections(one, state).map((complaint) => complain("max_open_conns", complaint)),
  ];
}

const READ_ONLY: Complaint = {
  code: "database-read-only",
  sentence: "leads to a standby, or to a server that takes no writes; Harbor does not even start there",
  advice: "name the primary, or an address that follows it",
};

const NO_SCHEMA: Complaint = {
  code: "schema-missing",
  sentence: "names a database that holds no schema of Harbor",
  advice:
    "for a new Harbor start one node alone and let it fill the database; otherwise restore the dump, or name the right one",
};

function ofSchema({ file }: DatabaseToTry, { schema }: DatabaseState): Complaint[] {
  if (schema === undefined) return [NO_SCHEMA];
  const { version, isDirty } = schema;
  const dirty: Complaint = {
    code: "schema-dirty",
    sentence: `names a database whose migration to schema ${version} broke off; Harbor refuses to start`,
    advice: "restore the backup made before the upgrade, or end the migration by hand",
  };
  const declared = declaredVersion(file.values);
  if (declared.kind !== "harbor-2") return isDirty ? [dirty] : [];
  // The installer of 2.1 still writes 2.0.0.
  const newest = declared.minor === 0 ? 1 : declared.minor;
  const release = releaseOfSchema(version);
  const where = `schema ${version}${release < 0 ? ", of Harbor 1" : `, of Harbor ${releaseName(release)}`}`;
  const older: Complaint = {
    code: "schema-old",
    sentence: `names a database with ${where}, older than the file's _version ${declared.text}`,
    advice: "take a backup, stop all nodes, and start one alone: it migrates the schema",
  };
  const newer: Complaint = {
    code: "schema-new",
    sentence: `names a database with ${where}, newer than the file's _version ${declared.text}; such a Harbor does not start`,
    advice: "bring this node to the version of the others, or name the right database",
  };
  return [
    ...(isDirty ? [dirty] : []),
    ...(version < firstSchemaOf(declared.minor) ? [older] : []),
    ...(release > newest ? [newer] : []),
  ];
}

function ofConnections({ declared, nodes }: DatabaseToTry, { maxConnections }: DatabaseState): Complaint[] {
  const each = Number(textAt(declared.values, "max_open_conns") ?? 0);
  if (!(each > 0) || !(nodes * each > maxConnections)) return [];
  return [
    {
      code: "connections-exceeded",
      sentence: `is ${each}: ${nodes === 1 ? "the node alone" : `${nodes} nodes together`} may ask for ${nodes * each} connections, and PostgreSQL gives ${maxConnections}`,
      advice: "raise max_connections in postgresql.conf, or write less here",
    },
  ];
}
