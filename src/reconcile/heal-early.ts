import type { Finding } from "../parity/model.ts";
import { groupBy } from "../group-by.ts";
import { healContent, whyClosed, type HealedBefore, type HealingContext } from "./heal-content.ts";
import { findingsOf, type ContentReport, type PassReport } from "./report.ts";

export interface EarlyHealing {
  readonly remedies: PassReport["remedies"];
  readonly warnings: readonly string[];
  /** What the look at a part found, before anything was healed and after it. */
  readonly found: ContentReport;
  readonly left: ContentReport;
  readonly done: HealedBefore;
}

/** Remedies whose cost and harm depend on what they are told to bring; a whole run needs to know the whole. */
const BY_PART: ReadonlySet<string> = new Set(["auto", "scoped", "touch"]);

/** Whether healing may begin with a part. */
export function mayHealEarly(
  context: Parameters<typeof whyClosed>[0] & Pick<HealingContext, "remedy">,
): boolean {
  return BY_PART.has(context.remedy) && whyClosed(context) === undefined;
}

/**
 * Heals what evidence points at, before everything is listed: at a cost that depends on what changed, not on what there is. It is no proof; that is the
 * comparison of everything that follows, and that heals what is left. Deletions wait for that: whether they are far too many is seen from the whole alone.
 */
export async function healEarly(
  context: HealingContext,
  signal: AbortSignal,
  before?: HealedBefore,
): Promise<EarlyHealing | undefined> {
  const compare = async (when: AbortSignal): Promise<ContentReport> =>
    withoutDeletions(await context.compare(when));
  const found = await compare(signal);
  const named = findingsOf(found).filter(({ from }) => from !== undefined);
  if (named.length === 0) return undefined;
  const repositories = new Set(named.map(({ repository }) => repository)).size;
  context.tell(
    `healing begins with ${repositories} repositories that audit logs or failed executions name, before everything is listed`,
  );
  const { remedies, warnings, content, done } = await healContent(
    { ...context, compare },
    found,
    signal,
    before,
  );
  return { remedies, warnings, found, left: content, done };
}

function withoutDeletions(content: ContentReport): ContentReport {
  const left = (finding: Finding): Finding => {
    if (finding.remedy !== "delete") return finding;
    const { from, to, replay, remedy, ...rest } = finding;
    return rest;
  };
  const pairs = content.pairs.map((pair) => ({ ...pair, findings: pair.findings.map(left) }));
  return { ...content, pairs };
}

/** What was found in all, before anything was healed: what is gone from the whole comparison by now was healed early. */
export function withFoundEarly(whole: ContentReport, early: readonly EarlyHealing[]): ContentReport {
  return early.reduce((content, { found }) => withFindings(content, found, () => true), whole);
}

/** As much of a reading as must not be forgotten when the next one takes its place. */
export function onlyDisplaced(reading: ContentReport): ContentReport {
  const pairs = reading.pairs.map((pair) => ({
    ...pair,
    findings: pair.findings.filter(({ kind }) => kind === "displaced"),
  }));
  return { ...reading, pairs };
}

/** What was displaced is told of once, by whichever reading of a pass met it. */
export function withDisplacedOf(whole: ContentReport, readings: readonly ContentReport[]): ContentReport {
  return readings.reduce(
    (content, reading) => withFindings(content, reading, ({ kind }) => kind === "displaced"),
    whole,
  );
}

function withFindings(
  whole: ContentReport,
  more: ContentReport,
  isWanted: (finding: Finding) => boolean,
): ContentReport {
  const ofPairs = groupBy(more.pairs, ({ left, right }) => `${left}/${right}`);
  const pairs = whole.pairs.map((pair) => {
    const before = ofPairs.get(`${pair.left}/${pair.right}`)?.flatMap(({ findings }) => findings) ?? [];
    const known = new Set(pair.findings.map(subjectOf));
    const added = before.filter((one) => isWanted(one) && !known.has(subjectOf(one)));
    return { ...pair, findings: [...added, ...pair.findings] };
  });
  return { ...whole, pairs };
}

function subjectOf({ repository, tag }: Finding): string {
  return `${repository}:${tag}`;
}
