import type { Core, Redis } from "./core.ts";

export function emptyRedis(): Redis {
  return {
    sessions: new Map(),
    descriptors: new Map(),
    schedules: new Map(),
    workers: [],
    quickest: undefined,
  };
}

/** Who runs the next job: any job service that lives and takes from this queue; the asker's own where none does. */
export function runnerOf(core: Core): Core {
  const alive = core.redis.workers.filter((one) => !one.faults.down && !one.faults.jobserviceStopped);
  const [first = core] = alive;
  const quickest = alive.find((one) => one.name === core.redis.quickest);
  if (quickest !== undefined) return quickest;
  return alive.length < 2 ? first : (alive[Math.floor(core.random() * alive.length)] ?? core);
}
