import type { Core } from "./core.ts";
import type { Lanes } from "./lanes.ts";

export interface Restart {
  /** Core loses its memory: events and flows under way are gone, their executions stay InProgress for ever. */
  readonly loseQueue?: boolean;
  /** The job service loses its queue too: tasks stay as they are. */
  readonly loseJobs?: boolean;
}

/** Everything that core or the job service had only in memory may go with a restart; the database stays. */
export function restart(core: Core, lanes: Lanes, { loseQueue = false, loseJobs = false }: Restart): void {
  if (loseQueue) {
    lanes.lose("core");
    core.flowSlots.clear();
    core.refreshes.clear();
    core.files.uploads.clear();
  }
  if (loseJobs) {
    lanes.lose("jobs");
    core.workers.clear();
  }
  core.locked.clear();
  core.faults.breakHanging();
}
