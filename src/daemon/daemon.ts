import { setMaxListeners } from "node:events";
import type { Clock } from "../clock.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Log } from "../log.ts";
import type { OutageStore } from "../store/store.ts";
import type { RegistryName, ReplicatedTopology, Settings } from "../topology/model.ts";
import { probeClusters, type ClusterProbesDeps } from "./probe-clusters.ts";
import { probeRegistries } from "./probe-registries.ts";
import { createRunner, type Runner } from "./runner.ts";
import { startSchedule, startTogether } from "./schedule.ts";
import { watchExecutions } from "./watch-executions.ts";

export interface DaemonDeps {
  readonly topologies: readonly ReplicatedTopology[];
  readonly settings: Settings;
  readonly portOf: (name: RegistryName) => HarborPort;
  readonly outages: OutageStore;
  readonly installation: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of a registry of a topology that was just given up, or is back. */
  readonly turned?: (topology: ReplicatedTopology, registry: RegistryName) => Promise<void>;
  readonly pass: (topology: ReplicatedTopology, reason: string) => Promise<void>;
  /** Clusters over shared storage, and how one is probed. */
  readonly shared?: Pick<ClusterProbesDeps, "clusters" | "probe">;
}

export interface Daemon {
  /** Resolves when the passes at work have ended and nothing is watched any more. */
  stop(): Promise<void>;
}

/** Starts the loops: the schedule, the probe of each registry, the watch over executions, and the probes of clusters. Each of them only wishes for work. Throws, with nothing started, where a schedule has no next time. */
export function startDaemon(deps: DaemonDeps): Daemon {
  const { topologies, settings, shared, clock, log } = deps;
  const watching = new AbortController();
  // Every probe and request listens to it; that is no leak.
  setMaxListeners(0, watching.signal);
  const runners = new Map<ReplicatedTopology, Runner>(
    topologies.map((topology) => [
      topology,
      createRunner((reason) => deps.pass(topology, reason), log.child({ topology: topology.name })),
    ]),
  );
  const wishFor = (topology: ReplicatedTopology, reason: string): void => runners.get(topology)?.wish(reason);
  const wishAll = (reason: string): void => topologies.forEach((topology) => wishFor(topology, reason));
  const names = new Set(topologies.flatMap(({ registries }) => registries));
  const ports = [...names].map((name) => deps.portOf(name));
  const context = { outages: deps.outages, limits: settings.probe, clock, log };
  const turned = (registry: RegistryName, to: "up" | "down"): void => {
    for (const topology of topologies.filter(({ registries }) => registries.includes(registry))) {
      deps
        .turned?.(topology, registry)
        .catch((thrown: unknown) => log.error({ err: thrown }, "a turn was not kept"));
      if (to === "up") wishFor(topology, `${registry} is back`);
    }
  };
  // They alone may throw, so they come first: nothing is at work yet then, and nothing keeps the process alive.
  const stopSchedules = startTogether([
    () => startSchedule(settings.schedule, () => wishAll("schedule")),
    ...(shared === undefined ? [] : [() => probeClusters({ ...shared, log })]),
  ]);
  const loops = [
    probeRegistries(context, ports, settings.probe.everySeconds * 1000, turned, watching.signal),
    watchExecutions({ ...deps, wish: wishFor }, watching.signal),
  ];
  wishAll("start");
  return {
    async stop() {
      watching.abort();
      await stopSchedules();
      await Promise.all([...runners.values()].map((runner) => runner.stop()));
      await Promise.all(loops);
    },
  };
}
