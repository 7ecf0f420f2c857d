import type { App } from "../../compose.ts";
import { summary } from "../../cluster/summary.ts";
import { startDaemon } from "../../daemon/daemon.ts";
import { recordIncidents, recordTurn } from "../../reconcile/record-incidents.ts";
import type { SharedStorageTopology } from "../../topology/model.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags, ProgramIo } from "../io.ts";
import { healedTags } from "../render/pass.ts";
import { chosenTopologies, onePass } from "./passes.ts";
import { chosenClusters, probeTopology } from "./probes.ts";
import { DAEMON_LEASE, withLease } from "./with-lease.ts";

const PASS = { configure: true, compare: true, heal: true, dryRun: false, prune: false };

type DaemonIo = CliIo & Pick<ProgramIo, "stopped">;

/** All of it for ever: passes on schedule, when a registry returns and when executions fail, until it is told to stop. */
export async function daemon(app: App, io: DaemonIo, { output }: GlobalFlags): Promise<number> {
  await withLease(app, DAEMON_LEASE, () => runUntilStopped(app, io));
  if (output === "json") io.out(JSON.stringify({ stopped: true }));
  return EXIT.ok;
}

async function runUntilStopped(app: App, io: DaemonIo): Promise<void> {
  const topologies = chosenTopologies(app, undefined);
  const clusters = chosenClusters(app, undefined);
  const log = app.log;
  const running = startDaemon({
    topologies,
    settings: app.declared.settings,
    portOf: (name) => app.portOf(name),
    outages: app.store.outages,
    installation: app.installation,
    clock: app.clock,
    log,
    turned: (topology, registry) => recordTurn(app.store, topology, registry, app.clock.now()),
    pass: async (topology, reason) => {
      const of = log.child({ topology: topology.name });
      const tell = (sentence: string): void => of.info({}, sentence);
      const report = await onePass(app, topology, PASS, {
        err: tell,
        signal: io.signal,
        isStopping: () => io.isStopping(),
      });
      await recordIncidents(app.store, topology, report);
      const fields = {
        reason,
        verdict: report.verdict,
        healed: healedTags(report),
        warnings: report.warnings,
      };
      if (report.verdict === "in-step") of.info(fields, "pass ended");
      else of.warn(fields, "pass ended");
    },
    shared: { clusters, probe: (topology, form, signal) => probeAndTell(app, topology, form, signal) },
  });
  log.info({ topologies: [...topologies, ...clusters].map(({ name }) => name) }, "daemon started");
  await io.stopped;
  await running.stop();
  log.info({}, "daemon stopped");
}

/** One line a probe; of a paused cluster nobody is to be called. */
async function probeAndTell(
  app: App,
  topology: SharedStorageTopology,
  form: "small" | "full",
  signal: AbortSignal,
): Promise<void> {
  const log = app.log.child({ topology: topology.name });
  const err = (sentence: string): void => {
    if (sentence.startsWith("left behind: ")) log.warn({ form }, sentence);
    else log.debug({ form }, sentence);
  };
  const report = await probeTopology(app, topology, { form }, { err, signal });
  const isPaused = (await app.store.pauses.of(topology.name, app.clock.now())) !== undefined;
  const { verdict, visibility, requests, leftBehind, startedAt, finishedAt } = report;
  const fields = {
    form,
    sound: verdict.sound,
    faults: verdict.faults.map(({ name, nodes }) => ({ name, nodes })),
    untested: verdict.untested.map(({ name }) => name),
    p95Ms: visibility.p95Ms,
    requests,
    ms: finishedAt - startedAt,
    leftBehind,
  };
  if (verdict.sound || isPaused) log.info({ ...fields, paused: isPaused }, summary(report));
  else log.error(fields, summary(report));
}
