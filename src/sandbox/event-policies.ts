import type { Core } from "./core.ts";
import { BadPattern } from "./doublestar.ts";
import type { ContentEvent } from "./content-event.ts";
import { passesName, passingArtifacts } from "./filters.ts";
import type { Resource } from "./resource.ts";
import { startExecution } from "./start-execution.ts";
import type { PolicyRow } from "./state.ts";

const OPERATIONS: Partial<Record<ContentEvent["kind"], Resource["operation"]>> = {
  push: "copy",
  "create-tag": "copy",
  "delete-artifact": "deletion",
  "delete-tag": "tag deletion",
};

/**
 * Starts every enabled event policy that the event matches; the whole resource is handed on, not the filtered
 * one. A pattern that cannot be read ends it for all policies (goharbor/harbor
 * src/controller/event/handler/replication/event/handler.go:33-104).
 */
export function onReplicationEvent(core: Core, event: ContentEvent): void {
  const operation = OPERATIONS[event.kind];
  if (operation === undefined) return;
  const resource: Resource = {
    repository: event.repository,
    operation,
    items: [{ digest: event.digest, tags: event.tags }],
    public: core.state.projects.get(event.projectId)?.public ?? false,
  };
  for (const policy of matching(core, event, operation)) startExecution(core, policy, "EVENT", resource);
}

function matching(core: Core, event: ContentEvent, operation: Resource["operation"]): PolicyRow[] {
  const candidate = { digest: event.digest, tags: event.tags, labels: event.labels };
  try {
    return [...core.state.policies.values()].filter(
      (policy) =>
        policy.enabled &&
        policy.trigger === "event_based" &&
        policy.sourceId === 0 &&
        (operation === "copy" || policy.deletion) &&
        passesName(core, policy.filters, event.repository) &&
        passingArtifacts(core, policy.filters, [candidate]).length > 0,
    );
  } catch (error) {
    if (error instanceof BadPattern) return [];
    throw error;
  }
}
