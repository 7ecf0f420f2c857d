import type { Json } from "../../src/sandbox/json.ts";
import type { Played } from "./replay.ts";
import { textOf, type Row } from "./rig.ts";

/** Values that differ from run to run: only their types are compared. */
const VOLATILE =
  /(^|_)(id|time|size|secret|token|digest|at|href|count|consumption|version|StatusRevision|uuid)$|^(icon|used|retention_id|access_token|StatusRevision)$/;
/** Compared unless told otherwise. */
export const HEADERS: readonly string[] = [
  "content-type",
  "location",
  "x-total-count",
  "link",
  "docker-content-digest",
  "docker-distribution-api-version",
  "docker-upload-uuid",
  "range",
  "www-authenticate",
  "set-cookie",
];

/** What differs between a recorded answer and ours, one line each; empty when they agree. */
export function differences({ call, answer }: Played, headers: readonly string[] = HEADERS): string[] {
  const found: string[] = [];
  if (call.status !== answer.status)
    found.push(`status ${call.status} is ${answer.status}: ${answer.text.slice(0, 200)}`);
  for (const name of headers) {
    const recorded = normal(call.headers[name]);
    const ours = normal(answer.headers[name]);
    if (recorded !== ours) found.push(`header ${name}: ${recorded} is ${ours}`);
  }
  if (call.status !== answer.status) return found;
  if (call.path.endsWith("/log")) {
    if (steps(call.body) !== "abridged") compareBodies(steps(call.body), steps(answer.text), "log", found);
    return [...new Set(found)];
  }
  const isText =
    typeof call.body === "string" &&
    (call.body === "" || call.headers["content-type"]?.includes("json") !== true);
  const ours = isText ? answer.text : answer.body;
  compareBodies(inOrder(call), inOrder({ path: call.path, body: ours }), "", found);
  return [...new Set(found)];
}

/** The lines of a task's log that tell what was copied; an abridged log tells nothing. */
function steps(log: Json): Json {
  const text = textOf(log);
  if (text.endsWith("bytes>")) return "abridged";
  return text
    .split("\n")
    .flatMap((line) => /\]: (copying .*|the artifact .* already exists.*)$/.exec(line)?.[1] ?? []);
}

/** Harbor's health lists its parts in any order. */
function inOrder({ path, body }: { path: string; body: Json }): Json {
  if (!path.endsWith("/health")) return body;
  const parts = [...((body as Row)["components"] as Row[])];
  return {
    ...(body as Row),
    components: parts.sort((left, right) => textOf(left["name"]).localeCompare(textOf(right["name"]))),
  };
}

function normal(value: string | undefined): string {
  if (value === undefined) return "absent";
  return masked(value)
    .replace(/(sid|_gorilla_csrf|Expires)=[^;]*/g, "$1")
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "UUID")
    .replace(/_state=.*/, "STATE")
    .replace(/^\d+$/, "N");
}

/** Digests, ids in paths and numbers in sentences, the hosts inside a Harbor. */
function masked(text: string): string {
  const hosts = text.endsWith("connection refused") ? text.replace(/[\w.-]+:\d+(?=[/:])/g, "HOST") : text;
  return hosts.replace(/sha256:[0-9a-f]{64}/g, "DIGEST").replace(/(?<=[/ ])\d+(?=$|[ /,?])/g, "N");
}

function compareBodies(
  recorded: Json | undefined,
  ours: Json | undefined,
  path: string,
  found: string[],
): void {
  if (kindOf(recorded) !== kindOf(ours)) {
    found.push(`${path}: ${kindOf(recorded)} is ${kindOf(ours)}`);
  } else if (Array.isArray(recorded)) {
    compareLists(recorded as Json[], ours as Json[], path, found);
  } else if (typeof recorded === "object" && recorded !== null) {
    compareObjects(recorded as Row, ours as Row, path, found);
  } else {
    compareValues(recorded ?? null, ours ?? null, path, found);
  }
}

function kindOf(value: Json | undefined): string {
  if (value === undefined) return "absent";
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

function compareLists(recorded: readonly Json[], ours: readonly Json[], path: string, found: string[]): void {
  if (recorded.length !== ours.length) {
    found.push(`${path}: ${recorded.length} rows are ${ours.length}`);
    if (recorded.length > 0 && ours.length > 0) compareBodies(recorded[0], ours[0], `${path}[]`, []);
    return;
  }
  recorded.forEach((one, at) => compareBodies(one, ours[at], `${path}[]`, found));
}

function compareObjects(recorded: Row, ours: Row, path: string, found: string[]): void {
  for (const key of new Set([...Object.keys(recorded), ...Object.keys(ours)])) {
    compareBodies(recorded[key], ours[key], `${path}.${key}`, found);
  }
}

function compareValues(recorded: Json, ours: Json, path: string, found: string[]): void {
  const key = path.split(".").at(-1)?.replace("[]", "") ?? "";
  if (VOLATILE.test(key)) return;
  const left = typeof recorded === "string" ? masked(recorded) : recorded;
  const right = typeof ours === "string" ? masked(ours) : ours;
  if (typeof left === "string" && /bytes>$|^<redacted>$/.test(left)) return;
  if (left !== right) found.push(`${path}: ${JSON.stringify(left)} is ${JSON.stringify(right)}`);
}
