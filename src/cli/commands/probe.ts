import type { App } from "../../compose.ts";
import type { ProbeReport } from "../../cluster/report.ts";
import { AppError, toAppError } from "../../errors.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { failureLines } from "../render/failure.ts";
import { probesJson, verdictLines } from "../render/verdict.ts";
import { leftOut } from "./left-out.ts";
import { chosenClusters, probeTopology } from "./probes.ts";

export interface ProbeFlags {
  readonly form: "small" | "full";
  readonly rounds?: number;
}

type Outcome = ProbeReport | { readonly topology: string; readonly failure: AppError };

/** Proves of each cluster that every node serves what any node took, or names the fault. */
export async function probe(
  app: App,
  names: readonly string[],
  { form, rounds }: ProbeFlags,
  io: CliIo,
  { output }: GlobalFlags,
): Promise<number> {
  const clusters = chosenClusters(app, names);
  if (clusters.length === 0) {
    throw new AppError(
      "USAGE",
      "there is no cluster to probe: no topology of kind shared-storage is declared",
      {
        hint: "docs/clusters.md says how to declare one",
      },
    );
  }
  const wish = { form, ...(rounds === undefined ? {} : { limits: { rounds } }) };
  const outcomes: Outcome[] = [];
  for (const topology of clusters) {
    if (io.isStopping()) break;
    try {
      const report = await probeTopology(app, topology, wish, io);
      if (output === "table") verdictLines(report).forEach((line) => io.out(line));
      outcomes.push(report);
    } catch (thrown) {
      // One cluster that can't be probed stops no other.
      for (const line of failureLines(thrown, io.isTerminal)) io.err(line);
      outcomes.push({ topology: topology.name, failure: toAppError(thrown) });
    }
  }
  const stopped = leftOut(clusters, outcomes.length, io);
  outcomes.push(...stopped.map(([{ name }, failure]) => ({ topology: name, failure })));
  if (output === "json") io.out(JSON.stringify(probesJson(outcomes)));
  return exitOf(outcomes);
}

/** A cluster that could not be probed goes before one that is faulty. */
function exitOf(outcomes: readonly Outcome[]): number {
  if (outcomes.some((one) => "failure" in one)) return EXIT.error;
  return outcomes.every((one) => "verdict" in one && one.verdict.sound) ? EXIT.ok : EXIT.notInStep;
}
