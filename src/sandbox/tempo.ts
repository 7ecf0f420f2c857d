import type { Random } from "../clock.ts";

/** How long things take, in milliseconds. The defaults are Harbor's own; a demo or a simulation shortens them. */
export interface Tempo {
  /** The part of a replication in core: endpoint check, listing, preparation. */
  readonly flowMs: number;
  /** One run of a replication job, without what each reference adds. */
  readonly taskMs: number;
  readonly referenceMs: number;
  /** How often the status of an execution follows its tasks (2.8 on). */
  readonly statusRefreshMs: number;
  /** The pause after the given number of failed runs of a job. */
  readonly retryBackoff: (failedRuns: number, random: Random) => number;
  /** Sweeps executions: hourly from 2.8, daily from 2.12; 0 keeps the profile's own period. */
  readonly sweepEveryMs: number;
  /** How often the stored status of the endpoints is looked at. */
  readonly healthCheckMs: number;
  /** How often core looks whether its neighbours are alive. */
  readonly componentCheckMs: number;
  /** How long a wrong password delays its answer and locks that username. */
  readonly lockoutMs: number;
  /** How long pull counts wait in memory. */
  readonly pullFlushMs: number;
}

export const HARBOR_TEMPO: Tempo = {
  flowMs: 150,
  taskMs: 1500,
  referenceMs: 10,
  statusRefreshMs: 30_000,
  // goharbor/work v0.5.1-patch worker.go: 15 s and the fourth power of the failed runs, jittered
  retryBackoff: (failedRuns, random) =>
    (failedRuns ** 4 + 15 + Math.floor(random() * 30) * (failedRuns + 1)) * 1000,
  sweepEveryMs: 0,
  healthCheckMs: 300_000,
  componentCheckMs: 10_000,
  lockoutMs: 1500,
  pullFlushMs: 10_000,
};
