import { at, type Complaint } from "../finding.ts";
import { isValues, textAt, type Values } from "../harbor-file.ts";
import { hasExternalRedis } from "../declared-redis.ts";
import { declaredDatabases } from "../declared-databases.ts";
import type { Rule } from "./rule.ts";

/** Harbor's templates, its older guides, and what people type. Compared without regard to case. */
const KNOWN: ReadonlySet<string> = new Set([
  "harbor12345",
  "root123",
  "123456",
  "redis",
  "12345678",
  "admin",
  "changeit",
  "harbor",
  "password",
  "postgres",
  "root",
]);

/** Passwords that are tried first. What a password is, is never said. */
export const knownPasswords: Rule = (file) =>
  passwordsIn(file.values).flatMap(({ path, text }) =>
    KNOWN.has(text.toLowerCase()) ? [at(file, path, complaintAbout(path))] : [],
  );

/** Passwords without which everybody may enter. */
export const emptyPasswords: Rule = ({ values, ...rest }) => {
  const file = { values, ...rest };
  const databases = declaredDatabases(values)
    .filter((database) => textAt(database.values, "password") === undefined)
    .map(({ path }) => [...path, "password"]);
  const isOpen = hasExternalRedis(values) && textAt(values, "external_redis", "password") === undefined;
  const redis = isOpen ? [["external_redis", "password"]] : [];
  return [...databases, ...redis].map((path) => at(file, path, EMPTY));
};

const EMPTY: Complaint = {
  code: "password-missing",
  sentence: "is empty or not there: whoever reaches the port may read and change everything",
  advice: "set a password on the server, and write it on every node",
};

function complaintAbout(path: readonly string[]): Complaint {
  const isAdmin = path.at(-1) === "harbor_admin_password";
  return {
    code: "known-password",
    sentence: "is a well-known default, one of the first that everybody tries",
    advice: isAdmin
      ? "write a long random one before the first start; later it is changed in the user interface"
      : "set a long random one on the server, and write it on every node",
  };
}

function passwordsIn(values: Values, path: readonly string[] = []): { path: string[]; text: string }[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const here = [...path, key];
    if (isValues(value)) return passwordsIn(value, here);
    const text = textAt(values, key);
    return /pass(?:word|wd)?$/i.test(key) && text !== undefined ? [{ path: here, text }] : [];
  });
}
