import { BlobStore } from "./blob-store.ts";
import type { Core } from "./core.ts";
import type { Files } from "./files.ts";
import { schedulePolicy } from "./policy-schedule.ts";
import type { State } from "./state.ts";

/** A copy of everything that a Harbor keeps: database and blobs. */
export interface Backup {
  readonly state: State;
  readonly files: Files;
}

export function takeBackup(core: Core): Backup {
  return { state: structuredClone(core.state), files: core.blobs.files() };
}

/** Puts the copy in place of what is there; what was queued in memory is not part of it. */
export function restoreBackup(core: Core, backup: Backup): void {
  const revision = core.state.revision;
  core.database.state = structuredClone(backup.state);
  core.state.revision = revision + 1;
  core.files = new BlobStore(backup.files).files();
  core.blobs = new BlobStore(core.files, core.redis.descriptors, core.sight);
  core.redis.descriptors.clear();
  core.derived.clear();
  for (const policy of core.state.policies.values()) schedulePolicy(core, policy);
}
