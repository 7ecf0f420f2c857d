import type { Visibility } from "../../cluster/evidence.ts";
import type { Fault } from "../../cluster/faults.ts";
import type { ProbeReport } from "../../cluster/report.ts";
import { summary } from "../../cluster/summary.ts";
import type { AppError } from "../../errors.ts";
import { probeJson } from "../../probe/probe-json.ts";
import { failureJson } from "./failure.ts";

/** What one probe came to, for people: the verdict first, then each fault with its evidence, then what is not known. */
export function verdictLines(report: ProbeReport): string[] {
  const { verdict, visibility, leftBehind, evidence, requests, startedAt, finishedAt } = report;
  const seconds = ((finishedAt - startedAt) / 1000).toFixed(1);
  return [
    summary(report),
    ...verdict.faults.flatMap(faultLines),
    ...verdict.untested.map(
      ({ name, nodes, reason }) => `  ? ${name}${atNodes(nodes)} is not tested: ${reason}`,
    ),
    ...visibilityLines(visibility),
    ...verdict.notes.map((note) => `  note: ${note}`),
    ...leftBehind.map((what) => `  left behind: ${what}`),
    `  ${evidence.form} form, ${evidence.nodes.length} nodes, ${requests} requests in ${seconds} s`,
  ];
}

function faultLines({ name, nodes, confidence, sentence, evidence, look }: Fault): string[] {
  return [
    `  ! ${name}${atNodes(nodes)} (${confidence}): ${sentence}`,
    ...evidence.map((text) => `      seen: ${text}`),
    ...look.map((text) => `      look: ${text}`),
  ];
}

function visibilityLines({ checks, never, minMs, medianMs, p95Ms, maxMs }: Visibility): string[] {
  if (checks === 0) return [];
  const lost = never === 0 ? "" : `, ${never} of ${checks} never`;
  if (medianMs === undefined) return [`  visible on other nodes: never in ${checks} checks`];
  const figures = [
    ["min", minMs],
    ["median", medianMs],
    ["p95", p95Ms],
    ["max", maxMs],
  ] as const;
  const text = figures.map(([what, ms]) => `${what} ${Math.round(ms ?? 0)} ms`).join(", ");
  return [`  visible on other nodes after: ${text}${lost}`];
}

function atNodes(nodes: readonly string[]): string {
  return nodes.length === 0 ? "" : ` at ${nodes.join(", ")}`;
}

/** The stable form of several probes for scripts; one that could not be made has `sound: null` and its `failure`. */
export function probesJson(
  probes: readonly (ProbeReport | { readonly topology: string; readonly failure: AppError })[],
): Record<string, unknown> {
  return {
    topologies: probes.map((one) =>
      "failure" in one
        ? { name: one.topology, sound: null, faults: [], untested: [], ...failureJson(one.failure) }
        : probeJson(one),
    ),
  };
}
