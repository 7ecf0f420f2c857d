import type { RemedyOutcome } from "../../heal/outcome.ts";
import {
  countFindings,
  findingsOf,
  lagOf,
  type ContentReport,
  type PassReport,
} from "../../reconcile/report.ts";
import { configurationJson, configurationLines } from "./configuration.ts";
import { contentJson, contentLines } from "./content.ts";
import { durationText } from "./duration-text.ts";
import { failureJson } from "./failure.ts";

/** What was found before healing is told again remedy by remedy. */
const FOUND_SHOWN = 20;

/** A whole pass for people: what could not be reached, was configured, found, healed, and the verdict last. */
export function passLines(report: PassReport): string[] {
  const { topology, configuration, content, before } = report;
  const healed = before !== undefined && content !== before;
  return [
    ...report.unreachable.map(
      ({ registry, error }) => `${topology}: ${registry} could not be read: ${error.message}`,
    ),
    ...(configuration === undefined ? [] : configurationLines(topology, configuration)),
    ...(healed
      ? [
          `${topology}: found before healing:`,
          ...contentLines(topology, before, report.finishedAt, FOUND_SHOWN),
        ]
      : []),
    ...report.remedies.map(remedyLine),
    ...(content === undefined ? [] : contentLines(topology, content, report.finishedAt)),
    ...report.warnings.map((warning) => `${topology}: note: ${warning}`),
    verdictLine(report),
  ];
}

function remedyLine({ remedy, result, arrived, reason }: RemedyOutcome): string {
  const count = `${arrived} of ${remedy.tags.length} there`;
  const why = reason === undefined ? "" : `: ${reason}`;
  return `  ${result}: ${remedy.from} → ${remedy.to} ${subjectOf(remedy)} (${remedy.kind}, ${count})${why}`;
}

const TAGS_SHOWN = 5;

function subjectOf(remedy: RemedyOutcome["remedy"]): string {
  if (!("repository" in remedy)) return "everything";
  const names = remedy.tags.slice(0, TAGS_SHOWN).map(({ tag }) => tag);
  const more = remedy.tags.length - names.length;
  return `${remedy.repository}:${names.join(",")}${more > 0 ? ` and ${more} more` : ""}`;
}

function verdictLine(report: PassReport): string {
  if (report.failure !== undefined)
    return `${report.topology}: could not be judged: ${report.failure.message}`;
  const took = durationText(report.finishedAt - report.startedAt);
  if (report.content === undefined)
    return `${report.topology}: ${report.verdict} (configuration only, ${took})`;
  const words = {
    "in-step": "in step and proven",
    "not-in-step": "not in step",
    error: "could not be judged",
  };
  return `${report.topology}: ${words[report.verdict]} (${took})`;
}

/** The stable form for scripts and for the store. */
export function passJson(report: PassReport): Record<string, unknown> {
  const { topology, configuration, content, before } = report;
  return {
    name: topology,
    kind: report.kind,
    verdict: report.verdict,
    proven: report.proven,
    startedAt: new Date(report.startedAt).toISOString(),
    finishedAt: new Date(report.finishedAt).toISOString(),
    unreachable: report.unreachable.map(({ registry, error }) => ({
      registry,
      code: error.code,
      message: error.message,
      hint: error.hint ?? null,
    })),
    configuration: configuration === undefined ? null : configurationJson(topology, configuration),
    before: before === undefined ? null : countFindings(findingsOf(before)),
    content: content === undefined ? null : contentJson(topology, content),
    lag: content === undefined ? null : lagJson(content),
    healed: healedTags(report),
    remedies: report.remedies.map(({ remedy, result, arrived, reason }) => ({
      kind: remedy.kind,
      from: remedy.from,
      to: remedy.to,
      repository: "repository" in remedy ? remedy.repository : null,
      tags: remedy.tags.length,
      arrived,
      result,
      reason: reason ?? null,
    })),
    warnings: report.warnings,
    ...failureJson(report.failure),
  };
}

/** After a big gap the findings would fill the store; `diff` shows all of them at any time. */
const FINDINGS_KEPT = 200;

/** The form for the store, with the first findings of each pair only. */
export function keptJson(report: PassReport): Record<string, unknown> {
  const { content } = report;
  if (content === undefined) return passJson(report);
  const pairs = content.pairs.map((pair) => ({ ...pair, findings: pair.findings.slice(0, FINDINGS_KEPT) }));
  return {
    ...passJson({ ...report, content: { ...content, pairs } }),
    lag: lagJson(content),
    counts: countFindings(findingsOf(content)),
  };
}

function lagJson(content: ContentReport): Record<string, unknown> {
  const { tags, oldestAt } = lagOf(content);
  return { tags, oldestAt: oldestAt === undefined ? null : new Date(oldestAt).toISOString() };
}

/** Tags that were brought over and found on the target afterwards. */
export function healedTags({ remedies }: Pick<PassReport, "remedies">): number {
  return remedies.reduce((sum, { arrived }) => sum + arrived, 0);
}
