import type { Action, ActionKind, PlanFinding } from "./model.ts";

const VERB: Readonly<Record<ActionKind, string>> = {
  "create-endpoint": "create the endpoint",
  "update-endpoint": "update the endpoint",
  "rotate-credentials": "renew the credentials of the endpoint",
  "create-policy": "create the replication policy",
  "update-policy": "update the replication policy",
  "delete-policy": "delete the replication policy",
  "delete-endpoint": "delete the endpoint",
};

/** One sentence, then one line a field for what changes; no secrets. */
export function explainAction(action: Action): string[] {
  const sentence = `${action.registry}: ${VERB[action.kind]} ${action.name}, because ${action.reason}`;
  const fresh = action.kind === "create-endpoint" || action.kind === "create-policy";
  return [
    sentence,
    ...action.differences.map(({ field, found, wanted }) =>
      fresh ? `  ${field}: ${shown(wanted)}` : `  ${field}: ${shown(found)} -> ${shown(wanted)}`,
    ),
  ];
}

/** One sentence. */
export function explainFinding(finding: PlanFinding): string {
  if (finding.kind === "unread") {
    return `${finding.registry}: could not be read, so nothing is planned there: ${finding.error.message}`;
  }
  return `${finding.registry}: ${finding.name}: ${finding.message}`;
}

function shown(text: string): string {
  if (text === "") return "(none)";
  return text.startsWith("-----BEGIN") ? `(certificate, ${text.length} characters)` : text;
}
