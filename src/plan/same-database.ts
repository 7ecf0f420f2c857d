import type { AuditEntry, Endpoint, Project, ReplicationPolicy } from "../observed/model.ts";
import type { ReadRegistry } from "../observed/state.ts";

/**
 * What one look at two registries says about their databases. `apart`: something is true in one and not in the other. `alike`: all that was
 * looked at is the same, as in one database and in a copy of it that nothing happened in since. `nothing`: there was nothing to compare.
 */
export type Likeness = "apart" | "alike" | "nothing";

type Objects = Pick<ReadRegistry, "endpoints" | "policies">;

/** Endpoints and replication policies, by number, name and target. Registries that replicate to each other hold different ones. */
export function compareObjects(left: Objects, right: Objects): Likeness {
  return compareLists(
    [...left.endpoints.map(endpointKey), ...left.policies.map(policyKey)],
    [...right.endpoints.map(endpointKey), ...right.policies.map(policyKey)],
  );
}

/** One project of the same name: every database counts its own, and notes the millisecond in which it was made. Undefined: not there, or not for us. */
export function compareProjects(
  left: Pick<Project, "id" | "createdAt"> | undefined,
  right: Pick<Project, "id" | "createdAt"> | undefined,
): Likeness {
  if (left === undefined || right === undefined) return "nothing";
  return left.id === right.id && left.createdAt === right.createdAt ? "alike" : "apart";
}

/** The newest entries of both audit logs, newest first: `left` read first, then `right`, then `left` once more. */
export interface AuditReadings {
  readonly left: readonly AuditEntry[];
  readonly right: readonly AuditEntry[];
  readonly leftAgain: readonly AuditEntry[];
}

/**
 * The audit log is the pulse of a database. `one`: an entry that was made after the first reading is in both, under one number; that can't happen to
 * a copy. What was there before has to be there later, too; else the logs are two.
 */
export function compareAudits({ left, right, leftAgain }: AuditReadings): Likeness | "one" {
  const [before] = left;
  const [between] = right;
  if (before === undefined || between === undefined) return "nothing";
  const later = [find(right, before), find(leftAgain, between)];
  if (later.includes("missing")) return "apart";
  const isPulse = between.id > before.id && later.every((found) => found === "found");
  return isPulse ? "one" : "alike";
}

/** What an entry is in a later reading; `beyond` where so many newer ones stand there that it can't be seen. */
function find(later: readonly AuditEntry[], entry: AuditEntry): "found" | "beyond" | "missing" {
  if (later.some((one) => auditKey(one) === auditKey(entry))) return "found";
  return later.every(({ id }) => id > entry.id) ? "beyond" : "missing";
}

function compareLists(left: readonly string[], right: readonly string[]): Likeness {
  if (left.length === 0 && right.length === 0) return "nothing";
  const rest = new Set(right);
  return left.length === right.length && left.every((key) => rest.has(key)) ? "alike" : "apart";
}

function endpointKey({ id, name, url, username, description }: Endpoint): string {
  return JSON.stringify(["endpoint", id, name, url, username, description]);
}

function policyKey({ id, name, targetEndpointId, description, createdAt }: ReplicationPolicy): string {
  return JSON.stringify(["policy", id, name, targetEndpointId, description, createdAt ?? 0]);
}

function auditKey({ id, at, operation, resource, resourceType, username }: AuditEntry): string {
  return JSON.stringify([id, at, operation, resource, resourceType, username]);
}
