import { compareBytes, type InStepTag } from "../bytes/compare-bytes.ts";
import { isSampled, roundAt } from "../bytes/sample.ts";
import type { PairComparison } from "../catalog/compare-pair.ts";
import type { InStepListener } from "../catalog/compare-project.ts";
import type { Clock } from "../clock.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { RemedyOutcome } from "../heal/outcome.ts";
import type { VerifiedFlow } from "../heal/verify-healed.ts";
import type { Side } from "../parity/model.ts";
import type { RegistryV2Port } from "../registry-v2/port.ts";
import type { Pair } from "../topology/flows.ts";
import type { RegistryName } from "../topology/model.ts";
import type { ContentReport } from "./report.ts";

/** How much of what is in step is read byte by byte. */
export interface BytesDepth {
  /** Of all images: more than 0, at most 1. */
  readonly share: number;
  readonly clock: Clock;
  distributionOf(name: RegistryName): RegistryV2Port;
}

/** What belongs to the sample of today, gathered while a pair is compared. */
export interface Gathered {
  /** For the comparison; empty where nobody has to be told. */
  readonly listening: { readonly onInStep?: InStepListener };
  readonly tags: readonly InStepTag[];
}

/** Gathers what is to be read, and tells `also` of everything. Without a depth nothing is gathered. */
export function gather(depth: BytesDepth | undefined, also: InStepListener | undefined): Gathered {
  if (depth === undefined) return { listening: also === undefined ? {} : { onInStep: also }, tags: [] };
  const tags: InStepTag[] = [];
  const sample = { share: depth.share, round: roundAt(depth.clock.now()) };
  const onInStep: InStepListener = (repository, tag, digest) => {
    also?.(repository, tag, digest);
    if (isSampled(digest, sample)) tags.push({ repository, tag, digest });
  };
  return { listening: { onInStep }, tags };
}

/** Reads the bytes of what was gathered, and adds what is found to the comparison. Without a depth, or when a side does not know us, nothing is read. */
export async function withBytes(
  depth: BytesDepth | undefined,
  pair: Pair,
  ports: Readonly<Record<Side, HarborPort>>,
  { comparison, tags }: { readonly comparison: PairComparison; readonly tags: readonly InStepTag[] },
  signal: AbortSignal,
): Promise<PairComparison> {
  if (depth === undefined || comparison.unread.some(({ subject }) => subject === "**")) return comparison;
  const source = (side: Side): { distribution: RegistryV2Port; clock: Clock } => ({
    distribution: depth.distributionOf(pair[side]),
    clock: depth.clock,
  });
  const sources = { left: source("left"), right: source("right") };
  const counts = (): number[] => [sources.left, sources.right].map((one) => one.distribution.requestCount());
  const before = counts();
  const { findings, unread, images } = await compareBytes({ names: pair, ports, sources }, tags, {}, signal);
  const [left = 0, right = 0] = counts().map((count, at) => count - (before[at] ?? 0));
  return {
    ...added(comparison, findings, unread),
    requests: { left: comparison.requests.left + left, right: comparison.requests.right + right },
    bytes: { share: depth.share, images, tags: tags.length },
  };
}

/** What healed images were found to lack in this pass, without those that a copy has brought since. */
export function stillLacking(
  before: readonly VerifiedFlow[],
  outcomes: readonly RemedyOutcome[],
  verified: readonly VerifiedFlow[],
): readonly VerifiedFlow[] {
  const copied = new Set(
    outcomes.flatMap(({ remedy, result }) =>
      remedy.kind === "copy" && result === "arrived"
        ? remedy.tags.map(({ tag }) => `${remedy.to} ${remedy.repository}:${tag}`)
        : [],
    ),
  );
  const left = before.map((flow) => ({
    ...flow,
    unread: [],
    findings: flow.findings.filter(
      ({ to, repository, tag }) => !copied.has(`${to ?? ""} ${repository}:${tag}`),
    ),
  }));
  return [...left, ...verified];
}

/** Adds what was found when the bytes of healed images were read, unless the comparison says it already. */
export function withHealedBytes(content: ContentReport, verified: readonly VerifiedFlow[]): ContentReport {
  const pairs = content.pairs.map((pair) => {
    const own = verified.filter(
      ({ from, to }) => [pair.left, pair.right].includes(from) && [pair.left, pair.right].includes(to),
    );
    const known = new Set(pair.findings.map(({ repository, tag }) => `${repository}:${tag}`));
    const findings = own
      .flatMap((one) => one.findings)
      .filter(({ repository, tag }) => !known.has(`${repository}:${tag}`));
    return added(
      pair,
      findings,
      own.flatMap(({ unread }) => unread),
    );
  });
  return { ...content, pairs };
}

function added(
  pair: PairComparison,
  findings: PairComparison["findings"],
  unread: PairComparison["unread"],
): PairComparison {
  return {
    ...pair,
    findings: [...pair.findings, ...findings],
    unread: [...pair.unread, ...unread],
    inStep: pair.inStep - findings.length,
  };
}
