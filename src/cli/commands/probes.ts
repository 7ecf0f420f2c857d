import type { App } from "../../compose.ts";
import type { ProbeLimits, ProbeReport } from "../../cluster/report.ts";
import { didYouMean } from "../../config/nearest.ts";
import { AppError, toAppError } from "../../errors.ts";
import { keepProbe, keepSilence } from "../../probe/keep-probe.ts";
import { limitsOf } from "../../probe/limits-of.ts";
import { probeCluster } from "../../probe/probe-cluster.ts";
import { isReplicated } from "../../topology/flows.ts";
import type { SharedStorageTopology, TopologyName } from "../../topology/model.ts";
import type { CliIo } from "../io.ts";
import { withLease } from "./with-lease.ts";

export interface ProbeWish {
  readonly form: "small" | "full";
  /** What a person asked for, in place of what is declared. */
  readonly limits?: Partial<ProbeLimits>;
}

/** The clusters to work on: all, or those that were named. Throws `USAGE` for a name that no cluster has. */
export function chosenClusters(
  { declared }: App,
  names: readonly TopologyName[] | undefined,
): SharedStorageTopology[] {
  const all = declared.topologies.flatMap((topology) => (isReplicated(topology) ? [] : [topology]));
  if (names === undefined || names.length === 0) return all;
  return [...new Set(names)].map((name) => {
    const found = all.find((topology) => topology.name === name);
    if (found !== undefined) return found;
    const known = all.map((topology) => topology.name);
    throw new AppError("USAGE", `no cluster over shared storage is called ${name}`, {
      hint: didYouMean(name, known) ?? `declared are: ${known.join(", ") || "none"}`,
    });
  });
}

/**
 * One probe of one cluster, as the only one at it, kept in the store. Rejects with `ALREADY_RUNNING` while somebody else is at it. Where
 * nothing may be written it only looks.
 */
export async function probeTopology(
  app: App,
  topology: SharedStorageTopology,
  { form, limits }: ProbeWish,
  io: Pick<CliIo, "err" | "signal">,
): Promise<ProbeReport> {
  return await withLease(app, topology.name, async (beforeWrite) => {
    const deps = {
      ...app.clusterOf(topology),
      clock: app.clock,
      random: app.random,
      installation: app.installation,
      beforeWrite,
      tell: (sentence: string) => io.err(sentence),
    };
    const bounds = { ...limitsOf(topology.probe, form), ...limits };
    const options = { form, limits: bounds, ...(app.readOnly ? { looksOnly: READ_ONLY } : {}) };
    try {
      const report = await probeCluster(deps, topology, options, io.signal);
      await keepProbe(app.store, report);
      return report;
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      if (code === "HARBOR_UNREACHABLE") {
        await keepSilence(app.store, topology.name, message, app.clock.now());
      }
      throw thrown;
    }
  });
}

const READ_ONLY = "TIDELOCK_READ_ONLY is set: nothing is written to any Harbor";
