import type { App } from "../../compose.ts";
import type { Instant } from "../../clock.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { PassDeps } from "../../reconcile/pass-deps.ts";
import { heldBack } from "../../reconcile/held-back.ts";
import { runPass, type PassOptions } from "../../reconcile/pass.ts";
import { recordIncidents } from "../../reconcile/record-incidents.ts";
import { recordReach } from "../../reconcile/record-reach.ts";
import { unreadOf, type PassReport } from "../../reconcile/report.ts";
import type { Pause } from "../../store/store.ts";
import { isReplicated } from "../../topology/flows.ts";
import type { RegistryName, ReplicatedTopology, Topology, TopologyName } from "../../topology/model.ts";
import type { CliIo } from "../io.ts";
import { failureLines } from "../render/failure.ts";
import { keptJson } from "../render/pass.ts";
import { leftOut } from "./left-out.ts";
import { withLease } from "./with-lease.ts";

/** The replicated topologies to work on: all, or those that were named. */
export function chosenTopologies(app: App, only: readonly TopologyName[] | undefined): ReplicatedTopology[] {
  const all = app.declared.topologies.filter(isReplicated);
  if (only === undefined || only.length === 0) return all;
  return only.map((name) => {
    const found = all.find((topology) => topology.name === name);
    if (found !== undefined) return found;
    if (app.declared.topologies.some((topology) => topology.name === name)) {
      throw new AppError("USAGE", `${name} is a cluster over shared storage, which nothing replicates`, {
        hint: `its nodes are probed: tidelock probe ${name}`,
      });
    }
    throw new AppError("USAGE", `no replicated topology is called ${name}`, {
      hint: `declared are: ${all.map((topology) => topology.name).join(", ") || "none that replicate"}`,
    });
  });
}

/** Topologies of every kind: all, or those that were named. */
export function chosenOfAll(
  { declared: { topologies } }: App,
  only: readonly TopologyName[] | undefined,
): readonly Topology[] {
  if (only === undefined || only.length === 0) return topologies;
  return only.map((name) => {
    const found = topologies.find((topology) => topology.name === name);
    if (found !== undefined) return found;
    throw new AppError("USAGE", `no topology is called ${name}`, {
      hint: `declared are: ${topologies.map((topology) => topology.name).join(", ")}`,
    });
  });
}

/**
 * One pass over each topology, one after the other; one that was stopped before has a report too, of a failure. Passes that may write hold the
 * lease of their topology.
 */
export async function runPasses(
  app: App,
  topologies: readonly ReplicatedTopology[],
  options: PassOptions,
  io: CliIo,
): Promise<PassReport[]> {
  if (topologies.length === 0)
    io.err("nothing declared replicates; clusters over shared storage are probed: tidelock probe");
  const reports: PassReport[] = [];
  for (const topology of topologies) {
    if (io.isStopping()) break;
    reports.push(await passOrFailure(app, topology, options, io));
  }
  const now = app.clock.now();
  const failed = leftOut(topologies, reports.length, io);
  return [...reports, ...failed.map(([topology, failure]) => failedPass(topology, failure, now, now))];
}

/**
 * One pass of a command; what ends it before its end is told and kept in the report, so that it stops no other topology. A registry that could
 * not be read is told once, and not asked again by this command.
 */
export async function passOrFailure(
  app: App,
  topology: ReplicatedTopology,
  options: PassOptions,
  io: CliIo,
): Promise<PassReport> {
  const startedAt = app.clock.now();
  try {
    const report = await onePass(app, topology, options, io);
    giveUp(app, report, io);
    if (!options.dryRun) {
      await recordReach(app.store.outages, topology, report);
      await recordIncidents(app.store, topology, report);
    }
    return report;
  } catch (thrown) {
    for (const line of failureLines(thrown, io.isTerminal)) io.err(line);
    return failedPass(topology, toAppError(thrown), startedAt, app.clock.now());
  }
}

function giveUp({ givenUp }: App, report: PassReport, io: CliIo): void {
  for (const [registry, error] of whyUnread(report)) {
    if (!givenUp.has(registry)) failureLines(error, io.isTerminal).forEach((line) => io.err(line));
  }
  for (const { registry, error } of report.unreachable) givenUp.set(registry, error);
}

/** One reason a registry, the one that explains most: not reached at all, its configuration not read, some of its content not read. */
function whyUnread({ unreachable, configuration, content }: PassReport): Map<RegistryName, AppError> {
  const unplanned = configuration?.plan.findings.flatMap((one) => (one.kind === "unread" ? [one] : [])) ?? [];
  const reasons = [...unreachable, ...unplanned, ...unreadOf(content)];
  return new Map(reasons.toReversed().map(({ registry, error }) => [registry, error]));
}

function failedPass(
  { name, kind }: ReplicatedTopology,
  failure: AppError,
  startedAt: Instant,
  finishedAt: Instant,
): PassReport {
  const nothing = { unreachable: [], remedies: [], warnings: [], proven: false };
  return { topology: name, kind, startedAt, finishedAt, ...nothing, verdict: "error", failure };
}

/** One pass over one topology; a paused one, and every one while nothing may be written, is only looked at. */
export async function onePass(
  app: App,
  declared: ReplicatedTopology,
  options: PassOptions,
  io: Pick<CliIo, "err" | "signal" | "isStopping">,
): Promise<PassReport> {
  const pauseNow = (): Promise<Pause | undefined> => app.store.pauses.of(declared.name, app.clock.now());
  const { topology, notes } = heldBack(declared, { pause: await pauseNow(), readOnly: app.readOnly });
  const noted = (report: PassReport): PassReport =>
    notes.length === 0 ? report : { ...report, warnings: [...notes, ...report.warnings] };
  let pausedMeanwhile = false;
  const deps = (beforeWrite: PassDeps["beforeWrite"]): PassDeps => ({
    ...app,
    portOf: (name) => app.portOf(name),
    distributionOf: (name) => app.distributionOf(name),
    beforeWrite,
    isStopping: () => io.isStopping() || pausedMeanwhile,
    tell: (sentence) => io.err(sentence),
  });
  if (options.dryRun) return noted(await runPass(topology, deps(refuseToWrite), options, io.signal));
  return withLease(app, topology.name, async (stillOurs) => {
    // A pause that begins now lets what is at hand be finished, since its cleaning up is a write too, and nothing new be begun.
    const beforeWrite = async (): Promise<void> => {
      await stillOurs();
      pausedMeanwhile ||= (await pauseNow()) !== undefined;
    };
    const report = noted(await runPass(topology, deps(beforeWrite), options, io.signal));
    await app.store.passes.save({ topology: topology.name, at: report.finishedAt, report: keptJson(report) });
    return report;
  });
}

function refuseToWrite(): Promise<void> {
  return Promise.reject(new AppError("BUG", "a pass that was only to look was about to write"));
}
