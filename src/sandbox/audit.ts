import type { Core } from "./core.ts";
import type { ContentEvent } from "./content-event.ts";
import { nextId } from "./state.ts";

interface Entry {
  readonly operation: string;
  readonly resourceType: string;
  readonly resource: string;
  readonly description: string;
}

/** Writes what happened to the audit log, in the words of the release (goharbor/harbor src/controller/event/topic.go). */
export function recordAudit(core: Core, event: ContentEvent): void {
  const disabled = core.state.configuration.get("skip_audit_log_database") === true;
  const pullsOff = core.state.configuration.get("pull_audit_log_disable") === true;
  if (disabled || (pullsOff && event.kind === "pull")) return;
  for (const entry of entriesOf(core, event)) {
    if (isLeftOut(core, entry)) continue;
    core.state.audit.push({
      id: nextId(core.state, "audit"),
      projectId: event.projectId,
      at: core.now(),
      username: event.operator === "" ? "anonymous" : event.operator,
      ...entry,
    });
  }
}

/** As the job does: what is older than so many hours, of the operations it is told. */
export function purgeAudit(
  core: Core,
  retentionHours: number,
  operations: readonly string[] = ["create", "delete", "pull"],
): void {
  const before = core.now() - retentionHours * 3_600_000;
  core.state.audit = core.state.audit.filter(
    ({ at, operation }) => at >= before || !operations.includes(operation),
  );
  core.state.auditPurges.push({ id: nextId(core.state, "audit purge"), at: core.now(), retentionHours });
}

/** Since 2.13 some kinds of events can be left out, by a list of names like `create_artifact`. */
function isLeftOut(core: Core, { operation, resourceType }: Entry): boolean {
  const disabled = core.state.configuration.get("disabled_audit_log_event_types");
  return typeof disabled === "string" && disabled.split(",").includes(`${operation}_${resourceType}`);
}

function entriesOf(core: Core, event: ContentEvent): Entry[] {
  const at = core.profile.minor >= 11 ? "@" : ":";
  const byDigest = `${event.repository}${at}${event.digest}`;
  const exact = `${event.repository}@${event.digest}`;
  const byTag = (tag: string): string => `${event.repository}:${tag}`;
  switch (event.kind) {
    case "push":
    case "pull": {
      const operation = event.kind === "push" ? "create" : "pull";
      const resource = event.tags[0] === undefined ? byDigest : byTag(event.tags[0]);
      return [
        { operation, resourceType: "artifact", resource, description: `${event.kind} artifact: ${exact}` },
      ];
    }
    case "delete-artifact":
      return [
        {
          operation: "delete",
          resourceType: "artifact",
          resource: byDigest,
          description: `delete artifact: ${exact}`,
        },
      ];
    case "create-tag":
    case "delete-tag": {
      const operation = event.kind === "create-tag" ? "create" : "delete";
      return event.tags.map((tag) => ({
        operation,
        resourceType: "tag",
        resource: byTag(tag),
        description: `${operation} tag: ${byTag(tag)}`,
      }));
    }
    case "delete-repository":
      return [entryOf("delete", "repository", event.repository)];
    case "create-project":
      return [entryOf("create", "project", event.project)];
    case "delete-project":
      return [entryOf("delete", "project", event.project)];
  }
}

function entryOf(operation: string, resourceType: string, resource: string): Entry {
  return { operation, resourceType, resource, description: `${operation} ${resourceType}: ${resource}` };
}
