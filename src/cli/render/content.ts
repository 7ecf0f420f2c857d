import type { PairComparison } from "../../catalog/compare-pair.ts";
import { countFindings, findingsOf, isInStep, unreadOf, type ContentReport } from "../../reconcile/report.ts";
import { durationText } from "./duration-text.ts";
import { findingLine } from "./finding-line.ts";

/** The comparison of every pair: a heading, a line a finding (`most` of them at the most), and what could not be read. */
export function contentLines(
  topology: string,
  content: ContentReport,
  now: number,
  most = Infinity,
): string[] {
  return [
    ...content.pairs.flatMap((pair) => pairLines(topology, pair, now, most)),
    ...content.warnings.map((warning) => `  note: ${warning}`),
  ];
}

function pairLines(topology: string, pair: PairComparison, now: number, most: number): string[] {
  const age = durationText(now - pair.readAt);
  return [
    `${topology}: ${pair.left} | ${pair.right}: ${pairVerdict(pair)} (depth ${depthText(pair)}, read ${age} ago)`,
    ...pair.findings.slice(0, most).map((finding) => `  ${findingLine(finding, pair)}`),
    ...(pair.findings.length > most ? [`  … and ${pair.findings.length - most} more`] : []),
    ...pair.unread.map(({ registry, subject, error }) => `  ? ${subject} on ${registry}: ${error.message}`),
  ];
}

/** How deep a comparison looked: at tags and their digests, or at the bytes behind some of them too. */
function depthText({ bytes }: PairComparison): string {
  if (bytes === undefined) return "digest";
  const share = bytes.share === 1 ? "all" : `a sample of ${Number((bytes.share * 100).toPrecision(4))} %`;
  return `bytes: ${share}, ${bytes.images} images of ${bytes.tags} tags read`;
}

function pairVerdict(pair: PairComparison): string {
  if (pair.unread.some(({ subject }) => subject === "**")) return "unread";
  const counts = countsText(pair);
  const open = pair.findings.some(({ notice }) => !notice) || pair.unread.length > 0;
  const young = pair.findings.filter(({ kind }) => kind === "in-flight").length;
  const verdict = open ? "not in step" : young > 0 ? `in step except ${young} in flight` : "in step";
  return `${verdict}, ${pair.inStep} of ${pair.tags} tags equal${counts === "" ? "" : `; ${counts}`}`;
}

function countsText(pair: PairComparison): string {
  return Object.entries(countFindings(pair.findings))
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}

/** The stable form for scripts: `diff --output json` has one of these a topology. */
export function contentJson(name: string, content: ContentReport): Record<string, unknown> {
  return {
    name,
    verdict: verdictWord(content),
    ...depthJson(content),
    readAt: readAt(content),
    counts: countFindings(findingsOf(content)),
    tags: content.pairs.reduce((sum, { tags }) => sum + tags, 0),
    inStep: content.pairs.reduce((sum, { inStep }) => sum + inStep, 0),
    findings: content.pairs.flatMap(({ left, right, findings }) =>
      findings.map((f) => ({
        kind: f.kind,
        repository: f.repository,
        tag: f.tag,
        left: f.left ?? null,
        right: f.right ?? null,
        base: f.base ?? null,
        from: f.from ?? null,
        to: f.to ?? null,
        reason: f.reason,
        notice: f.notice,
        pair: [left, right],
      })),
    ),
    unread: unreadOf(content).map(({ registry, subject, error }) => ({
      registry,
      subject,
      code: error.code,
      message: error.message,
    })),
  };
}

/** `sampled` is null where no bytes were read. */
function depthJson({ pairs }: ContentReport): Record<string, unknown> {
  const read = pairs.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]));
  const [first] = read;
  if (first === undefined) return { depth: "digest", sampled: null };
  const sum = (of: "images" | "tags"): number => read.reduce((total, one) => total + one[of], 0);
  return { depth: "bytes", sampled: { share: first.share, images: sum("images"), tags: sum("tags") } };
}

function verdictWord(content: ContentReport): string {
  if (isInStep(content)) return "in-step";
  return unreadOf(content).length > 0 && findingsOf(content).length === 0 ? "unread" : "not-in-step";
}

function readAt({ pairs }: ContentReport): string | null {
  const first = Math.min(...pairs.map((pair) => pair.readAt));
  return Number.isFinite(first) ? new Date(first).toISOString() : null;
}
