import { restoreBackup, takeBackup, type Backup } from "./backup.ts";
import type { Core } from "./core.ts";
import type { Where } from "./fault-table.ts";
import type { Lanes } from "./lanes.ts";
import type { PartName } from "./part.ts";
import { restart, type Restart } from "./restart.ts";

/** What can go wrong, on command. Each lasts until `clear`, or as many requests as `where.times` says. */
export interface SandboxFaults {
  /** Refuses connections; its own work rests meanwhile, and goes on afterwards unless it is lost. */
  down(options?: Restart): void;
  up(): void;
  isDown(): boolean;
  /** Accepts and never answers. */
  hang(where?: Where): void;
  /** Breaks the connection: after so many bytes of the body, or before any. The request took effect unless `applied` is false. */
  reset(options?: Where & { readonly afterBytes?: number; readonly applied?: boolean }): void;
  slow(ms: number, where?: Where): void;
  /** An error page, as a proxy in front writes it; the request takes effect only with `applied`. */
  fail(status: number, where?: Where & { readonly applied?: boolean }): void;
  /** A login page with 200. */
  nonsense(where?: Where): void;
  /** Half of the body. */
  truncate(where?: Where): void;
  /** 429 with `Retry-After`: seconds or a date. */
  tooMany(retryAfter: string, where?: Where): void;
  rotatePassword(user: string, password: string): void;
  clockSkew(ms: number): void;
  /** The next events are never told to anybody: no replication, no audit record. */
  loseNextEvents(count: number): void;
  backup(): Backup;
  /** As if the machine came back from it; what was queued is gone. */
  restore(backup: Backup): void;
  /** Jobs cannot be submitted, and rest. */
  stopJobservice(): void;
  startJobservice(): void;
  /** Kills or starts a process beside core. */
  stopPart(part: PartName): void;
  startPart(part: PartName): void;
  /** Jobs are taken and rest. */
  pauseReplication(): void;
  resumeReplication(): void;
  /** Ignores all credentials. */
  anonymous(): void;
  hideProject(name: string): void;
  /** Lists nothing, with 200. */
  emptyListing(): void;
  /** Ends all of it; hanging connections break, what rested goes on. */
  clear(): void;
}

export function createFaults(
  core: Core,
  before: () => void,
  lanes: Lanes,
  reachable: (up: boolean) => void,
): SandboxFaults {
  const table = core.faults;
  const changing =
    <A extends readonly unknown[]>(work: (...given: A) => void) =>
    (...given: A): void => {
      before();
      work(...given);
    };
  const up = (): void => {
    const wasDown = table.down;
    table.down = false;
    lanes.resume(table);
    if (wasDown) reachable(true);
  };
  return {
    down: changing((options: Restart = {}) => {
      table.down = true;
      restart(core, lanes, options);
      reachable(false);
    }),
    up: changing(up),
    isDown: () => table.down,
    hang: changing((where: Where = {}) => table.add({ kind: "hang" }, where)),
    reset: changing(({ afterBytes, applied = true, ...where } = {}) =>
      table.add({ kind: "reset", afterBytes, applied }, where),
    ),
    slow: changing((ms: number, where: Where = {}) => table.add({ kind: "slow", ms }, where)),
    fail: changing((status: number, { applied = false, ...where } = {}) =>
      table.add({ kind: "fail", status, applied }, where),
    ),
    nonsense: changing((where: Where = {}) => table.add({ kind: "nonsense" }, where)),
    truncate: changing((where: Where = {}) => table.add({ kind: "truncate" }, where)),
    tooMany: changing((retryAfter: string, where: Where = {}) =>
      table.add({ kind: "busy", retryAfter }, where),
    ),
    rotatePassword: changing((name: string, password: string) => {
      const user = core.state.users.get(name);
      if (user !== undefined) user.password = password;
      for (const robot of core.state.robots.values()) if (robot.name === name) robot.secret = password;
    }),
    clockSkew: changing((ms: number) => {
      table.skewMs = ms;
    }),
    loseNextEvents: changing((count: number) => {
      table.eventsToLose += count;
    }),
    backup: () => {
      before();
      return takeBackup(core);
    },
    restore: changing((backup: Backup) => {
      restart(core, lanes, { loseQueue: true, loseJobs: true });
      restoreBackup(core, backup);
    }),
    ...switches(core, before, lanes),
    clear: changing(() => {
      table.clear();
      table.breakHanging();
      up();
    }),
  };
}

type Switches = Pick<
  SandboxFaults,
  | "stopJobservice"
  | "startJobservice"
  | "stopPart"
  | "startPart"
  | "pauseReplication"
  | "resumeReplication"
  | "anonymous"
  | "hideProject"
  | "emptyListing"
>;

function switches(core: Core, before: () => void, lanes: Lanes): Switches {
  const table = core.faults;
  const set = (work: () => void): void => {
    before();
    work();
    lanes.resume(table);
  };
  return {
    stopJobservice: () => set(() => table.setStopped("jobservice", true)),
    startJobservice: () => set(() => table.setStopped("jobservice", false)),
    stopPart: (part) => set(() => table.setStopped(part, true)),
    startPart: (part) => set(() => table.setStopped(part, false)),
    pauseReplication: () => set(() => (table.replicationPaused = true)),
    resumeReplication: () => set(() => (table.replicationPaused = false)),
    anonymous: () => set(() => (table.anonymous = true)),
    hideProject: (name) => set(() => table.hiddenProjects.add(name)),
    emptyListing: () => set(() => (table.emptyListing = true)),
  };
}
