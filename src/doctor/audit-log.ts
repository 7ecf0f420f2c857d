import type { HarborSettings } from "../observed/model.ts";
import type { Check, CheckState } from "./model.ts";

export interface AuditSeen {
  readonly registry: string;
  readonly account: string;
  readonly administrator: boolean;
  /** Whether there is any entry that we may see. */
  readonly hasEntries: boolean;
  /** Undefined where we may not read them. */
  readonly settings: HarborSettings | undefined;
  /** Healing depends on it here. */
  readonly needed: boolean;
}

/** Kinds of events that healing wants to read of. */
const WANTED = ["create_artifact", "delete_artifact", "create_tag", "delete_tag"];

/** Whether the audit log can be relied on. Without the right Harbor answers 200 and nothing, as where nothing was written. */
export function checkAudit(seen: AuditSeen): Check[] {
  const { settings, registry, account } = seen;
  const bad: CheckState = seen.needed ? "fault" : "warning";
  const about = { registry, account, subject: "audit-log:list" };
  return [
    ...(settings === undefined ? [] : settingsChecks(registry, settings, bad)),
    seen.hasEntries
      ? { ...about, state: "ok", text: "readable" }
      : seen.administrator
        ? { ...about, state: "ok", text: "readable, and empty so far" }
        : {
            ...about,
            state: bad,
            text: `empty for ${account}: it lacks the right, or the log is switched off`,
            hint: "give the robot audit-log:list on the system; users see only what is in their projects",
          },
  ];
}

function settingsChecks(registry: string, settings: HarborSettings, bad: CheckState): Check[] {
  const about = { registry, subject: "audit log" };
  const lost = settings.auditWithout.filter((one) => WANTED.includes(one));
  if (settings.auditNotKept) {
    return [
      {
        ...about,
        state: bad,
        text: `not kept: it is only forwarded to ${settings.auditForwardedTo || "nowhere"} (skip_audit_log_database)`,
        hint: "let Harbor keep it in its database as well; what it did not keep is told from history alone",
      },
    ];
  }
  if (lost.length === 0) return [{ ...about, state: "ok", text: "kept in Harbor's database" }];
  return [
    {
      ...about,
      state: bad,
      text: `leaves out ${lost.join(", ")} (disabled_audit_log_event_types)`,
      hint: "let Harbor record these events",
    },
  ];
}
