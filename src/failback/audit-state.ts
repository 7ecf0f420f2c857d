import type { HarborSettings } from "../observed/model.ts";

/** Whether an audit log can be taken as evidence right now; if not why, as the rest of "its audit log …". */
export type AuditState =
  { readonly kind: "read" } | { readonly kind: "unavailable"; readonly reason: string };

export const READ: AuditState = { kind: "read" };

export function unavailable(reason: string): AuditState {
  return { kind: "unavailable", reason };
}

/** Kinds of entries without which nothing can be said of what happened to a tag. Harbor writes `tag` kinds too, though it does not list them. */
const NEEDED = ["create_artifact", "delete_artifact", "create_tag", "delete_tag", "delete_repository"];

/** What an administrator set may keep the log from being written, or from being written whole. */
export function stateBySettings(settings: HarborSettings | undefined): AuditState {
  if (settings === undefined) return READ;
  if (settings.auditNotKept) {
    return unavailable(
      settings.auditForwardedTo === ""
        ? "is switched off (skip_audit_log_database)"
        : "is only forwarded to another place, and not kept (skip_audit_log_database)",
    );
  }
  const lacking = NEEDED.filter((kind) => settings.auditWithout.includes(kind));
  return lacking.length === 0
    ? READ
    : unavailable(`leaves out ${lacking.join(", ")} (disabled_audit_log_event_types)`);
}
