import { toAppError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { SharedStorageTopology } from "../topology/model.ts";
import { startSchedule, startTogether, type Stop } from "./schedule.ts";

export type ProbeForm = "small" | "full";

export interface ClusterProbesDeps {
  readonly clusters: readonly SharedStorageTopology[];
  readonly probe: (topology: SharedStorageTopology, form: ProbeForm, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
  /** How a schedule is begun; an argument, so that tests need no time. */
  readonly schedule?: (expression: string, tick: () => void) => Stop;
}

/** Probes each cluster in both forms by its own crons, and once in the small form at the start. Throws, and probes nothing, where a cron has no next time. */
export function probeClusters({ clusters, probe, log, schedule = startSchedule }: ClusterProbesDeps): Stop {
  const runners = clusters.map((topology) => {
    const own = log.child({ topology: topology.name });
    return { topology, runner: createProbeRunner((form, signal) => probe(topology, form, signal), own) };
  });
  const stopSchedules = startTogether(
    runners.flatMap(({ topology, runner }) =>
      (["full", "small"] as const).map(
        (form) => () => schedule(topology.probe[form], () => runner.wish(form)),
      ),
    ),
  );
  for (const { runner } of runners) runner.wish("small");
  return async () => {
    await stopSchedules();
    await Promise.all(runners.map(({ runner }) => runner.stop()));
  };
}

/** Runs the probes of one cluster: never two at once. The full form proves what the small one does, so it takes its place. */
export interface ProbeRunner {
  wish(form: ProbeForm): void;
  /** Resolves when none is running and none is wished for. */
  idle(): Promise<void>;
  /** Stops the one at work, which still cleans up; resolves when it has ended. */
  stop(): Promise<void>;
}

export function createProbeRunner(
  probe: (form: ProbeForm, signal: AbortSignal) => Promise<void>,
  log: Log,
): ProbeRunner {
  const stopping = new AbortController();
  let wished: ProbeForm | undefined;
  let atWork: ProbeForm | undefined;
  let working: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    while (wished !== undefined && !stopping.signal.aborted) {
      atWork = wished;
      wished = undefined;
      try {
        await probe(atWork, stopping.signal);
      } catch (thrown) {
        tellWhy(thrown, atWork, log, stopping.signal);
      }
    }
    atWork = undefined;
    working = undefined;
  };

  return {
    wish(form) {
      if (stopping.signal.aborted || atWork === "full") return;
      wished = wished === "full" ? "full" : form;
      working ??= work();
    },
    async idle() {
      while (working !== undefined) await working;
    },
    async stop() {
      stopping.abort();
      wished = undefined;
      await working;
    },
  };
}

function tellWhy(thrown: unknown, form: ProbeForm, log: Log, { aborted }: AbortSignal): void {
  const error = toAppError(thrown);
  if (error.code === "ALREADY_RUNNING") log.info({ form }, "not probed: somebody else is at it");
  else if (aborted && error.code === "CANCELLED") log.info({ form }, "probe stopped");
  else log.error({ err: error, form }, "probe failed");
}
