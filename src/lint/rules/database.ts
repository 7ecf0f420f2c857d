import { didYouMean } from "../../config/nearest.ts";
import { at, type Complaint, type Finding } from "../finding.ts";
import { isValues, textAt, type HarborFile } from "../harbor-file.ts";
import { declaredDatabases, misnamedDatabases, type DeclaredDatabase } from "../declared-databases.ts";
import type { Rule } from "./rule.ts";

const MODES = ["disable", "require", "verify-ca", "verify-full"];
/** PostgreSQL has these too: they encrypt only if the server feels like it. */
const HALF_HEARTED = ["allow", "prefer"];

/** One database for all nodes, declared where Harbor reads it. */
export const oneDatabase: Rule = (file) => {
  const misnamed = misnamedDatabases(file.values);
  const isMissing = declaredDatabases(file.values).every(({ name }) => name !== "harbor");
  const bundled = isValues(file.values["database"]) && "external_database" in file.values;
  return [
    ...misnamed.map(({ path }) => at(file, path, misnamedComplaint(path))),
    ...(isMissing ? [at(file, ["external_database"], MISSING)] : []),
    ...(bundled && !isMissing ? [at(file, ["database"], BUNDLED)] : []),
  ];
};

/** How the nodes use it. */
export const databaseUse: Rule = (file) =>
  declaredDatabases(file.values).flatMap((database) => [
    ...user(file, database),
    ...sslMode(file, database),
    ...(database.name === "harbor" ? connections(file, database) : []),
  ]);

const MISSING: Complaint = {
  code: "external-database-missing",
  sentence: "holds no database harbor: each node would keep its own users, projects and tags",
  advice: "write external_database with harbor: below it, the same on every node",
};

const BUNDLED: Complaint = {
  code: "bundled-database",
  sentence: "declares the bundled PostgreSQL, which external_database replaces",
  advice: "take the section out, so that nobody believes in it or starts it",
};

function misnamedComplaint(path: readonly string[]): Complaint {
  const name = path.at(-1) ?? "";
  const sentence =
    path[0] === "external_redis"
      ? "is Harbor's database, below external_redis instead of external_database"
      : path.length === 1
        ? "holds the database without harbor: between; the installer breaks off"
        : "is Harbor's database under another name; the installer looks for external_database.harbor and breaks off";
  const advice =
    path.length === 1
      ? "write harbor: below external_database, and indent the rest"
      : `rename ${name} to harbor`;
  return {
    code: "database-misnamed",
    sentence,
    advice: path[0] === "external_redis" ? "move it below external_database" : advice,
  };
}

function user(file: HarborFile, { path, values }: DeclaredDatabase): Finding[] {
  if (textAt(values, "username")?.toLowerCase() !== "postgres") return [];
  const sentence =
    "is postgres, the superuser: a hole in Harbor would be one in every database of that server";
  const advice = "create a user that owns Harbor's database alone, and write its name";
  return [at(file, [...path, "username"], { code: "database-superuser", sentence, advice })];
}

function sslMode(file: HarborFile, { path, values }: DeclaredDatabase): Finding[] {
  const mode = textAt(values, "ssl_mode");
  if (mode === undefined || MODES.slice(1).includes(mode)) return [];
  if (mode === "disable" || HALF_HEARTED.includes(mode)) {
    const sentence =
      mode === "disable"
        ? "is disable: the password and everything in the database cross the network in the clear"
        : "leaves it to the server whether anything is encrypted";
    const advice = "let PostgreSQL have a certificate, and write verify-full, verify-ca or at least require";
    return [at(file, [...path, "ssl_mode"], { code: "ssl-mode-disable", sentence, advice })];
  }
  const advice = didYouMean(mode, MODES) ?? `known here: ${MODES.join(", ")}`;
  const sentence = "is no mode that PostgreSQL knows; Harbor would not start";
  return [at(file, [...path, "ssl_mode"], { code: "ssl-mode-unknown", sentence, advice })];
}

/** 0 means no limit, and so does leaving it out (goharbor/harbor make/photon/prepare/utils/configs.py, default_db_max_open_conns). */
function connections(file: HarborFile, { path, values }: DeclaredDatabase): Finding[] {
  const text = textAt(values, "max_open_conns");
  if (text !== undefined && Number(text) > 0) return [];
  const sentence = `is ${text ?? "not there, which means 0"}: no limit, so one busy node can take all connections from the others`;
  const advice = "write PostgreSQL's max_connections, less a reserve, divided by the number of nodes";
  return [at(file, [...path, "max_open_conns"], { code: "connections-unlimited", sentence, advice })];
}
