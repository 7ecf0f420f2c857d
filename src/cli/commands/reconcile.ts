import type { App } from "../../compose.ts";
import type { GuardName } from "../../plan/guards.ts";
import type { PassOptions } from "../../reconcile/pass.ts";
import type { PassReport } from "../../reconcile/report.ts";
import type { RemedyChoice } from "../../topology/model.ts";
import { bytesShareOf, type DepthFlags } from "../depth.ts";
import { EXIT, exitOfPasses } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { passJson, passLines } from "../render/pass.ts";
import { chosenTopologies, runPasses } from "./passes.ts";
import { pruneUndeclared, worstOf, type Undeclared } from "./prune.ts";

export interface ReconcileFlags extends DepthFlags {
  readonly only?: readonly string[];
  readonly dryRun?: boolean;
  /** Commander's form of `--no-heal`. */
  readonly heal?: boolean;
  readonly remedy?: RemedyChoice;
  readonly prune?: boolean;
  readonly guard?: GuardName;
}

/** The one-shot: configure, compare, heal, prove. */
export async function reconcile(
  app: App,
  flags: ReconcileFlags,
  io: CliIo,
  global: GlobalFlags,
): Promise<number> {
  const topologies = chosenTopologies(app, flags.only);
  const options = optionsOf(app, flags, true);
  const pruned = await pruneUndeclared(app, options, flags.only === undefined, io);
  const reports = await runPasses(app, topologies, options, io);
  return print(reports, pruned, io, global);
}

/** Content only: configuration stays as it is. */
export async function heal(app: App, flags: ReconcileFlags, io: CliIo, global: GlobalFlags): Promise<number> {
  const reports = await runPasses(app, chosenTopologies(app, flags.only), optionsOf(app, flags, false), io);
  return print(reports, { lines: [], exit: EXIT.ok }, io, global);
}

/** While nothing may be written, what is asked for is a dry run. */
function optionsOf({ readOnly }: App, flags: ReconcileFlags, configure: boolean): PassOptions {
  return {
    configure,
    compare: true,
    heal: flags.heal !== false,
    dryRun: flags.dryRun === true || readOnly,
    prune: flags.prune === true,
    ...bytesShareOf(flags),
    ...(flags.guard === undefined ? {} : { guard: flags.guard }),
    ...(flags.remedy === undefined ? {} : { remedy: flags.remedy }),
  };
}

function print(
  reports: readonly PassReport[],
  pruned: Undeclared,
  io: CliIo,
  { output }: GlobalFlags,
): number {
  if (output === "json") io.out(JSON.stringify({ topologies: reports.map(passJson), pruned: pruned.lines }));
  else [...pruned.lines, ...reports.flatMap(passLines)].forEach((line) => io.out(line));
  return io.isStopping() ? EXIT.error : worstOf(pruned.exit, exitOfPasses(reports));
}
