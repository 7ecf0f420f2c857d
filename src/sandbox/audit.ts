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
    core.state.audit.push({
      id: nextId(core.state, "audit"),
      projectId: event.projectId,
      at: core.now(),
      username: event.operator === "" ? "anonymous" : event.operator,
      ...entry,
    });
  }
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
