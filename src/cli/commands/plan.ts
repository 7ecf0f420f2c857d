import type { App } from "../../compose.ts";
import type { GuardName } from "../../plan/guards.ts";
import type { PassReport } from "../../reconcile/report.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { configurationJson, configurationLines } from "../render/configuration.ts";
import { failureJson } from "../render/failure.ts";
import { chosenTopologies, runPasses } from "./passes.ts";
import { undeclaredPlan, worstOf, type Undeclared } from "./prune.ts";

export interface PlanFlags {
  readonly only?: readonly string[];
  readonly prune?: boolean;
  readonly guard?: GuardName;
}

/** Configuration: declared against found. Writes nothing to any Harbor. */
export async function plan(app: App, flags: PlanFlags, io: CliIo, { output }: GlobalFlags): Promise<number> {
  const options = {
    configure: true,
    compare: false,
    heal: false,
    dryRun: true,
    prune: flags.prune === true,
    ...(flags.guard === undefined ? {} : { guard: flags.guard }),
  };
  const reports = await runPasses(app, chosenTopologies(app, flags.only), options, io);
  const { lines, exit } = await undeclaredOf(app, flags, io);
  if (output === "json") io.out(JSON.stringify({ topologies: reports.map(reportJson), undeclared: lines }));
  else [...reports.flatMap(reportLines), ...lines].forEach((line) => io.out(line));
  return worstOf(exitOf(reports), exit);
}

/** What is declared no longer belongs to no topology, so it is looked for only where all of them are. */
async function undeclaredOf(app: App, { only, prune }: PlanFlags, io: CliIo): Promise<Undeclared> {
  if (only !== undefined) return { lines: [], exit: EXIT.ok };
  if (!io.isStopping()) return await undeclaredPlan(app, prune === true, io.signal);
  io.err("stopped before what is declared no longer was looked for");
  return { lines: [], exit: EXIT.error };
}

function reportLines({ topology, configuration, unreachable, warnings }: PassReport): string[] {
  const unread = unreachable.map(
    ({ registry, error }) => `${topology}: ${registry} could not be read: ${error.message}`,
  );
  const notes = warnings.map((warning) => `${topology}: note: ${warning}`);
  return [
    ...unread,
    ...(configuration === undefined ? [] : configurationLines(topology, configuration)),
    ...notes,
  ];
}

function reportJson({
  topology,
  configuration,
  unreachable,
  warnings,
  failure,
}: PassReport): Record<string, unknown> {
  const unread = unreachable.map(({ registry, error }) => ({
    registry,
    code: error.code,
    message: error.message,
  }));
  return configuration === undefined
    ? { name: topology, unreachable: unread, ...failureJson(failure) }
    : { ...configurationJson(topology, configuration), unreachable: unread, warnings };
}

function exitOf(reports: readonly PassReport[]): number {
  if (reports.some(isBlind)) return EXIT.error;
  const settled = reports.every(({ configuration }) => configuration?.settled === true);
  return settled ? EXIT.ok : EXIT.notInStep;
}

/** A registry of which nothing, or not the configuration, could be read. */
function isBlind({ unreachable, failure, configuration }: PassReport): boolean {
  const unread = configuration?.plan.findings.some(({ kind }) => kind === "unread") === true;
  return unread || unreachable.length > 0 || failure !== undefined;
}
