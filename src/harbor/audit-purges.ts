import type { Instant } from "../clock.ts";
import type { Api } from "./api.ts";
import type { components } from "./generated/harbor.ts";
import { HarborError } from "./harbor-error.ts";
import { PAGE_SIZE } from "./page.ts";
import { listOf, type WireObject } from "./wire-object.ts";

type AuditPurge = components["schemas"]["AuditPurge"];
const HOUR_MS = 3_600_000;

/**
 * The moment up to which entries of the audit log may have been purged; 0 when none ever were. Undefined without the right to know. A run
 * deletes what is older than its `audit_retention_hour`, of the operations it is told (goharbor/harbor src/pkg/auditext/dao/dao.go:142).
 */
export async function auditPurgedBefore(
  api: Api,
  signal: AbortSignal | undefined,
): Promise<Instant | undefined> {
  try {
    const answer = await api.call("get", "/system/purgeaudit", {
      doing: "reading what was purged of the audit log",
      query: { page: 1, page_size: PAGE_SIZE, sort: "-id" },
      signal,
    });
    // A Harbor that never purged says null or an empty list.
    const runs = listOf<AuditPurge>(answer.json() ?? [], "purges");
    return Math.max(0, ...runs.map(purgedBefore));
  } catch (error) {
    if (error instanceof HarborError && error.code === "HARBOR_FORBIDDEN") return undefined;
    // Before 2.6 nothing could be purged, and nobody could ask.
    if (error instanceof HarborError && error.code === "HARBOR_NOT_FOUND") return 0;
    throw error;
  }
}

/** By when it ended at the latest, since it counts the hours from when it runs. What it does not say is taken as everything. */
function purgedBefore(run: WireObject<AuditPurge>): Instant {
  const { dryRun, hours } = parametersOf(run.text("job_parameters"));
  if (dryRun) return 0;
  const at = Math.max(run.instant("creation_time") ?? 0, run.instant("update_time") ?? 0);
  return at - hours * HOUR_MS;
}

function parametersOf(json: string): { dryRun: boolean; hours: number } {
  const parameters = parsed(json);
  const hours = Number(fieldOf(parameters, "audit_retention_hour"));
  return {
    dryRun: fieldOf(parameters, "dry_run") === true,
    hours: Number.isFinite(hours) && hours > 0 ? hours : 0,
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
