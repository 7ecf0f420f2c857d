import type { App } from "../../compose.ts";
import { type AppError, toAppError } from "../../errors.ts";
import { readKeptProbe, type KeptProbe } from "../../probe/probe-json.ts";
import { shortestPeriodMs } from "../../topology/cron-period.ts";
import type { SharedStorageTopology } from "../../topology/model.ts";
import { judgeCluster, type ClusterHealth } from "../cluster-health.ts";
import type { CliIo } from "../io.ts";
import { probeTopology } from "./probes.ts";

/** A probe is believed for as many periods of the small form. */
const PERIODS = 3;
/** Somebody else's probe is waited for as long; a full one takes longer, and the last one has to do then. */
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 250;

/** How a cluster is: by the last probe while it is young, else by a small one of our own, or by the one that somebody else is at. */
export async function clusterHealth(
  app: App,
  topology: SharedStorageTopology,
  io: CliIo,
): Promise<ClusterHealth> {
  const { name, probe } = topology;
  const youngest = app.clock.now() - PERIODS * shortestPeriodMs(probe.small);
  let failure: AppError | undefined;
  let kept = await lastProbe(app, name);
  if (kept === undefined || kept.at < youngest) {
    try {
      kept = (await probeNow(app, topology, io)) ?? kept;
    } catch (thrown) {
      failure = toAppError(thrown);
    }
  }
  const open = await app.store.incidents.openOf(name);
  return judgeCluster({
    name,
    probe: kept,
    standing: open.filter(({ kind }) => kind === "fault").map(({ subject }) => subject),
    failure,
    pause: await app.store.pauses.of(name, app.clock.now()),
    visibleWithinMs: probe.visibleWithinMs,
  });
}

type Kept = KeptProbe & { readonly at: number };

/** Undefined where somebody else was at it for so long that nothing came of it. */
async function probeNow(app: App, topology: SharedStorageTopology, io: CliIo): Promise<Kept | undefined> {
  const begun = app.clock.now();
  const quiet = { err: () => undefined, signal: io.signal };
  while (app.clock.now() - begun <= PATIENCE_MS) {
    try {
      await probeTopology(app, topology, { form: "small" }, quiet);
      return await lastProbe(app, topology.name);
    } catch (thrown) {
      if (toAppError(thrown).code !== "ALREADY_RUNNING") throw thrown;
    }
    await app.clock.sleep(LOOK_EVERY_MS, io.signal);
    const theirs = await lastProbe(app, topology.name);
    if (theirs !== undefined && theirs.at >= begun) return theirs;
  }
  return undefined;
}

async function lastProbe({ store }: App, name: string): Promise<Kept | undefined> {
  const pass = await store.passes.latest(name);
  const probe = readKeptProbe(pass?.report);
  return pass === undefined || probe === undefined ? undefined : { ...probe, at: pass.at };
}
