import type { App } from "../../compose.ts";
import type { PassReport } from "../../reconcile/report.ts";
import { bytesShareOf, type DepthFlags } from "../depth.ts";
import { exitOfLooking } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { contentJson, contentLines } from "../render/content.ts";
import { failureJson } from "../render/failure.ts";
import { shortDigest } from "../render/finding-line.ts";
import { chosenTopologies, runPasses } from "./passes.ts";

export interface DiffFlags extends DepthFlags {
  readonly only?: readonly string[];
  readonly all?: boolean;
  readonly stats?: boolean;
}

/** Content: one line a tag that is not in step. Writes nothing to any Harbor. */
export async function diff(app: App, flags: DiffFlags, io: CliIo, { output }: GlobalFlags): Promise<number> {
  const equal = flags.all === true && output === "table";
  const reports = await runPasses(
    app,
    chosenTopologies(app, flags.only),
    {
      configure: false,
      compare: true,
      heal: false,
      dryRun: true,
      prune: false,
      ...bytesShareOf(flags),
      ...(equal ? { onInStep: (...tag) => io.out(`  = ${tag[0]}:${tag[1]}  ${shortDigest(tag[2])}`) } : {}),
    },
    io,
  );
  if (output === "json") {
    io.out(JSON.stringify({ topologies: reports.map((report) => reportJson(report, flags.stats === true)) }));
  } else {
    reports.flatMap((report) => reportLines(report, flags.stats === true)).forEach((line) => io.out(line));
  }
  return exitOfLooking(reports);
}

function reportLines(report: PassReport, stats: boolean): string[] {
  const { topology, content } = report;
  if (content === undefined) return [];
  const costs = content.pairs.map(
    ({ left, right, requests, tags }) =>
      `  cost: ${requests.left} requests to ${left}, ${requests.right} to ${right}, for ${tags} tags`,
  );
  return [...contentLines(topology, content, report.finishedAt), ...(stats ? costs : [])];
}

function reportJson({ topology, content, failure }: PassReport, stats: boolean): Record<string, unknown> {
  if (content === undefined) return { name: topology, verdict: "unread", ...failureJson(failure) };
  const cost = content.pairs.map(({ left, right, requests }) => ({
    [left]: requests.left,
    [right]: requests.right,
  }));
  return { ...contentJson(topology, content), ...(stats ? { requests: cost } : {}) };
}
