import type { Core } from "./core.ts";
import type { ContentEvent } from "./content-event.ts";
import { recordAudit } from "./audit.ts";
import { onReplicationEvent } from "./event-policies.ts";
import { countPull } from "./pull-count.ts";

/**
 * Publishes after the answer, from core's memory only: nothing is kept and nothing repeated
 * (goharbor/harbor src/pkg/notifier/event/event.go).
 */
export function publish(core: Core, event: ContentEvent): void {
  for (const listener of core.contentListeners) listener(event, core.now());
  // only events of content are worth losing on command
  if (core.faults.eventsToLose > 0 && event.repository !== "") {
    core.faults.eventsToLose--;
    return;
  }
  core.schedule("core", 0, () => {
    recordAudit(core, event);
    if (event.kind === "pull") countPull(core, event);
    else onReplicationEvent(core, event);
  });
}
